import { Properties, type PropertyTable } from '../cloudformation/properties';
import type { ResourceRequest } from '../cloudformation/resource-type';
import { EVERYTHING, lowerCase, NOTHING, only, readSelection, type Selections } from './selection';

/** What decides how long an answer is kept and what tells one from another: what is selected is in the key, and goes to the origin. Plain data. */
export interface CachePolicy extends Selections {
  /** Seconds, as the other two. */
  readonly minTtl: number;
  readonly defaultTtl: number;
  readonly maxTtl: number;
  readonly gzip: boolean;
  readonly brotli: boolean;
}

const DAY = 86_400;
const YEAR = 31_536_000;

const BARE: CachePolicy = {
  minTtl: 0,
  defaultTtl: 0,
  maxTtl: 0,
  queryStrings: NOTHING,
  headers: NOTHING,
  cookies: NOTHING,
  gzip: false,
  brotli: false,
};
const CACHING: CachePolicy = { ...BARE, minTtl: 1, defaultTtl: DAY, maxTtl: YEAR };
const COMPRESSED = { gzip: true, brotli: true };
const ORIGIN_DECIDES: CachePolicy = {
  ...BARE,
  ...COMPRESSED,
  maxTtl: YEAR,
  headers: only('host', 'origin', 'x-http-method-override', 'x-http-method', 'x-method-override'),
  cookies: EVERYTHING,
};

/** AWS's own, by their ids. Source: CloudFront Developer Guide, "Use managed cache policies". */
export const MANAGED_CACHE_POLICIES: Readonly<Record<string, CachePolicy>> = {
  // CachingOptimized
  '658327ea-f89d-4fab-a63d-7e88639e58f6': { ...CACHING, ...COMPRESSED },
  // CachingOptimizedForUncompressedObjects
  'b2884449-e4de-46a7-ac36-70bc7f1ddd6d': CACHING,
  // CachingDisabled
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': BARE,
  // UseOriginCacheControlHeaders
  '83da9c7e-98b4-4e11-a168-04f0df8e2c65': ORIGIN_DECIDES,
  // UseOriginCacheControlHeaders-QueryStrings
  '4cc15a8a-d715-48a4-82b8-cc0b614638fe': { ...ORIGIN_DECIDES, queryStrings: EVERYTHING },
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
const COOKIES: PropertyTable = { CookieBehavior: 'used', Cookies: 'used' };
const HEADERS: PropertyTable = { HeaderBehavior: 'used', Headers: 'used' };
const QUERY_STRINGS: PropertyTable = { QueryStringBehavior: 'used', QueryStrings: 'used' };

const LONGEST = { min: 0, max: YEAR * 100 };

/** Reads `AWS::CloudFront::CachePolicy`. @throws ResourcePropertyError naming the first thing in it that home does not do. */
export function readCachePolicy({ logicalId, properties }: ResourceRequest): CachePolicy {
  const config = new Properties(`${logicalId} (AWS::CloudFront::CachePolicy)`, properties, POLICY).group(
    'CachePolicyConfig',
    CONFIG,
  );
  const parameters = config.group('ParametersInCacheKeyAndForwardedToOrigin', PARAMETERS);
  const headers = parameters.group('HeadersConfig', HEADERS);
  headers.oneOf('HeaderBehavior', ['none', 'whitelist'], 'none');
  const minTtl = config.optionalNumber('MinTTL', LONGEST) ?? 0;
  const defaultTtl = config.optionalNumber('DefaultTTL', LONGEST) ?? Math.max(DAY, minTtl);
  return {
    minTtl,
    defaultTtl,
    maxTtl: config.optionalNumber('MaxTTL', LONGEST) ?? Math.max(YEAR, defaultTtl),
    queryStrings: readSelection(
      parameters.group('QueryStringsConfig', QUERY_STRINGS),
      'QueryStringBehavior',
      'QueryStrings',
    ),
    headers: lowerCase(readSelection(headers, 'HeaderBehavior', 'Headers')),
    cookies: readSelection(parameters.group('CookiesConfig', COOKIES), 'CookieBehavior', 'Cookies'),
    gzip: parameters.flag('EnableAcceptEncodingGzip', false),
    brotli: parameters.flag('EnableAcceptEncodingBrotli', false),
  };
}
