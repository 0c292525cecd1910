import { Properties, type PropertyTable } from '../cloudformation/properties';
import type { ResourceRequest } from '../cloudformation/resource-type';

/** What decides how long an answer is kept and what tells one from another. Times in seconds. */
export interface CachePolicy {
  readonly minTtl: number;
  readonly defaultTtl: number;
  readonly maxTtl: number;
  /** Which parameters are part of the cache key and go to the origin. */
  readonly isInKey: (parameter: string) => boolean;
  readonly gzip: boolean;
  readonly brotli: boolean;
}

const none = (): boolean => false;
const DAY = 86_400;
const YEAR = 31_536_000;

/** AWS's own, by their ids. Source: CloudFront Developer Guide, "Use managed cache policies". */
export const MANAGED_CACHE_POLICIES: Readonly<Record<string, CachePolicy>> = {
  // CachingOptimized
  '658327ea-f89d-4fab-a63d-7e88639e58f6': {
    minTtl: 1,
    defaultTtl: DAY,
    maxTtl: YEAR,
    isInKey: none,
    gzip: true,
    brotli: true,
  },
  // CachingOptimizedForUncompressedObjects
  'b2884449-e4de-46a7-ac36-70bc7f1ddd6d': {
    minTtl: 1,
    defaultTtl: DAY,
    maxTtl: YEAR,
    isInKey: none,
    gzip: false,
    brotli: false,
  },
  // CachingDisabled
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': {
    minTtl: 0,
    defaultTtl: 0,
    maxTtl: 0,
    isInKey: none,
    gzip: false,
    brotli: false,
  },
};

const POLICY: PropertyTable = { CachePolicyConfig: 'used' };
const CONFIG: PropertyTable = {
  Comment: { noEffect: 'text' },
  DefaultTTL: 'used',
  MaxTTL: 'used',
  MinTTL: 'used',
  Name: { noEffect: 'a name' },
  ParametersInCacheKeyAndForwardedToOrigin: 'used',
};
const PARAMETERS: PropertyTable = {
  CookiesConfig: 'used',
  EnableAcceptEncodingBrotli: 'used',
  EnableAcceptEncodingGzip: 'used',
  HeadersConfig: 'used',
  QueryStringsConfig: 'used',
};
const COOKIES: PropertyTable = { CookieBehavior: 'used', Cookies: { notImplemented: 'a bucket reads no cookies' } };
const HEADERS: PropertyTable = {
  HeaderBehavior: 'used',
  Headers: { notImplemented: 'headers are no part of the key' },
};
const QUERY_STRINGS: PropertyTable = { QueryStringBehavior: 'used', QueryStrings: 'used' };

const LONGEST = { min: 0, max: YEAR * 100 };

/** Reads `AWS::CloudFront::CachePolicy`. @throws ResourcePropertyError naming the first thing in it that home does not do. */
export function readCachePolicy({ logicalId, properties }: ResourceRequest): CachePolicy {
  const config = new Properties(`${logicalId} (AWS::CloudFront::CachePolicy)`, properties, POLICY).group(
    'CachePolicyConfig',
    CONFIG,
  );
  const parameters = config.group('ParametersInCacheKeyAndForwardedToOrigin', PARAMETERS);
  const cookies = parameters.group('CookiesConfig', COOKIES);
  if (cookies.oneOf('CookieBehavior', ['none', 'all', 'whitelist', 'allExcept'], 'none') !== 'none')
    cookies.notImplemented('a cache key with cookies');
  parameters.group('HeadersConfig', HEADERS).oneOf('HeaderBehavior', ['none'], 'none');
  const query = parameters.group('QueryStringsConfig', QUERY_STRINGS);
  const names = new Set(query.textList('QueryStrings'));
  const behavior = query.oneOf('QueryStringBehavior', ['none', 'whitelist', 'allExcept', 'all'], 'none');
  const isInKey = {
    none,
    all: () => true,
    whitelist: (name: string) => names.has(name),
    allExcept: (name: string) => !names.has(name),
  }[behavior];
  const minTtl = config.optionalNumber('MinTTL', LONGEST) ?? 0;
  const defaultTtl = config.optionalNumber('DefaultTTL', LONGEST) ?? Math.max(DAY, minTtl);
  return {
    minTtl,
    defaultTtl,
    maxTtl: config.optionalNumber('MaxTTL', LONGEST) ?? Math.max(YEAR, defaultTtl),
    isInKey,
    gzip: parameters.flag('EnableAcceptEncodingGzip', false),
    brotli: parameters.flag('EnableAcceptEncodingBrotli', false),
  };
}
