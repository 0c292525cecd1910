import { expect, it } from 'vitest';
import { MANAGED_RESPONSE_HEADERS_POLICIES, type ResponseHeadersPolicy } from '../response-headers-policy';
import { applyResponseHeaders } from './apply-response-headers';

const managed = (id: string): ResponseHeadersPolicy =>
  MANAGED_RESPONSE_HEADERS_POLICIES[id] ?? { cors: undefined, added: [], removed: [] };
const PREFLIGHT = managed('5cc3b908-e619-4b99-88e5-2cf7f45965bd');
const SECURITY = managed('67f7725c-6f97-4210-82d7-5512b31e9d03');
const cors = { ...PREFLIGHT.cors, allowOrigins: ['https://*.example.com'] } as NonNullable<
  ResponseHeadersPolicy['cors']
>;
const none: ResponseHeadersPolicy = { cors: undefined, added: [], removed: [] };

it('adds what the origin has not said, and replaces what it may', () => {
  const answered = applyResponseHeaders(SECURITY, {}, 'GET', {
    'x-frame-options': 'DENY',
    'X-Content-Type-Options': 'other',
  });
  expect(answered).toMatchObject({
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'strict-transport-security': 'max-age=31536000',
  });
  expect(Object.keys(answered).filter((name) => /content-type-options/i.test(name))).toHaveLength(1);
});

it('removes first, so that what it adds stays', () => {
  const policy = { ...none, removed: ['server'], added: [{ name: 'server', value: 'ours', override: false }] };
  expect(applyResponseHeaders(policy, {}, 'GET', { server: 'AmazonS3', etag: '"e"' })).toEqual({
    etag: '"e"',
    server: 'ours',
  });
});

it('says nothing of CORS to a request without Origin', () => {
  expect(applyResponseHeaders(PREFLIGHT, {}, 'GET', { etag: '"e"' })).toEqual({ etag: '"e"' });
});

it('lets any origin read, and tells a preflight the methods', () => {
  expect(applyResponseHeaders(PREFLIGHT, { origin: 'https://a.test' }, 'GET', {})).toEqual({
    'access-control-allow-origin': '*',
    'access-control-expose-headers': '*',
  });
  const asked = { origin: 'https://a.test', 'access-control-request-method': 'PUT' };
  expect(applyResponseHeaders(PREFLIGHT, asked, 'OPTIONS', {})).toMatchObject({
    'access-control-allow-methods': 'GET, HEAD, PUT, POST, PATCH, DELETE, OPTIONS',
  });
});

it('echoes an origin that a wildcard matches, names it in Vary, and leaves others without', () => {
  const policy = { ...none, cors };
  expect(applyResponseHeaders(policy, { origin: 'https://www.example.com' }, 'GET', {})).toMatchObject({
    'access-control-allow-origin': 'https://www.example.com',
    vary: 'Origin',
  });
  expect(applyResponseHeaders(policy, { origin: 'https://example.org' }, 'GET', {})).toEqual({});
});

it('leaves an origin’s own CORS headers alone, unless it may override them', () => {
  const own = { 'access-control-allow-origin': 'https://own.test' };
  const asked = { origin: 'https://www.example.com' };
  expect(applyResponseHeaders({ ...none, cors }, asked, 'GET', own)).toEqual(own);
  expect(applyResponseHeaders({ ...none, cors: { ...cors, originOverride: true } }, asked, 'GET', own)).toMatchObject({
    'access-control-allow-origin': 'https://www.example.com',
  });
});
