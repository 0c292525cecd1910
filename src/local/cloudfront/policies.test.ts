import { describe, expect, it } from 'vitest';
import { Properties } from '../cloudformation/properties';
import type { ResourceRequest } from '../cloudformation/resource-type';
import { readCachePolicy } from './cache-policy';
import { isCountryAllowed, readGeoRestriction } from './geo-restriction';
import { readOriginRequestPolicy } from './origin-request-policy';
import { readResponseHeadersPolicy } from './response-headers-policy';

const request = (properties: object) => ({ logicalId: 'P', properties, stack: {} }) as unknown as ResourceRequest;
const originRequest = (config: object) => readOriginRequestPolicy(request({ OriginRequestPolicyConfig: config }));
const responseHeaders = (config: object) => readResponseHeadersPolicy(request({ ResponseHeadersPolicyConfig: config }));
const cache = (parameters: object) =>
  readCachePolicy(request({ CachePolicyConfig: { Name: 'c', ParametersInCacheKeyAndForwardedToOrigin: parameters } }));

it('reads what a cache policy puts into the key; header names without their case', () => {
  const policy = cache({
    QueryStringsConfig: { QueryStringBehavior: 'whitelist', QueryStrings: ['Size'] },
    HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['Accept-Language'] },
    CookiesConfig: { CookieBehavior: 'allExcept', Cookies: ['session'] },
  });
  expect([policy.queryStrings, policy.headers, policy.cookies]).toEqual([
    { behavior: 'whitelist', names: ['Size'] },
    { behavior: 'whitelist', names: ['accept-language'] },
    { behavior: 'allExcept', names: ['session'] },
  ]);
});

it('reads what goes to the origin besides', () => {
  const policy = originRequest({
    HeadersConfig: { HeaderBehavior: 'allExcept', Headers: ['Host'] },
    CookiesConfig: { CookieBehavior: 'none' },
    QueryStringsConfig: { QueryStringBehavior: 'all' },
  });
  expect(policy).toEqual({
    queryStrings: { behavior: 'all', names: [] },
    headers: { behavior: 'allExcept', names: ['host'] },
    cookies: { behavior: 'none', names: [] },
  });
  expect(originRequest({ HeadersConfig: { HeaderBehavior: 'allViewer' } }).headers.behavior).toBe('all');
});

it('reads security, custom and removed headers', () => {
  const { added, removed } = responseHeaders({
    SecurityHeadersConfig: {
      ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'self'", Override: true },
      ContentTypeOptions: { Override: true },
      FrameOptions: { FrameOption: 'DENY', Override: false },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 60, IncludeSubdomains: true, Preload: true, Override: true },
      XSSProtection: { Protection: true, ModeBlock: true, Override: true },
    },
    CustomHeadersConfig: { Items: [{ Header: 'X-Own', Value: '1', Override: false }] },
    RemoveHeadersConfig: { Items: [{ Header: 'Server' }] },
  });
  expect(Object.fromEntries(added.map(({ name, value }) => [name, value]))).toEqual({
    'content-security-policy': "default-src 'self'",
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'strict-transport-security': 'max-age=60; includeSubDomains; preload',
    'x-xss-protection': '1; mode=block',
    'x-own': '1',
  });
  expect(removed).toEqual(['server']);
});

describe('refuses, by name:', () => {
  const credentials = {
    AccessControlAllowCredentials: true,
    AccessControlAllowOrigins: { Items: ['*'] },
    OriginOverride: true,
  };
  it.each([
    [
      'an allow-list of nothing',
      () => cache({ QueryStringsConfig: { QueryStringBehavior: 'whitelist' } }),
      'QueryStrings',
    ],
    [
      'all headers in a cache key',
      () => cache({ HeadersConfig: { HeaderBehavior: 'allExcept', Headers: ['a'] } }),
      'HeaderBehavior',
    ],
    [
      'headers that CloudFront makes',
      () => originRequest({ HeadersConfig: { HeaderBehavior: 'allViewerAndWhitelistCloudFront' } }),
      'CloudFront-',
    ],
    [
      'one of them',
      () => originRequest({ HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['CloudFront-Viewer-Country'] } }),
      'CloudFront-Viewer-Country',
    ],
    [
      'Server-Timing',
      () => responseHeaders({ ServerTimingHeadersConfig: { Enabled: true, SamplingRate: 1 } }),
      'Enabled',
    ],
    [
      'credentials beside a wildcard, as browsers do',
      () => responseHeaders({ CorsConfig: credentials }),
      'AccessControlAllowCredentials',
    ],
    ['an unknown setting', () => responseHeaders({ Frames: {} }), 'Frames'],
  ])('%s', (_title, read, named) => {
    expect(read).toThrow(named);
  });
});

describe('geographic restrictions', () => {
  const read = (GeoRestriction: object) =>
    readGeoRestriction(new Properties('D', { Restrictions: { GeoRestriction } }, { Restrictions: 'used' }));

  it('let in those on an allow-list, and all but those on a block-list', () => {
    const allow = read({ RestrictionType: 'whitelist', Locations: ['CH', 'DE'] });
    expect(['CH', 'FR', undefined].map((country) => isCountryAllowed(allow, country))).toEqual([true, false, false]);
    const block = read({ RestrictionType: 'blacklist', Locations: ['CH'] });
    expect(['CH', 'FR', undefined].map((country) => isCountryAllowed(block, country))).toEqual([false, true, true]);
    expect(isCountryAllowed(read({ RestrictionType: 'none' }), undefined)).toBe(true);
  });

  it('are refused when they name no country', () => {
    expect(() => read({ RestrictionType: 'whitelist' })).toThrow('Locations');
    expect(() => read({ RestrictionType: 'whitelist', Locations: ['Switzerland'] })).toThrow('Switzerland');
  });
});
