import { describe, expect, it } from 'vitest';
import { type Refusal, refusal, requestOf } from '../resource-request.test.fixture';
import { MANAGED_CACHE_POLICIES, REFUSED_CACHE_POLICIES, readCachePolicy, viewerKey } from './cache-policy';

const NONE = {
  CookiesConfig: { CookieBehavior: 'none' },
  HeadersConfig: { HeaderBehavior: 'none' },
  QueryStringsConfig: { QueryStringBehavior: 'none' },
};
const read = (parameters: Record<string, unknown> = {}, config: Record<string, unknown> = {}) =>
  readCachePolicy(
    requestOf({
      CachePolicyConfig: {
        Name: 'n',
        ParametersInCacheKeyAndForwardedToOrigin: { EnableAcceptEncodingGzip: false, ...NONE, ...parameters },
        ...config,
      },
    }),
  );
const headers = (...Headers: string[]) => ({ HeadersConfig: { HeaderBehavior: 'whitelist', Headers } });

describe('a cache policy', () => {
  it('reads what is in the key as plain data', () => {
    const policy = read(
      {
        EnableAcceptEncodingBrotli: true,
        CookiesConfig: { CookieBehavior: 'allExcept', Cookies: ['b', 'a'] },
        QueryStringsConfig: { QueryStringBehavior: 'whitelist', QueryStrings: ['v', 'Size', 'v'] },
        ...headers('Origin', 'Authorization', 'ORIGIN'),
      },
      { MinTTL: 1, DefaultTTL: '2', MaxTTL: 3 },
    );
    expect(policy).toEqual({
      minTtl: 1,
      defaultTtl: 2,
      maxTtl: 3,
      gzip: false,
      brotli: true,
      cookies: { behavior: 'allExcept', names: ['a', 'b'] },
      headers: { behavior: 'whitelist', names: ['authorization', 'origin'] },
      queryStrings: { behavior: 'whitelist', names: ['Size', 'v'] },
    });
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
  });

  it('has CloudFront’s default times', () => {
    expect(read()).toMatchObject({ minTtl: 0, defaultTtl: 86_400, maxTtl: 31_536_000 });
    expect(read({}, { MinTTL: 100_000 })).toMatchObject({ defaultTtl: 100_000, maxTtl: 31_536_000 });
  });
});

describe('refuses, by name,', () => {
  it.each<[string, Record<string, unknown>, Refusal, string]>([
    ['a group that is missing', { CookiesConfig: undefined }, 'ERR_INVALID_PROPERTY', 'CookieBehavior is missing'],
    ['an unknown property', { Colour: 1 }, 'ERR_UNKNOWN_PROPERTY', 'Colour'],
    [
      'a list without names',
      { QueryStringsConfig: { QueryStringBehavior: 'whitelist' } },
      'ERR_INVALID_PROPERTY',
      'QueryStrings',
    ],
    [
      'names without a list',
      { CookiesConfig: { CookieBehavior: 'all', Cookies: ['a'] } },
      'ERR_INVALID_PROPERTY',
      'Cookies',
    ],
    [
      'an empty name',
      { QueryStringsConfig: { QueryStringBehavior: 'allExcept', QueryStrings: [''] } },
      'ERR_INVALID_PROPERTY',
      'QueryStrings',
    ],
    [
      'every header in the key',
      { HeadersConfig: { HeaderBehavior: 'all' } },
      'ERR_INVALID_PROPERTY',
      'none, whitelist',
    ],
    ['what is no header’s name', headers('a b'), 'ERR_INVALID_PROPERTY', '"a b"'],
    ['Cookie', headers('Cookie'), 'ERR_INVALID_PROPERTY', 'CookiesConfig'],
    ['a header of the connection', headers('Connection'), 'ERR_INVALID_PROPERTY', 'connection'],
    ['a header of CloudFront’s own', headers('X-Edge-Location'), 'ERR_INVALID_PROPERTY', 'x-edge-location'],
    ['Host, for a bucket', headers('Host'), 'ERR_NOT_IMPLEMENTED', 'host'],
    ['a condition', headers('If-None-Match'), 'ERR_NOT_IMPLEMENTED', 'if-none-match'],
    ['the viewer’s country', headers('CloudFront-Viewer-Country'), 'ERR_NOT_IMPLEMENTED', 'cloudfront-viewer-country'],
    ['a header of the signed request', headers('X-Amz-Meta-A'), 'ERR_NOT_IMPLEMENTED', 'x-amz-meta-a'],
    [
      'Accept-Encoding twice',
      { EnableAcceptEncodingGzip: true, ...headers('Accept-Encoding') },
      'ERR_INVALID_PROPERTY',
      'Accept-Encoding',
    ],
    [
      'wildcards in cookies',
      { CookiesConfig: { CookieBehavior: 'whitelist', Cookies: ['user_*'] } },
      'ERR_NOT_IMPLEMENTED',
      'user_*',
    ],
  ])('%s', (_title, parameters, code, named) => {
    expect(() => read(parameters)).toThrow(refusal(code, named));
  });

  it('times out of order', () => {
    expect(() => read({}, { MinTTL: 10, DefaultTTL: 5 })).toThrow(refusal('ERR_INVALID_PROPERTY', 'DefaultTTL'));
    expect(() => read({}, { MaxTTL: 5 })).toThrow(refusal('ERR_INVALID_PROPERTY', 'MaxTTL'));
  });

  it('a key for what is never kept', () => {
    const disabled = { MinTTL: 0, DefaultTTL: 0, MaxTTL: 0 };
    expect(read({}, disabled)).toMatchObject({ maxTtl: 0 });
    expect(() => read(headers('Authorization'), disabled)).toThrow(
      refusal('ERR_INVALID_PROPERTY', 'HeaderBehavior is invalid for policy with caching disabled'),
    );
    expect(() => read({ EnableAcceptEncodingGzip: true }, disabled)).toThrow(
      refusal('ERR_INVALID_PROPERTY', 'EnableAcceptEncodingGzip is invalid'),
    );
  });
});

describe('AWS’s own', () => {
  it('are plain data', () => {
    expect(JSON.parse(JSON.stringify(MANAGED_CACHE_POLICIES))).toEqual(MANAGED_CACHE_POLICIES);
  });

  it('have of Elemental-MediaPackage what AWS says of it', () => {
    expect(MANAGED_CACHE_POLICIES['08627262-05a9-4f76-9ded-b50ca2e3a84f']).toEqual({
      minTtl: 0,
      defaultTtl: 86_400,
      maxTtl: 31_536_000,
      gzip: true,
      brotli: false,
      queryStrings: { behavior: 'whitelist', names: ['aws.manifestfilter', 'end', 'm', 'start'] },
      headers: { behavior: 'whitelist', names: ['origin'] },
      cookies: { behavior: 'none', names: [] },
    });
  });

  it('are each either known or refused by name', () => {
    const known = Object.keys(MANAGED_CACHE_POLICIES);
    expect(Object.keys(REFUSED_CACHE_POLICIES).filter((id) => known.includes(id))).toEqual([]);
    expect([...known, ...Object.keys(REFUSED_CACHE_POLICIES)]).toHaveLength(7);
    expect(REFUSED_CACHE_POLICIES['4cc15a8a-d715-48a4-82b8-cc0b614638fe']).toContain(
      'UseOriginCacheControlHeaders-QueryStrings',
    );
  });
});

describe('the viewer’s share of the cache key', () => {
  const byOriginAndUser = read({
    ...headers('Origin', 'X-B'),
    CookiesConfig: { CookieBehavior: 'whitelist', Cookies: ['user'] },
  });
  const keyOf = (viewer: Record<string, string>) => viewerKey(byOriginAndUser, viewer);

  it('is empty where neither headers nor cookies count', () => {
    expect(viewerKey(read(), { origin: 'https://a.example', cookie: 'user=1' })).toBe('');
  });

  it('differs by a header that counts, and by the case of its value', () => {
    const keys = [{}, { origin: '' }, { origin: 'a' }, { origin: 'A' }, { 'x-b': 'a' }].map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('differs by a cookie that counts, and not by others nor by their order', () => {
    expect(keyOf({ cookie: 'user=1' })).not.toBe(keyOf({ cookie: 'user=2' }));
    expect(keyOf({ cookie: 'a=1; user=1; b=2' })).toBe(keyOf({ cookie: 'user=1' }));
  });

  it('does not differ by the order of headers, nor by those that do not count', () => {
    expect(keyOf({ 'x-b': '1', origin: 'a' })).toBe(keyOf({ origin: 'a', 'x-b': '1', accept: '*/*' }));
  });

  it('cannot be made with one header by putting another’s text into it', () => {
    expect(keyOf({ origin: 'a', 'x-b': 'b' })).not.toBe(keyOf({ origin: 'a","x-b":"b' }));
    expect(keyOf({ 'x-b': 'user=1' })).not.toBe(keyOf({ cookie: 'user=1' }));
  });

  it('tells nobody the values', () => {
    expect(keyOf({ cookie: 'user=secret' })).toMatch(/^[\w-]{43}$/);
  });
});
