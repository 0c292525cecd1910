import { describe, expect, it } from 'vitest';
import { readDistribution, readQueryStrings } from './read-distribution';

const ID = { id: 'E1', arn: 'arn:aws:cloudfront::111122223333:distribution/E1' };
const readPolicy = async (id: string) => {
  if (id === 'P1') return readQueryStrings({ QueryStringBehavior: 'whitelist', QueryStrings: { Items: ['a'] } });
  throw new Error(`there is no policy ${id}`);
};

const ORIGIN = {
  Id: 'files',
  DomainName: 'b.s3.eu-central-1.amazonaws.com',
  OriginAccessControlId: 'EOAC',
  S3OriginConfig: { OriginAccessIdentity: '' },
};
const API = { Id: 'api', DomainName: 'a.execute-api.eu-central-1.amazonaws.com' };
const FILES = { TargetOriginId: 'files', ViewerProtocolPolicy: 'redirect-to-https', CachePolicyId: 'P1' };
const LEGACY = { PathPattern: '_api/*', TargetOriginId: 'api', ForwardedValues: { QueryString: true } };

describe("the doctor's reading of a distribution", () => {
  it('reads what the API answers and what a template says as the same distribution', async () => {
    const fromTemplate = await readDistribution(
      ID,
      {
        Enabled: true,
        IPV6Enabled: true,
        Origins: [ORIGIN, API],
        CacheBehaviors: [LEGACY],
        DefaultCacheBehavior: { ...FILES, TrustedKeyGroups: ['G1'] },
      },
      readPolicy,
    );
    const fromApi = await readDistribution(
      ID,
      {
        Enabled: true,
        IsIPV6Enabled: true,
        DefaultRootObject: '',
        Origins: { Items: [ORIGIN, { ...API, OriginAccessControlId: '' }] },
        CacheBehaviors: { Items: [{ ...LEGACY, TrustedKeyGroups: {} }] },
        DefaultCacheBehavior: { ...FILES, TrustedKeyGroups: { Items: ['G1'] } },
      },
      readPolicy,
    );
    expect(fromApi).toEqual(fromTemplate);
    expect(fromApi).toMatchObject({
      enabled: true,
      ipv6Enabled: true,
      defaultRootObject: undefined,
      origins: [
        { bucket: 'b', originAccessControlId: 'EOAC', originAccessIdentity: undefined },
        { bucket: undefined, originAccessControlId: undefined },
      ],
      behaviors: [
        {
          pathPattern: '_api/*',
          viewerProtocolPolicy: 'allow-all',
          trustedKeyGroups: [],
          queryStrings: { value: { behavior: 'all' } },
        },
        {
          pathPattern: '*',
          trustedKeyGroups: ['G1'],
          queryStrings: { value: { behavior: 'whitelist', names: ['a'] } },
        },
      ],
    });
  });

  it('goes on where a cache policy cannot be read', async () => {
    const { behaviors } = await readDistribution(
      ID,
      { DefaultCacheBehavior: { ...FILES, CachePolicyId: 'P2' } },
      readPolicy,
    );
    expect(behaviors[0]?.queryStrings).toEqual({ notObserved: 'there is no policy P2' });
  });
});
