import { describe, expect, it } from 'vitest';
import { STACK } from '../resource-request.test.fixture';
import { readDistributionConfig } from './distribution-config';

const origin = { Id: 'o', DomainName: 'bucket.s3.us-east-1.amazonaws.com', OriginAccessControlId: 'E1' };
const CachePolicyId = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const behavior = { TargetOriginId: 'o', TrustedKeyGroups: ['group'], CachePolicyId };
const read = (config: Record<string, unknown> = {}) =>
  readDistributionConfig({
    logicalId: 'Distribution',
    properties: {
      DistributionConfig: { Enabled: true, Origins: [origin], DefaultCacheBehavior: behavior, ...config },
    },
    stack: STACK,
  });

describe("a distribution's configuration", () => {
  it('reads the bucket behind an origin, in every form of its domain name', () => {
    for (const domain of ['s3.us-east-1.amazonaws.com', 's3.amazonaws.com', 's3-eu-west-1.amazonaws.com']) {
      const { origins } = read({ Origins: [{ ...origin, DomainName: `my.bucket.${domain}` }] });
      expect(origins.get('o'), domain).toMatchObject({ kind: 'bucket', bucket: 'my.bucket' });
    }
  });

  it('knows whether a web ACL would have a say', () => {
    expect([read({ WebACLId: 'arn' }).hasWebAcl, read({ WebACLId: '' }).hasWebAcl, read().hasWebAcl]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('tries the default behavior last', () => {
    const { behaviors } = read({ CacheBehaviors: [{ ...behavior, PathPattern: 'public/*', TrustedKeyGroups: [] }] });
    expect(behaviors.map(({ pathPattern, trustedKeyGroups }) => [pathPattern, trustedKeyGroups])).toEqual([
      ['public/*', []],
      ['*', ['group']],
    ]);
  });
});

describe('refuses, by name, what it would otherwise get wrong:', () => {
  it.each([
    ['an unknown property', { Staging: true }, 'ERR_UNKNOWN_PROPERTY', 'Staging'],
    [
      'an error code without a page of its own',
      { CustomErrorResponses: [{ ErrorCode: 418 }] },
      'ERR_INVALID_PROPERTY',
      '404',
    ],
    [
      'a page without its status',
      { CustomErrorResponses: [{ ErrorCode: 403, ResponsePagePath: '/x' }] },
      'ERR_INVALID_PROPERTY',
      'ResponseCode',
    ],
    ['an origin that is no bucket', { Origins: [{ ...origin, DomainName: 'example.com' }] }, 'ERR_NOT_IMPLEMENTED', ''],
    [
      'an origin without its access control',
      { Origins: [{ ...origin, OriginAccessControlId: '' }] },
      'ERR_INVALID_PROPERTY',
      'OriginAccessControlId',
    ],
    [
      'functions at the edge',
      { DefaultCacheBehavior: { ...behavior, FunctionAssociations: [{}] } },
      'ERR_NOT_IMPLEMENTED',
      'FunctionAssociations',
    ],
    [
      'methods that are none of the three sets',
      { DefaultCacheBehavior: { ...behavior, AllowedMethods: ['GET', 'HEAD', 'PUT'] } },
      'ERR_INVALID_PROPERTY',
      'AllowedMethods',
    ],
  ])('%s', (_title, config, code, named) => {
    expect(() => read(config)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(named) }));
  });
});
