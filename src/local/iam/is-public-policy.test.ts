import { describe, expect, it } from 'vitest';
import { isPublicPolicy } from './is-public-policy';
import type { PolicyStatement } from './policy-document';

const anybody: PolicyStatement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' };

describe('a public policy', () => {
  it.each<[string, PolicyStatement, boolean]>([
    ['everybody', anybody, true],
    ['AWS: *', { ...anybody, Principal: { AWS: '*' } }, true],
    ['everybody but one', { ...anybody, Principal: undefined, NotPrincipal: { AWS: 'a' } } as never, true],
    ['everybody over TLS', { ...anybody, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, true],
    ['any address', { ...anybody, Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }, true],
    ['one range', { ...anybody, Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }, false],
    ['one account', { ...anybody, Condition: { StringEquals: { 'aws:PrincipalAccount': '1' } } }, false],
    ['a service', { ...anybody, Principal: { Service: 'cloudfront.amazonaws.com' } }, false],
    ['a denial for everybody', { ...anybody, Effect: 'Deny' }, false],
  ])('a policy that allows %s is public: %s', (_title, statement, expected) => {
    expect(isPublicPolicy({ Statement: [statement] })).toBe(expected);
  });
});
