import { describe, expect, it } from 'vitest';
import { type Refusal, refusal, requestOf } from '../resource-request.test.fixture';
import { MANAGED_RESPONSE_HEADERS_POLICIES } from './managed-response-headers';
import { readResponseHeadersPolicy } from './response-headers-policy';

const read = (config: Record<string, unknown> = {}) =>
  readResponseHeadersPolicy(requestOf({ ResponseHeadersPolicyConfig: { Name: 'n', Comment: 'c', ...config } }));

const CORS = {
  AccessControlAllowCredentials: false,
  AccessControlAllowHeaders: { Items: ['*'] },
  AccessControlAllowMethods: { Items: ['GET', 'HEAD'] },
  AccessControlAllowOrigins: { Items: ['https://a.example'] },
  OriginOverride: true,
};
const cors = (config: Record<string, unknown>) => ({ CorsConfig: { ...CORS, ...config } });
const custom = (...Items: object[]) => ({ CustomHeadersConfig: { Items } });
const security = (SecurityHeadersConfig: object) => ({ SecurityHeadersConfig });
const items = (...Items: string[]) => ({ Items });

describe('a response headers policy', () => {
  it('reads CORS headers as plain data', () => {
    const policy = read(
      cors({
        AccessControlAllowMethods: items('ALL'),
        AccessControlExposeHeaders: items('ETag'),
        AccessControlMaxAgeSec: '600',
      }),
    );
    expect(policy).toEqual({
      cors: {
        allowCredentials: false,
        allowHeaders: ['*'],
        allowMethods: ['GET', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'],
        allowOrigins: ['https://a.example'],
        exposeHeaders: ['ETag'],
        maxAge: 600,
        override: true,
      },
      removed: [],
      added: [],
    });
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
  });

  it.each<[string, string, Record<string, unknown>]>([
    [
      'Content-Security-Policy',
      "default-src 'self'",
      { ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'self'" } },
    ],
    ['X-Content-Type-Options', 'nosniff', { ContentTypeOptions: {} }],
    ['X-Frame-Options', 'DENY', { FrameOptions: { FrameOption: 'DENY' } }],
    ['Referrer-Policy', 'same-origin', { ReferrerPolicy: { ReferrerPolicy: 'same-origin' } }],
    ['Strict-Transport-Security', 'max-age=60', { StrictTransportSecurity: { AccessControlMaxAgeSec: 60 } }],
    [
      'Strict-Transport-Security',
      'max-age=60; includeSubDomains; preload',
      { StrictTransportSecurity: { AccessControlMaxAgeSec: 60, IncludeSubdomains: true, Preload: true } },
    ],
    ['X-XSS-Protection', '0', { XSSProtection: { Protection: false } }],
    ['X-XSS-Protection', '1', { XSSProtection: { Protection: true } }],
    ['X-XSS-Protection', '1; mode=block', { XSSProtection: { Protection: true, ModeBlock: true } }],
    ['X-XSS-Protection', '1; report=https://r', { XSSProtection: { Protection: true, ReportUri: 'https://r' } }],
  ])('reads %s: %s', (name, value, config) => {
    const [[property, group] = ['', {}]] = Object.entries(config);
    for (const override of [true, false])
      expect(read(security({ [property]: { ...(group as object), Override: override } })).added).toEqual([
        { name, value, override },
      ]);
  });

  it('reads headers to add, without a value too, and headers to remove', () => {
    expect(
      read({
        ...custom(
          { Header: 'Cache-Control', Value: 'no-store', Override: true },
          { Header: 'X-Empty', Value: '', Override: false },
        ),
        RemoveHeadersConfig: { Items: [{ Header: 'X-Powered-By' }, { Header: 'Server' }] },
      }),
    ).toEqual({
      removed: ['x-powered-by', 'server'],
      added: [
        { name: 'Cache-Control', value: 'no-store', override: true },
        { name: 'X-Empty', value: '', override: false },
      ],
    });
  });

  it('takes Server-Timing that is not enabled', () => {
    expect(read({ ServerTimingHeadersConfig: { Enabled: false } })).toEqual({ removed: [], added: [] });
  });

  describe('refuses, by name,', () => {
    it.each<[string, Record<string, unknown>, Refusal, string]>([
      ['an unknown property', { Colour: 1 }, 'ERR_UNKNOWN_PROPERTY', 'Colour'],
      [
        'Server-Timing',
        { ServerTimingHeadersConfig: { Enabled: true, SamplingRate: 50 } },
        'ERR_NOT_IMPLEMENTED',
        'ServerTimingHeadersConfig',
      ],
      [
        'Server-Timing for those who ask',
        { ServerTimingHeadersConfig: { Enabled: true, SamplingRate: 0 } },
        'ERR_NOT_IMPLEMENTED',
        'ServerTimingHeadersConfig',
      ],
      ['CORS without its override', cors({ OriginOverride: undefined }), 'ERR_INVALID_PROPERTY', 'OriginOverride'],
      [
        'CORS without a word on credentials',
        cors({ AccessControlAllowCredentials: undefined }),
        'ERR_INVALID_PROPERTY',
        'AccessControlAllowCredentials',
      ],
      ['no methods', cors({ AccessControlAllowMethods: items() }), 'ERR_INVALID_PROPERTY', 'AccessControlAllowMethods'],
      ['an unknown method', cors({ AccessControlAllowMethods: items('FETCH') }), 'ERR_INVALID_PROPERTY', 'ALL alone'],
      [
        'ALL with others',
        cors({ AccessControlAllowMethods: items('ALL', 'GET') }),
        'ERR_INVALID_PROPERTY',
        'ALL alone',
      ],
      ['no headers', cors({ AccessControlAllowHeaders: items() }), 'ERR_INVALID_PROPERTY', 'AccessControlAllowHeaders'],
      ['no origins', cors({ AccessControlAllowOrigins: items() }), 'ERR_INVALID_PROPERTY', 'AccessControlAllowOrigins'],
      [
        'a wildcard as top level',
        cors({ AccessControlAllowOrigins: items('example.*') }),
        'ERR_INVALID_PROPERTY',
        'example.*',
      ],
      [
        'a wildcard in the middle',
        cors({ AccessControlAllowOrigins: items('https://a.*.example') }),
        'ERR_INVALID_PROPERTY',
        'https://a.*.example',
      ],
      [
        'a wildcard inside a label',
        cors({ AccessControlAllowOrigins: items('exa*mple.org') }),
        'ERR_INVALID_PROPERTY',
        'exa*mple.org',
      ],
      [
        'a path in an origin',
        cors({ AccessControlAllowOrigins: items('https://a.example/') }),
        'ERR_INVALID_PROPERTY',
        'https://a.example/',
      ],
      [
        'any origin with credentials',
        cors({
          AccessControlAllowCredentials: true,
          AccessControlAllowHeaders: items('X-A'),
          AccessControlAllowOrigins: items('*'),
        }),
        'ERR_INVALID_PROPERTY',
        'Access-Control-Allow-Origin) cannot contain * when allowCredentials is true',
      ],
      [
        'any header with credentials',
        cors({ AccessControlAllowCredentials: true }),
        'ERR_INVALID_PROPERTY',
        'Access-Control-Allow-Headers) cannot contain * when allowCredentials is true',
      ],
      [
        'a wildcard inside a header',
        cors({ AccessControlAllowHeaders: items('X-*') }),
        'ERR_NOT_IMPLEMENTED',
        'the wildcard in X-*',
      ],
      [
        'an exposed header that is none',
        cors({ AccessControlExposeHeaders: items('a b') }),
        'ERR_INVALID_PROPERTY',
        '"a b"',
      ],
      [
        'a header to add without its value',
        custom({ Header: 'A', Override: true }),
        'ERR_INVALID_PROPERTY',
        'Value is missing',
      ],
      [
        'a header to add without its override',
        custom({ Header: 'A', Value: '' }),
        'ERR_INVALID_PROPERTY',
        'Override is missing',
      ],
      [
        'a value with a line break',
        custom({ Header: 'A', Value: 'a\r\nB: b', Override: true }),
        'ERR_INVALID_PROPERTY',
        'Value',
      ],
      [
        'a value that is too long',
        custom({ Header: 'A', Value: 'a'.repeat(1784), Override: true }),
        'ERR_INVALID_PROPERTY',
        '1783',
      ],
      [
        'the same header twice',
        custom({ Header: 'A', Value: '1', Override: true }, { Header: 'a', Value: '2', Override: true }),
        'ERR_INVALID_PROPERTY',
        'sets already',
      ],
      [
        'a CORS header beside CORS',
        { ...cors({}), ...custom({ Header: 'Access-Control-Allow-Origin', Value: '*', Override: true }) },
        'ERR_INVALID_PROPERTY',
        'sets already',
      ],
      [
        'a security header as a custom one',
        custom({ Header: 'X-Frame-Options', Value: 'DENY', Override: true }),
        'ERR_INVALID_PROPERTY',
        'security header',
      ],
      [
        'a header of CloudFront’s own',
        custom({ Header: 'X-Amz-Cf-Pop', Value: 'x', Override: true }),
        'ERR_INVALID_PROPERTY',
        'X-Amz-Cf-Pop',
      ],
      ['to remove Via', { RemoveHeadersConfig: { Items: [{ Header: 'Via' }] } }, 'ERR_INVALID_PROPERTY', 'via'],
      [
        'to remove X-Amz-Cf-Id',
        { RemoveHeadersConfig: { Items: [{ Header: 'X-Amz-Cf-Id' }] } },
        'ERR_INVALID_PROPERTY',
        'x-amz-cf-id',
      ],
      [
        'a frame option it does not know',
        security({ FrameOptions: { FrameOption: 'ALLOW', Override: true } }),
        'ERR_INVALID_PROPERTY',
        'FrameOption',
      ],
      [
        'a security header without its override',
        security({ FrameOptions: { FrameOption: 'DENY' } }),
        'ERR_INVALID_PROPERTY',
        'Override',
      ],
      [
        'blocking and reporting at once',
        security({ XSSProtection: { Protection: true, ModeBlock: true, ReportUri: 'https://r', Override: true } }),
        'ERR_INVALID_PROPERTY',
        'ReportUri',
      ],
      [
        'reporting without protection',
        security({ XSSProtection: { Protection: false, ReportUri: 'https://r', Override: true } }),
        'ERR_INVALID_PROPERTY',
        'Protection',
      ],
    ])('%s', (_title, config, code, named) => {
      expect(() => read(config)).toThrow(refusal(code, named));
    });
  });

  it('AWS’s own are five, and plain data', () => {
    expect(Object.keys(MANAGED_RESPONSE_HEADERS_POLICIES)).toHaveLength(5);
    expect(JSON.parse(JSON.stringify(MANAGED_RESPONSE_HEADERS_POLICIES))).toEqual(MANAGED_RESPONSE_HEADERS_POLICIES);
  });
});
