import { describe, expect, it } from 'vitest';
import { only, synthesizeContent, textOf } from './read-template';

const minimal = synthesizeContent();

describe('PrivateContent', () => {
  it('leads /_api/ of the distribution to the API: every method, nothing cached, no signature of a link', () => {
    const { CacheBehaviors, Origins } = only(minimal, 'AWS::CloudFront::Distribution').DistributionConfig;
    const origin = Origins.find(({ Id }: { Id: string }) => Id === CacheBehaviors[0].TargetOriginId);
    expect(CacheBehaviors).toEqual([
      {
        PathPattern: '_api/*',
        TargetOriginId: origin.Id,
        AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
        ViewerProtocolPolicy: 'redirect-to-https',
        // CachingDisabled and AllViewerExceptHostHeader
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
        Compress: true,
      },
    ]);
    expect(textOf(origin.DomainName)).toBe('<ApiRestApi>.execute-api..');
    expect(origin).not.toHaveProperty('OriginPath');
    expect(origin.CustomOriginConfig).toMatchObject({
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
    });
  });

  it('serves the bucket to signed GETs and HEADs, cached as CachingOptimized and by the name of a download', () => {
    const { DefaultCacheBehavior } = only(minimal, 'AWS::CloudFront::Distribution').DistributionConfig;
    expect(DefaultCacheBehavior).toMatchObject({
      AllowedMethods: ['GET', 'HEAD'],
      ViewerProtocolPolicy: 'redirect-to-https',
      TrustedKeyGroups: [expect.anything()],
    });
    expect(textOf(DefaultCacheBehavior.CachePolicyId)).toBe('<CachePolicy>');
    expect(only(minimal, 'AWS::CloudFront::CachePolicy').CachePolicyConfig).toMatchObject({
      MinTTL: 1,
      DefaultTTL: 86_400,
      MaxTTL: 31_536_000,
      ParametersInCacheKeyAndForwardedToOrigin: {
        CookiesConfig: { CookieBehavior: 'none' },
        HeadersConfig: { HeaderBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'whitelist', QueryStrings: ['response-content-disposition'] },
        EnableAcceptEncodingGzip: true,
        EnableAcceptEncodingBrotli: true,
      },
    });
  });

  it('keeps no server error for the next caller', () => {
    const { CustomErrorResponses } = only(minimal, 'AWS::CloudFront::Distribution').DistributionConfig;
    expect(CustomErrorResponses).toEqual(
      [500, 502, 503, 504].map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
    );
  });

  it('has a bucket without CORS and lifecycle rules where nothing is uploaded', () => {
    expect(Object.keys(only(minimal, 'AWS::S3::Bucket')).sort()).toEqual([
      'BucketEncryption',
      'OwnershipControls',
      'PublicAccessBlockConfiguration',
      'VersioningConfiguration',
    ]);
  });

  it('lets pages of the given origins upload, and removes what uploads leave', () => {
    const corsAllowedOrigins = ['https://app.example.com'];
    const bucket = only(synthesizeContent({ uploads: {}, corsAllowedOrigins }), 'AWS::S3::Bucket');
    expect(bucket.CorsConfiguration.CorsRules).toEqual([
      {
        AllowedMethods: ['PUT'],
        AllowedOrigins: corsAllowedOrigins,
        AllowedHeaders: ['*'],
        ExposedHeaders: [
          'ETag',
          'x-amz-version-id',
          'x-amz-checksum-crc32',
          'x-amz-checksum-crc32c',
          'x-amz-checksum-crc64nvme',
          'x-amz-checksum-sha1',
          'x-amz-checksum-sha256',
        ],
        MaxAge: 3600,
      },
    ]);
    expect(bucket.LifecycleConfiguration.Rules).toEqual([
      { Id: 'unfinished-uploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
      {
        Id: 'idempotency-keys',
        Status: 'Enabled',
        Prefix: '_s/idempotency/',
        ExpirationInDays: 1,
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
    ]);
  });

  it('keeps the logical ids of what users have deployed: another id would replace it', () => {
    expect(Object.keys(minimal)).toEqual(
      expect.arrayContaining([
        'PrivateContentBucket962CAC22',
        'PrivateContentBucketPolicy89054EF2',
        'PrivateContentSigningKeyKeys7E21C45C',
        'PrivateContentDistributionOrigin1S3OriginAccessControl2887531C',
        'PrivateContentDistributionAED020A3',
        'PrivateContentApiListerFunction3B065673',
        'PrivateContentApiSignerFunctionA3113217',
        'PrivateContentApiRestApi34E6636C',
        'PrivateContentApiRestApiDeploymentStagev10564F9B1',
        'PrivateContentApiRestApis3objectsCB6237F0',
        'PrivateContentApiRestApis3objectsGET1FE79217',
        'PrivateContentApiRestApiurlsC9BA9209',
        'PrivateContentApiRestApiurlsPOST3583A349',
        'PrivateContentApiRestApiApiKey8930A720',
        'PrivateContentApiRestApiUsagePlan58138536',
      ]),
    );
  });

  it('refuses more scopes or origins than Lambda takes in the environment of a function', () => {
    const corsAllowedOrigins = Array.from({ length: 200 }, (_, at) => `https://app${at}.example.com`);
    expect(() => synthesizeContent({ corsAllowedOrigins })).toThrow(
      /^corsAllowedOrigins is too long: a function gets \d+ bytes of environment variables, and Lambda takes 4096/,
    );
  });
});
