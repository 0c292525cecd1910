import type { APIGatewayProxyEvent } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { printScope } from '../../api/scopes';
import { callerOf } from './caller';

afterEach(() => vi.unstubAllEnvs());

function callerBy(auth: string, requestContext: object, scopes = 'list sign:a/') {
  vi.stubEnv('AUTH', auth);
  vi.stubEnv('SCOPES', scopes);
  const { who, scopes: has } = callerOf({ requestContext } as Pick<APIGatewayProxyEvent, 'requestContext'>);
  return [who, has.map(printScope).join(' ')];
}

describe('the caller', () => {
  it.each([
    ['apiKey', { identity: { apiKeyId: 'key-1', userArn: null } }, 'key-1'],
    ['iam', { identity: { userArn: 'arn:aws:iam::1:user/ann' } }, 'arn:aws:iam::1:user/ann'],
    ['none', { identity: {} }, 'anonymous'],
  ])('names who called by %s, with the scopes of the API', (auth, context, who) => {
    expect(callerBy(auth, context)).toEqual([who, 'list sign:a/']);
  });

  it('takes the scopes of a token, and those alone', () => {
    const authorizer = { principalId: 'ann', scopes: 'openid upload:a/;max=60' };
    expect(callerBy('jwt', { authorizer, identity: {} })).toEqual(['ann', 'upload:a/;max=60']);
    expect(callerBy('jwt', { authorizer: { principalId: 'ann' }, identity: {} })).toEqual(['ann', '']);
  });

  it.each([
    ['apiKey', { identity: { apiKeyId: undefined } }],
    ['apiKey', { identity: { apiKeyId: '' } }],
    ['iam', { identity: { userArn: null } }],
    ['jwt', { authorizer: null, identity: {} }],
    ['', { identity: { apiKeyId: 'key-1' } }],
    ['toString', { identity: { apiKeyId: 'key-1' } }],
  ])('lets nobody in by AUTH=%s when API Gateway names no such caller', (auth, context) => {
    expect(() => callerBy(auth, context)).toThrow('names no caller');
  });
});
