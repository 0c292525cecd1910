import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Certificate, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { GeoRestriction, PriceClass, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { PrivateContent, type PrivateContentProps } from 'edgepass/cdk';
import { describe, expect, it } from 'vitest';
import { newApp } from '../new-app';
import { environmentOf, only, type Resources, resourcesOf, synthesizeContent, textOf } from './read-template';

const CERTIFICATE_ARN = 'arn:aws:acm:us-east-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab';
const newStack = (region?: string): Stack =>
  new Stack(newApp(), 'Edgepass', region ? { env: { account: '111122223333', region } } : {});
const importCertificate = (stack: Stack, arn = CERTIFICATE_ARN): ICertificate =>
  Certificate.fromCertificateArn(stack, 'Certificate', arn);
const configOf = (resources: Resources): Record<string, unknown> =>
  only(resources, 'AWS::CloudFront::Distribution').DistributionConfig;

function synthesizeWith(props: (stack: Stack) => PrivateContentProps, stack: Stack = newStack()): Resources {
  new PrivateContent(stack, 'PrivateContent', props(stack));
  return resourcesOf(stack);
}

describe("the distribution's properties", () => {
  it('by default has its own name and certificate, every country and edge location, and IPv4 alone', () => {
    const config = configOf(synthesizeContent());
    for (const name of ['Aliases', 'ViewerCertificate', 'PriceClass', 'Restrictions'])
      expect(config).not.toHaveProperty(name);
    expect(config.IPV6Enabled).toBe(false);
  });

  it('signs links for the first of its domain names, and takes no TLS older than 1.2', () => {
    const domainNames = ['files.example.com', '*.files.example.com'];
    const resources = synthesizeWith((stack) => ({ domainNames, certificate: importCertificate(stack) }));
    expect(configOf(resources)).toMatchObject({
      Aliases: domainNames,
      ViewerCertificate: {
        AcmCertificateArn: CERTIFICATE_ARN,
        MinimumProtocolVersion: 'TLSv1.2_2021',
        SslSupportMethod: 'sni-only',
      },
    });
    expect(environmentOf(resources, 'ApiSigner').DISTRIBUTION_DOMAIN_NAME).toBe('files.example.com');
  });

  it('takes a certificate of the stack itself', () => {
    const stack = newStack('us-east-1');
    const certificate = new Certificate(stack, 'Certificate', { domainName: 'files.example.com' });
    const resources = synthesizeWith(() => ({ domainNames: ['files.example.com'], certificate }), stack);
    const { ViewerCertificate } = configOf(resources) as { ViewerCertificate: { AcmCertificateArn: unknown } };
    expect(textOf(ViewerCertificate.AcmCertificateArn)).toMatch(/^<Certificate/);
  });

  it('serves where, to whom and how it is told', () => {
    const config = configOf(
      synthesizeContent({
        priceClass: PriceClass.PRICE_CLASS_100,
        geoRestriction: GeoRestriction.allowlist('CH', 'LI'),
        enableIpv6: true,
        responseHeaders: ResponseHeadersPolicy.SECURITY_HEADERS,
        publicPaths: ['public/*'],
      }),
    );
    expect(config).toMatchObject({
      PriceClass: 'PriceClass_100',
      Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Locations: ['CH', 'LI'] } },
      IPV6Enabled: true,
      DefaultCacheBehavior: { ResponseHeadersPolicyId: '67f7725c-6f97-4210-82d7-5512b31e9d03' },
    });
  });

  it('serves public paths of the same bucket to anybody, by GET and HEAD, behind the API’s path', () => {
    const { CacheBehaviors, DefaultCacheBehavior, Origins } = configOf(
      synthesizeContent({
        publicPaths: ['public/*', '/logo.svg'],
        responseHeaders: ResponseHeadersPolicy.SECURITY_HEADERS,
      }),
    ) as {
      CacheBehaviors: Record<string, unknown>[];
      DefaultCacheBehavior: Record<string, unknown>;
      Origins: unknown[];
    };
    expect(CacheBehaviors.map(({ PathPattern }) => PathPattern)).toEqual(['_api/*', 'public/*', 'logo.svg']);
    for (const behavior of CacheBehaviors.slice(1)) {
      expect(behavior).toEqual({
        PathPattern: behavior.PathPattern,
        TargetOriginId: DefaultCacheBehavior.TargetOriginId,
        AllowedMethods: ['GET', 'HEAD'],
        ViewerProtocolPolicy: 'redirect-to-https',
        // CachingOptimized and SecurityHeadersPolicy
        CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
        ResponseHeadersPolicyId: '67f7725c-6f97-4210-82d7-5512b31e9d03',
        Compress: true,
      });
    }
    expect(Origins).toHaveLength(2);
  });

  /** What CloudFront's flat-rate plans leave out. Source: CloudFront Developer Guide, "Flat-rate pricing plans". */
  it('is shaped for flat-rate plans: origin access control, cache policies, no functions of Lambda', () => {
    const config = JSON.stringify(configOf(synthesizeContent({ publicPaths: ['public/*'] })));
    expect(config).toContain('"OriginAccessControlId"');
    for (const legacy of [
      'ForwardedValues',
      '"MinTTL"',
      '"DefaultTTL"',
      'origin-access-identity',
      'TrustedSigners',
      'LambdaFunctionAssociations',
    ])
      expect(config).not.toContain(legacy);
  });

  it('warns that links with an ipAddress are refused to viewers by IPv6, where these are let in', () => {
    const warnings = (props: PrivateContentProps): number => {
      const stack = newStack();
      new PrivateContent(stack, 'PrivateContent', props);
      return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('edgepass:ipAddressWithIpv6')).length;
    };
    expect([{}, { enableIpv6: false }, { enableIpv6: true }].map(warnings)).toEqual([0, 0, 1]);
  });

  it('warns of public paths that callers can upload to', () => {
    const warnings = (props: PrivateContentProps): number => {
      const stack = newStack();
      new PrivateContent(stack, 'PrivateContent', props);
      return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('edgepass:publicUploads')).length;
    };
    const publicPaths = ['public/*'];
    expect(warnings({ publicPaths })).toBe(0);
    expect(warnings({ publicPaths, uploads: { prefix: 'in/' } })).toBe(0);
    expect(warnings({ publicPaths, uploads: {} })).toBe(1);
    expect(warnings({ publicPaths, uploads: { prefix: 'public/in/' } })).toBe(1);
    expect(warnings({ publicPaths: ['?n/*.jpg'], uploads: { prefix: 'in/' } })).toBe(1);
  });
});

describe('refuses', () => {
  const domainNames = ['files.example.com'];
  it.each<[string, (stack: Stack) => PrivateContentProps, string, string]>([
    ['names without a certificate', () => ({ domainNames }), 'certificate', 'is missing'],
    [
      'a certificate without names',
      (stack) => ({ certificate: importCertificate(stack) }),
      'domainNames',
      'is missing',
    ],
    [
      'no name at all',
      (stack) => ({ domainNames: [], certificate: importCertificate(stack) }),
      'domainNames',
      'is empty',
    ],
    [
      'a URL',
      (stack) => ({ domainNames: ['https://a.example'], certificate: importCertificate(stack) }),
      'domainNames[0]',
      'domain name',
    ],
    [
      'capitals',
      (stack) => ({ domainNames: ['Files.example.com'], certificate: importCertificate(stack) }),
      'domainNames[0]',
      'lower case',
    ],
    [
      'a wildcard to sign for',
      (stack) => ({ domainNames: ['*.example.com'], certificate: importCertificate(stack) }),
      'domainNames[0]',
      'without a wildcard',
    ],
    [
      'a name twice',
      (stack) => ({ domainNames: [...domainNames, ...domainNames], certificate: importCertificate(stack) }),
      'domainNames[1]',
      'already',
    ],
    [
      'an imported certificate of another region',
      (stack) => ({
        domainNames,
        certificate: importCertificate(stack, CERTIFICATE_ARN.replace('us-east-1', 'eu-west-1')),
      }),
      'certificate',
      'is in eu-west-1',
    ],
    [
      'a certificate of the stack in another region',
      (stack) => ({
        domainNames,
        certificate: new Certificate(stack, 'Certificate', { domainName: 'files.example.com' }) as ICertificate,
      }),
      'certificate',
      'is in eu-west-1',
    ],
    ...['*', '/*', '*.css', '**/x', '_api/*', '/_api/x', '_app*', '_s/*', '?s/*', '_???/*', '_*', '_api', '_ap?'].map(
      (path): [string, () => PrivateContentProps, string, string] => [
        `the public path ${path}`,
        () => ({ publicPaths: ['public/*', path] }),
        'publicPaths[1]',
        'could lead to /_',
      ],
    ),
    ...['', '/', 'a b', 'ä/*', 'a%20b', 'x'.repeat(256)].map(
      (path): [string, () => PrivateContentProps, string, string] => [
        `the public path ${JSON.stringify(path.slice(0, 9))}`,
        () => ({ publicPaths: [path] }),
        'publicPaths[0]',
        'give a path pattern',
      ],
    ),
    ['a public path twice', () => ({ publicPaths: ['a/*', '/a/*'] }), 'publicPaths[1]', 'already'],
  ])('%s', (_title, props, property, problem) => {
    const stack = newStack('eu-west-1');
    expect(() => new PrivateContent(stack, 'PrivateContent', props(stack))).toThrow(
      expect.objectContaining({ code: 'ERR_PROPERTY_INVALID', property, message: expect.stringContaining(problem) }),
    );
  });

  it.each(['public/*', 'p*', 'api/*', '_apix/*', '_a/*', 'a/_api/*', '?/x', 'a?b/*.jpg', "it's/(x"])(
    'not the public path %s',
    (path) => {
      const make = (): PrivateContent => new PrivateContent(newStack(), 'PrivateContent', { publicPaths: [path] });
      if (path.includes('(')) expect(make).toThrow('give a path pattern');
      else expect(make).not.toThrow();
    },
  );
});
