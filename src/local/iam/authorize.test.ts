import { describe, expect, it } from 'vitest';
import { AccessDeniedError, type AuthorizationRequest, authorize } from './authorize';
import type { PolicyDocument, PolicyStatement } from './policy-document';
import type { Principal } from './principal';

const document = (...Statement: PolicyStatement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const allow = (Action: string | string[], Resource: string | string[], rest: object = {}): PolicyStatement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...rest,
});

function role(...statements: PolicyStatement[]): Principal {
  return {
    kind: 'assumed-role',
    arn: 'arn:aws:sts::000000000000:assumed-role/Lister/f',
    roleArn: 'arn:aws:iam::000000000000:role/Lister',
    accountId: '000000000000',
    identityPolicies: [document(...statements)],
  };
}

const cloudFront = (sourceArn: string): Principal => ({
  kind: 'service',
  arn: 'cloudfront.amazonaws.com',
  accountId: '000000000000',
  sourceArn,
  identityPolicies: [],
});

const list = (principal: Principal, rest: Partial<AuthorizationRequest> = {}): AuthorizationRequest => ({
  principal,
  action: 's3:ListBucket',
  resource: 'arn:aws:s3:::files',
  ...rest,
});

const isAllowed = (request: AuthorizationRequest): boolean => {
  try {
    authorize(request);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(AccessDeniedError);
    return false;
  }
};

describe('identity policies', () => {
  it('allow what a statement names', () => {
    expect(isAllowed(list(role(allow('s3:ListBucket', 'arn:aws:s3:::files'))))).toBe(true);
  });

  it('allow nothing by themselves', () => {
    expect(isAllowed(list(role()))).toBe(false);
  });

  it('match actions without regard to case and resources with it', () => {
    expect(isAllowed(list(role(allow('S3:listbucket', 'arn:aws:s3:::files'))))).toBe(true);
    expect(isAllowed(list(role(allow('s3:ListBucket', 'arn:aws:s3:::Files'))))).toBe(false);
  });

  it('match wildcards in actions and resources', () => {
    expect(isAllowed(list(role(allow('s3:List*', 'arn:aws:s3:::f?les'))))).toBe(true);
    expect(isAllowed(list(role(allow('s3:Get*', '*'))))).toBe(false);
  });

  it('lose to an explicit deny, whatever the order', () => {
    const deny: PolicyStatement = { Effect: 'Deny', Action: '*', Resource: '*' };
    expect(isAllowed(list(role(allow('*', '*'), deny)))).toBe(false);
    expect(isAllowed(list(role(deny, allow('*', '*'))))).toBe(false);
  });

  it('read NotAction and NotResource as everything else', () => {
    const notGet: PolicyStatement = { Effect: 'Allow', NotAction: 's3:Get*', Resource: '*' };
    expect(isAllowed(list(role(notGet)))).toBe(true);
    expect(isAllowed(list(role(notGet), { action: 's3:GetObject' }))).toBe(false);
    const elsewhere: PolicyStatement = { Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::files' };
    expect(isAllowed(list(role(elsewhere)))).toBe(false);
  });
});

describe('a bucket policy', () => {
  const grant = (sourceArn: string): PolicyDocument =>
    document(
      allow('s3:GetObject', 'arn:aws:s3:::files/*', {
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Condition: { StringEquals: { 'AWS:SourceArn': sourceArn } },
      }),
    );
  const get = (principal: Principal, resourcePolicy?: PolicyDocument): AuthorizationRequest => ({
    principal,
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::files/a/b.txt',
    resourcePolicy,
  });
  const mine = 'arn:aws:cloudfront::000000000000:distribution/E1';

  it('lets the distribution it names read, and no other', () => {
    expect(isAllowed(get(cloudFront(mine), grant(mine)))).toBe(true);
    expect(isAllowed(get(cloudFront('arn:aws:cloudfront::000000000000:distribution/E2'), grant(mine)))).toBe(false);
  });

  it('is needed by a service', () => {
    expect(isAllowed(get(cloudFront(mine)))).toBe(false);
  });

  it('with a TLS-only statement does not close the local runtime, whose loopback counts as TLS', () => {
    const tlsOnly: PolicyStatement = {
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    expect(isAllowed(list(role(allow('s3:ListBucket', '*')), { resourcePolicy: document(tlsOnly) }))).toBe(true);
  });

  it('may deny a role that its own policies allow', () => {
    const deny: PolicyStatement = {
      Effect: 'Deny',
      Principal: { AWS: 'arn:aws:iam::000000000000:role/Lister' },
      Action: 's3:ListBucket',
      Resource: '*',
    };
    expect(isAllowed(list(role(allow('*', '*')), { resourcePolicy: document(deny) }))).toBe(false);
  });
});

describe('conditions', () => {
  const listWith = (Condition: PolicyStatement['Condition'], prefix?: string): boolean =>
    isAllowed(list(role(allow('s3:ListBucket', '*', { Condition })), { context: { 's3:prefix': prefix } }));

  it.each([
    [{ StringEquals: { 's3:prefix': 'a/' } }, 'a/', true],
    [{ StringEquals: { 's3:prefix': 'a/' } }, 'b/', false],
    [{ StringEquals: { 's3:prefix': ['a/', 'b/'] } }, 'b/', true],
    [{ StringEquals: { 'S3:Prefix': 'a/' } }, 'a/', true],
    [{ StringEquals: { 's3:prefix': 'a/' } }, undefined, false],
    [{ StringEqualsIfExists: { 's3:prefix': 'a/' } }, undefined, true],
    [{ StringNotEquals: { 's3:prefix': 'a/' } }, undefined, true],
    [{ StringNotEquals: { 's3:prefix': 'a/' } }, 'a/', false],
    [{ StringLike: { 's3:prefix': 'the local runtime/*' } }, 'the local runtime/me/', true],
    [{ Null: { 's3:prefix': 'true' } }, undefined, true],
    [{ Null: { 's3:prefix': 'true' } }, 'a/', false],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::000000000000:role/*' } }, undefined, true],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:*:role/Lister' } }, undefined, false],
  ])('%j with the prefix %s: %s', (condition, prefix, expected) => {
    expect(listWith(condition, prefix)).toBe(expected);
  });
});

describe("a policy's evaluation", () => {
  it('a denial names principal, action and resource', () => {
    expect(() => authorize(list(role()))).toThrow(
      'User: arn:aws:sts::000000000000:assumed-role/Lister/f is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::files" because no identity-based policy allows the s3:ListBucket action',
    );
  });

  describe('variables', () => {
    const own = allow('s3:GetObject', `arn:aws:s3:::files/\${aws:username}/*`);
    const user = (name: string, ...statements: PolicyStatement[]): Principal => ({
      kind: 'user',
      arn: `arn:aws:iam::000000000000:user/${name}`,
      accountId: '000000000000',
      identityPolicies: [document(...statements)],
    });
    const read = (principal: Principal, key: string): AuthorizationRequest => ({
      principal,
      action: 's3:GetObject',
      resource: `arn:aws:s3:::files/${key}`,
    });

    it('stand for the caller, in resources and in conditions', () => {
      expect(isAllowed(read(user('ann', own), 'ann/1'))).toBe(true);
      expect(isAllowed(read(user('ann', own), 'bob/1'))).toBe(false);
      const Condition = { StringLike: { 's3:prefix': `the local runtime/\${aws:username}/*` } };
      const listing = user('ann', allow('s3:ListBucket', '*', { Condition }));
      expect(isAllowed(list(listing, { context: { 's3:prefix': 'the local runtime/ann/a' } }))).toBe(true);
      expect(isAllowed(list(listing, { context: { 's3:prefix': 'the local runtime/bob/a' } }))).toBe(false);
    });

    it('never bring wildcards in', () => {
      expect(isAllowed(read(user('*', own), 'ann/1'))).toBe(false);
      expect(isAllowed(read(user('*', own), '*/1'))).toBe(true);
    });

    it('without a value match nothing, unless a default is written', () => {
      expect(isAllowed(read(role(own), 'x/1'))).toBe(false);
      const withDefault = allow('s3:GetObject', `arn:aws:s3:::files/\${aws:username, 'guest'}/*`);
      expect(isAllowed(read(role(withDefault), 'guest/1'))).toBe(true);
    });

    it('are text in a policy before 2012-10-17, and one of them is an asterisk', () => {
      const old: Principal = { ...user('ann'), identityPolicies: [{ Version: '2008-10-17', Statement: own }] };
      expect(isAllowed(read(old, 'ann/1'))).toBe(false);
      const literal = allow('s3:GetObject', `arn:aws:s3:::files/\${*}`);
      expect(isAllowed(read(role(literal), '*'))).toBe(true);
      expect(isAllowed(read(role(literal), 'a'))).toBe(false);
    });
  });

  describe('sets of values', () => {
    const tagged = (operator: string, keys: readonly string[]): boolean =>
      isAllowed(
        list(
          role(allow('s3:ListBucket', '*', { Condition: { [operator]: { 's3:RequestObjectTagKeys': ['a', 'b'] } } })),
          {
            context: { 's3:RequestObjectTagKeys': keys },
          },
        ),
      );

    it.each([
      ['ForAllValues:StringEquals', ['a', 'b'], true],
      ['ForAllValues:StringEquals', ['a', 'c'], false],
      ['ForAllValues:StringEquals', [], true],
      ['ForAnyValue:StringEquals', ['a', 'c'], true],
      ['ForAnyValue:StringEquals', ['c'], false],
      ['ForAnyValue:StringEquals', [], false],
    ])('%s with %j: %s', (operator, keys, expected) => {
      expect(tagged(operator, keys)).toBe(expected);
    });
  });

  it('NotPrincipal concerns everybody but those it names', () => {
    const deny: PolicyStatement = {
      Effect: 'Deny',
      NotPrincipal: { AWS: 'arn:aws:iam::000000000000:role/Other' },
      Action: 's3:ListBucket',
      Resource: '*',
    };
    expect(isAllowed(list(role(allow('*', '*')), { resourcePolicy: document(deny) }))).toBe(false);
    const spared = { ...deny, NotPrincipal: { AWS: 'arn:aws:iam::000000000000:role/Lister' } };
    expect(isAllowed(list(role(allow('*', '*')), { resourcePolicy: document(spared) }))).toBe(true);
  });

  it.each([
    ['192.0.2.0/24', '192.0.2.9', true],
    ['192.0.2.0/24', '::ffff:192.0.2.9', true],
    ['2001:db8::/32', '2001:db8::1', true],
    ['192.0.2.0/24', '198.51.100.1', false],
  ])('aws:SourceIp in %s from %s: %s', (range, address, expected) => {
    const bound = role(allow('s3:ListBucket', '*', { Condition: { IpAddress: { 'aws:SourceIp': range } } }));
    expect(isAllowed(list(bound, { context: { 'aws:SourceIp': address } }))).toBe(expected);
  });
});
