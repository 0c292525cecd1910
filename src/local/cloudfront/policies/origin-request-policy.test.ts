import { describe, expect, it } from 'vitest';
import { type Refusal, refusal, requestOf } from '../resource-request.test.fixture';
import { MANAGED_CACHE_POLICIES } from './cache-policy';
import {
  MANAGED_ORIGIN_REQUEST_POLICIES,
  type OriginRequestPolicy,
  REFUSED_ORIGIN_REQUEST_POLICIES,
  readOriginRequestPolicy,
  selectForOrigin,
  selectionsForOrigin,
} from './origin-request-policy';
import { EVERYTHING, NOTHING, only } from './selection';

const NONE = {
  CookiesConfig: { CookieBehavior: 'none' },
  HeadersConfig: { HeaderBehavior: 'none' },
  QueryStringsConfig: { QueryStringBehavior: 'none' },
};
const read = (config: Record<string, unknown> = {}) =>
  readOriginRequestPolicy(requestOf({ OriginRequestPolicyConfig: { Name: 'n', Comment: 'c', ...NONE, ...config } }));
const headers = (HeaderBehavior: string, ...Headers: string[]) => ({ HeadersConfig: { HeaderBehavior, Headers } });

const managed = (id: string): OriginRequestPolicy => {
  const policy = MANAGED_ORIGIN_REQUEST_POLICIES[id];
  if (!policy) throw new Error(`there is no policy ${id}`);
  return policy;
};
const ALL_BUT_HOST = managed('b689b0a8-53d0-40ab-baf2-68738e2966ac');
const CORS_S3 = managed('88a5eaf4-2fd4-4709-b370-b4c650ea3fcf');

describe('an origin request policy', () => {
  it('reads as plain data', () => {
    const policy = read({
      CookiesConfig: { CookieBehavior: 'all' },
      QueryStringsConfig: { QueryStringBehavior: 'allExcept', QueryStrings: ['utm'] },
      ...headers('allExcept', 'Host', 'Cookie'),
    });
    expect(policy).toEqual({
      cookies: { behavior: 'all', names: [] },
      headers: { behavior: 'allExcept', names: ['cookie', 'host'] },
      queryStrings: { behavior: 'allExcept', names: ['utm'] },
    });
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
    expect(read(headers('whitelist', 'Origin', 'Range')).headers).toEqual(only('origin', 'range'));
    expect(read()).toEqual({ cookies: NOTHING, headers: NOTHING, queryStrings: NOTHING });
  });
});

describe('refuses, by name,', () => {
  it.each<[string, Record<string, unknown>, Refusal, string]>([
    ['an unknown property', { Colour: 1 }, 'ERR_UNKNOWN_PROPERTY', 'Colour'],
    ['a group that is missing', { HeadersConfig: undefined }, 'ERR_INVALID_PROPERTY', 'HeaderBehavior is missing'],
    ['a word it does not know', headers('some'), 'ERR_INVALID_PROPERTY', 'HeaderBehavior'],
    ['a list without names', headers('whitelist'), 'ERR_INVALID_PROPERTY', 'Headers'],
    ['names beside allViewer', headers('allViewer', 'Origin'), 'ERR_INVALID_PROPERTY', 'Headers'],
    ['Host among all headers', headers('allViewer'), 'ERR_NOT_IMPLEMENTED', 'Host'],
    ['Host among all but some', headers('allExcept', 'Cookie'), 'ERR_NOT_IMPLEMENTED', 'Host'],
    ['Host by name', headers('whitelist', 'HOST'), 'ERR_NOT_IMPLEMENTED', 'host'],
    [
      'headers that CloudFront makes up',
      headers('allViewerAndWhitelistCloudFront', 'CloudFront-Viewer-Country'),
      'ERR_NOT_IMPLEMENTED',
      'allViewerAndWhitelistCloudFront',
    ],
    [
      'one of them by name',
      headers('whitelist', 'CloudFront-Viewer-City'),
      'ERR_NOT_IMPLEMENTED',
      'cloudfront-viewer-city',
    ],
    ['Authorization by name', headers('whitelist', 'Authorization'), 'ERR_INVALID_PROPERTY', 'authorization'],
    ['Accept-Encoding by name', headers('whitelist', 'Accept-Encoding'), 'ERR_INVALID_PROPERTY', 'accept-encoding'],
    ['Cookie by name', headers('whitelist', 'Cookie'), 'ERR_INVALID_PROPERTY', 'CookiesConfig'],
  ])('%s', (_title, config, code, named) => {
    expect(() => read(config)).toThrow(refusal(code, named));
  });
});

describe('to the origin goes', () => {
  const viewer = {
    host: 'd111111abcdef8.cloudfront.net',
    origin: 'https://a.example',
    'access-control-request-method': 'GET',
    'user-agent': 'curl/8',
    authorization: 'Bearer t',
    range: 'bytes=0-1',
    'if-none-match': '"e"',
    'accept-encoding': 'br',
    'x-amz-expected-bucket-owner': '1',
    'x-edge-a': '1',
    'cloudfront-viewer-country': 'CH',
    connection: 'keep-alive',
    'x-own': '1',
    cookie: 'b=2; CloudFront-Policy=p; a=1',
  };
  const [cacheNothing] = Object.values(MANAGED_CACHE_POLICIES);

  it('nothing, without a policy that names anything', () => {
    const selections = selectionsForOrigin({ cookies: NOTHING, headers: NOTHING, queryStrings: NOTHING }, undefined);
    expect(selectForOrigin(selections, 'a=1', viewer, 'bucket')).toEqual({ rawQuery: '', headers: {} });
  });

  it('what the cache key has, without an origin request policy', () => {
    const selections = selectionsForOrigin(
      { cookies: only('a'), headers: only('x-own'), queryStrings: only('v') },
      undefined,
    );
    expect(selectForOrigin(selections, 'a=1&v=2', viewer, 'bucket')).toEqual({
      rawQuery: 'v=2',
      headers: { 'x-own': '1', cookie: 'a=1' },
    });
  });

  it('what either policy has', () => {
    const selections = selectionsForOrigin(
      { cookies: NOTHING, headers: only('x-own'), queryStrings: only('v') },
      CORS_S3,
    );
    expect(selectForOrigin(selections, 'v=2', viewer, 'bucket')).toEqual({
      rawQuery: 'v=2',
      headers: { 'access-control-request-method': 'GET', origin: 'https://a.example', 'x-own': '1' },
    });
  });

  it('of all headers none that CloudFront sets, signs or keeps to itself', () => {
    const selections = selectionsForOrigin(cacheNothing ?? CORS_S3, ALL_BUT_HOST);
    expect(selectForOrigin(selections, 'a=1&b', viewer, 'bucket')).toEqual({
      rawQuery: 'a=1&b',
      headers: {
        origin: 'https://a.example',
        'access-control-request-method': 'GET',
        'user-agent': 'curl/8',
        'x-own': '1',
        cookie: 'a=1; b=2',
      },
    });
  });

  it('no Authorization, though it is in the key: CloudFront signs for the bucket', () => {
    const selections = selectionsForOrigin(
      { cookies: NOTHING, headers: only('authorization'), queryStrings: NOTHING },
      undefined,
    );
    expect(selectForOrigin(selections, '', viewer, 'bucket')).toEqual({ rawQuery: '', headers: {} });
  });

  it('to an HTTP server, Authorization too', () => {
    const headers = { ...viewer, authorization: 'Bearer t', 'x-amz-date': 'd', range: 'bytes=0-' };
    const sent = selectForOrigin(
      selectionsForOrigin(cacheNothing ?? CORS_S3, ALL_BUT_HOST),
      '',
      headers,
      'custom',
    ).headers;
    expect([sent.authorization, sent['x-amz-date'], sent.range, sent.connection, sent.host]).toEqual([
      'Bearer t',
      'd',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('cookies without a header', () => {
    const selections = selectionsForOrigin({ cookies: EVERYTHING, headers: NOTHING, queryStrings: NOTHING }, undefined);
    expect(selectForOrigin(selections, '', viewer, 'bucket')).toEqual({
      rawQuery: '',
      headers: { cookie: 'a=1; b=2' },
    });
  });

  it('with AWS’s own policy for all query strings, none that changes S3’s answer', () => {
    const selections = selectionsForOrigin(cacheNothing ?? CORS_S3, ALL_BUT_HOST);
    const query = 'response-content-disposition=attachment&response-cache-control=no-store&a=1&response-content-type=x';
    expect(selectForOrigin(selections, query, {}, 'bucket').rawQuery).toBe('response-cache-control=no-store&a=1');
  });
});

describe('AWS’s own', () => {
  it('are plain data', () => {
    expect(JSON.parse(JSON.stringify(MANAGED_ORIGIN_REQUEST_POLICIES))).toEqual(MANAGED_ORIGIN_REQUEST_POLICIES);
  });

  it('are each either known or refused by name', () => {
    const known = Object.keys(MANAGED_ORIGIN_REQUEST_POLICIES);
    const refused = Object.keys(REFUSED_ORIGIN_REQUEST_POLICIES);
    expect(refused.filter((id) => known.includes(id))).toEqual([]);
    expect([...known, ...refused]).toHaveLength(8);
    expect(REFUSED_ORIGIN_REQUEST_POLICIES['216adef6-5c7f-47e4-b989-5492eafa07d3']).toMatch(/^AllViewer /);
  });
});
