import { describe, expect, test } from 'vitest';
import type { AppliedResource } from './cloudformation/resource-type';
import { tokenSettings } from './jwt-authorizer';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:authorizer';
const JWT = { JWT_ISSUER: 'https://issuer.example.com', JWT_AUDIENCE: 'edgepass', JWT_SCOPES_CLAIM: 'permissions' };
const AUTHORIZER = {
  type: 'AWS::ApiGateway::Authorizer',
  properties: { AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${ARN}/invocations` },
};

const functionWith = (Variables: object, Arn = ARN): object => ({
  type: 'AWS::Lambda::Function',
  properties: { Environment: { Variables } },
  attributes: { Arn },
});

const settingsOf = (...resources: object[]) =>
  tokenSettings(
    new Map(
      resources.map((resource, index) => [
        String(index),
        { physicalId: '', attributes: {}, ...resource } as AppliedResource,
      ]),
    ),
  );

describe("the JWT authorizer's settings", () => {
  test('finds what the authorizer’s function asks of a token', () => {
    expect(settingsOf(functionWith({}, `${ARN}-2`), functionWith(JWT), AUTHORIZER)).toEqual({
      issuer: 'https://issuer.example.com',
      audience: 'edgepass',
      scopesClaim: 'permissions',
    });
  });

  test('takes the claim scope where none is named', () => {
    const { JWT_SCOPES_CLAIM: _claim, ...variables } = JWT;
    expect(settingsOf(functionWith(variables), AUTHORIZER)?.scopesClaim).toBe('scope');
  });

  test.each([
    ['an authorizer', [functionWith(JWT)]],
    ['an authorizer that asks that function', [functionWith(JWT, `${ARN}-2`), AUTHORIZER]],
    ['an authorizer for tokens', [functionWith({ USERS: 'ann' }), AUTHORIZER]],
  ])('finds nothing in a stack without %s', (_what, resources) => {
    expect(settingsOf(...resources)).toBeUndefined();
  });
});
