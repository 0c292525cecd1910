import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { CorsConfig } from '../../policies/cors-config';
import { MANAGED_RESPONSE_HEADERS_POLICIES } from '../../policies/managed-response-headers';
import type { ResponseHeadersPolicy } from '../../policies/response-headers-policy';
import { applyResponseHeaders } from './apply-response-headers';

const ORIGIN = { origin: 'https://a.example' };
const managed = (id: string): ResponseHeadersPolicy => {
  const policy = MANAGED_RESPONSE_HEADERS_POLICIES[id];
  if (!policy) throw new Error(`there is no policy ${id}`);
  return policy;
};

const CORS: CorsConfig = {
  allowCredentials: false,
  allowHeaders: ['X-A', 'Range'],
  allowMethods: ['GET', 'HEAD'],
  allowOrigins: ['https://a.example', 'https://b.example'],
  exposeHeaders: ['ETag'],
  maxAge: 600,
  override: false,
};
const withCors = (cors: Partial<CorsConfig> = {}): ResponseHeadersPolicy => ({
  cors: { ...CORS, ...cors },
  removed: [],
  added: [],
});

describe('headers to remove and to add', () => {
  const policy = (rest: Partial<ResponseHeadersPolicy>): ResponseHeadersPolicy => ({ removed: [], added: [], ...rest });
  const apply = (rest: Partial<ResponseHeadersPolicy>, origin: Record<string, string | number>) =>
    applyResponseHeaders(policy(rest), {}, 'GET', origin);

  it('leaves the rest as it is', () => {
    expect(apply({}, { etag: '"e"', 'content-length': 3 })).toEqual({ etag: '"e"', 'content-length': 3 });
  });

  it('adds what the origin does not have, overriding or not', () => {
    for (const override of [true, false])
      expect(apply({ added: [{ name: 'X-A', value: 'p', override }] }, {})).toEqual({ 'X-A': 'p' });
  });

  it('keeps the origin’s unless it overrides, whatever the case of the name', () => {
    const added = (override: boolean) => ({ added: [{ name: 'X-A', value: 'p', override }] });
    expect(apply(added(false), { 'x-a': 'o' })).toEqual({ 'x-a': 'o' });
    expect(apply(added(true), { 'x-a': 'o' })).toEqual({ 'X-A': 'p' });
  });

  it('adds a header without a value', () => {
    expect(apply({ added: [{ name: 'X-A', value: '', override: true }] }, {})).toEqual({ 'X-A': '' });
  });

  it('removes first and adds then', () => {
    const rest = { removed: ['x-a', 'x-b'], added: [{ name: 'X-A', value: 'p', override: false }] };
    expect(apply(rest, { 'X-A': 'o', 'x-b': 'o', 'x-c': 'o' })).toEqual({ 'X-A': 'p', 'x-c': 'o' });
  });

  it('removes the origin’s Server, and CloudFront’s own stands there; Date is the server’s to add', () => {
    const origin = { server: 'AmazonS3', date: 'then' };
    expect(apply({ removed: ['server', 'date'] }, origin)).toEqual({ Server: 'CloudFront' });
  });
});

describe('CORS headers', () => {
  const apply = (policy: ResponseHeadersPolicy, viewer: IncomingHttpHeaders = ORIGIN, method = 'GET', origin = {}) =>
    applyResponseHeaders(policy, viewer, method, origin);

  it('are not added to what is no CORS request', () => {
    expect(apply(withCors(), {})).toEqual({});
    expect(apply(withCors(), {}, 'OPTIONS')).toEqual({});
  });

  it('name the origin that asks, among several', () => {
    expect(apply(withCors(), { origin: 'https://b.example' })).toEqual({
      'Access-Control-Allow-Origin': 'https://b.example',
      'Access-Control-Expose-Headers': 'ETag',
    });
  });

  it('say how to go on to a preflight request alone', () => {
    expect(apply(withCors(), ORIGIN, 'OPTIONS')).toEqual({
      'Access-Control-Allow-Origin': 'https://a.example',
      'Access-Control-Expose-Headers': 'ETag',
      'Access-Control-Allow-Methods': 'GET, HEAD',
      'Access-Control-Allow-Headers': 'X-A, Range',
      'Access-Control-Max-Age': '600',
    });
  });

  it('allow credentials where the policy does', () => {
    expect(apply(withCors({ allowCredentials: true }))).toMatchObject({ 'Access-Control-Allow-Credentials': 'true' });
    expect(apply(withCors())).not.toHaveProperty('Access-Control-Allow-Credentials');
  });

  it('are none for an origin that is not allowed', () => {
    expect(apply(withCors(), { origin: 'https://c.example' })).toEqual({});
    expect(apply(withCors(), { origin: 'https://c.example' }, 'OPTIONS')).toEqual({});
  });

  it('of the bucket count, one by one, unless the policy overrides', () => {
    const bucket = { 'access-control-allow-origin': '*', vary: 'Origin' };
    expect(apply(withCors(), ORIGIN, 'GET', bucket)).toEqual({ ...bucket, 'Access-Control-Expose-Headers': 'ETag' });
    expect(apply(withCors({ override: true }), ORIGIN, 'GET', bucket)).toEqual({
      'Access-Control-Allow-Origin': 'https://a.example',
      'Access-Control-Expose-Headers': 'ETag',
      vary: 'Origin',
    });
  });

  it('of the bucket do not let in an origin that an overriding policy does not allow', () => {
    const bucket = { 'access-control-allow-origin': '*', etag: '"e"' };
    const stranger = { origin: 'https://c.example' };
    expect(apply(withCors({ override: true }), stranger, 'GET', bucket)).toEqual({ etag: '"e"' });
    expect(apply(withCors(), stranger, 'GET', bucket)).toEqual(bucket);
    expect(apply(withCors({ override: true }), {}, 'GET', bucket)).toEqual(bucket);
  });

  it.each<[pattern: string, allowed: string[], refused: string[]]>([
    ['*', ['https://a.example', 'null'], []],
    [
      'https://a.example',
      ['https://a.example', 'https://A.example'],
      ['http://a.example', 'https://a.example:8443', 'https://b.a.example', 'https://a.example.evil', 'null'],
    ],
    ['a.example', ['https://a.example', 'http://a.example'], ['https://a.example:8443', 'https://xa.example']],
    [
      'https://*.a.example',
      ['https://b.a.example'],
      [
        'http://b.a.example',
        'https://a.example',
        'https://c.b.a.example',
        'https://b.a.example:1',
        'https://evila.example',
      ],
    ],
    ['http://a.example:*', ['http://a.example', 'http://a.example:80'], ['https://a.example']],
    [
      'http://a.example:1*3',
      ['http://a.example:1893', 'http://a.example:13'],
      ['http://a.example:14', 'http://a.example'],
    ],
    ['http://localhost:3000', ['http://localhost:3000'], ['http://localhost', 'http://localhost:3001']],
  ])('for %s', (pattern, allowed, refused) => {
    const isAllowed = (origin: string): boolean =>
      'Access-Control-Allow-Origin' in apply(withCors({ allowOrigins: [pattern] }), { origin });
    expect(allowed.filter((origin) => !isAllowed(origin))).toEqual([]);
    expect(refused.filter(isAllowed)).toEqual([]);
  });
});

/** The tables of "Use managed response headers policies". */
describe('AWS’s own', () => {
  const SECURITY = {
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'Strict-Transport-Security': 'max-age=31536000',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'SAMEORIGIN',
    'X-XSS-Protection': '1; mode=block',
  };
  const PREFLIGHT = {
    'Access-Control-Allow-Methods': 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT',
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': '*',
  };
  it.each<[string, string, string, Record<string, string>]>([
    ['SimpleCORS', '60669652-455b-4ae9-85a4-c4c02393f86c', 'GET', { 'Access-Control-Allow-Origin': '*' }],
    ['CORS-With-Preflight', '5cc3b908-e619-4b99-88e5-2cf7f45965bd', 'OPTIONS', PREFLIGHT],
    ['SecurityHeadersPolicy', '67f7725c-6f97-4210-82d7-5512b31e9d03', 'GET', SECURITY],
    [
      'CORS-and-SecurityHeadersPolicy',
      'e61eb60c-9c35-4d20-a928-2b84e02af89c',
      'GET',
      { 'Access-Control-Allow-Origin': '*', ...SECURITY },
    ],
    [
      'CORS-with-preflight-and-SecurityHeadersPolicy',
      'eaab4381-ed33-4a86-88ca-d9558dc6cd63',
      'OPTIONS',
      { ...PREFLIGHT, ...SECURITY },
    ],
  ])('%s', (_name, id, method, headers) => {
    expect(applyResponseHeaders(managed(id), ORIGIN, method, {})).toEqual(headers);
  });

  it('override X-Content-Type-Options alone', () => {
    const origin = Object.fromEntries(Object.keys(SECURITY).map((name) => [name.toLowerCase(), 'o']));
    expect(applyResponseHeaders(managed('67f7725c-6f97-4210-82d7-5512b31e9d03'), {}, 'GET', origin)).toEqual({
      'referrer-policy': 'o',
      'strict-transport-security': 'o',
      'X-Content-Type-Options': 'nosniff',
      'x-frame-options': 'o',
      'x-xss-protection': 'o',
    });
  });
});
