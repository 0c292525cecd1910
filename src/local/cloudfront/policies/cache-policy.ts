/**
 * What a cache policy says: how long an answer is kept, and what tells one from another.
 *
 * [D] CloudFront Developer Guide, "Understand cache policies", "Use managed cache policies" (ids and contents), API Reference,
 * CachePolicyConfig (the TTLs' defaults). Refused in CloudFront's words: anything in the key of a policy with caching disabled
 * (aws-cdk #13441, nextjs-lambda #89), `Accept-Encoding` beside its own two switches (cloudformation-coverage-roadmap #571).
 *
 * Gaps: conditions and ranges in the key (the cache keeps whole objects), wildcards in the names of cookies, and what
 * `header-rules.ts` refuses.
 */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Properties, type PropertyTable } from '../../cloudformation/properties';
import type { ResourceRequest } from '../../cloudformation/resource-type';
import { CONDITIONS, checkHeaderNames } from './header-rules';
import { inLowerCase, NOTHING, only, readSelection, type Selection, selectCookies, selectHeaders } from './selection';

/** Plain data. Times in seconds. What is selected is part of the cache key and goes to the origin. */
export interface CachePolicy {
  readonly minTtl: number;
  readonly defaultTtl: number;
  readonly maxTtl: number;
  readonly gzip: boolean;
  readonly brotli: boolean;
  readonly queryStrings: Selection;
  readonly headers: Selection;
  readonly cookies: Selection;
}

const DAY = 86_400;
const YEAR = 31_536_000;

const OPTIMIZED: CachePolicy = {
  minTtl: 1,
  defaultTtl: DAY,
  maxTtl: YEAR,
  gzip: true,
  brotli: true,
  queryStrings: NOTHING,
  headers: NOTHING,
  cookies: NOTHING,
};

/** AWS's own, by their ids. */
export const MANAGED_CACHE_POLICIES: Readonly<Record<string, CachePolicy>> = {
  // CachingOptimized
  '658327ea-f89d-4fab-a63d-7e88639e58f6': OPTIMIZED,
  // CachingOptimizedForUncompressedObjects
  'b2884449-e4de-46a7-ac36-70bc7f1ddd6d': { ...OPTIMIZED, gzip: false, brotli: false },
  // CachingDisabled
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': {
    ...OPTIMIZED,
    minTtl: 0,
    defaultTtl: 0,
    maxTtl: 0,
    gzip: false,
    brotli: false,
  },
  // Elemental-MediaPackage
  '08627262-05a9-4f76-9ded-b50ca2e3a84f': {
    ...OPTIMIZED,
    minTtl: 0,
    brotli: false,
    queryStrings: only('aws.manifestfilter', 'start', 'end', 'm'),
    headers: only('origin'),
  },
};

const KEYED_ON_HOST = 'has the viewer’s Host in its cache key, which CloudFront does not do for a bucket';

/** AWS's own that no bucket can be behind, by their ids: name and reason. */
export const REFUSED_CACHE_POLICIES: Readonly<Record<string, string>> = {
  '2e54312d-136d-493c-8eb9-b001f22f67d2': `Amplify ${KEYED_ON_HOST}`,
  '83da9c7e-98b4-4e11-a168-04f0df8e2c65': `UseOriginCacheControlHeaders ${KEYED_ON_HOST}`,
  '4cc15a8a-d715-48a4-82b8-cc0b614638fe': `UseOriginCacheControlHeaders-QueryStrings ${KEYED_ON_HOST}`,
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

/** Reads `AWS::CloudFront::CachePolicy`. @throws ResourcePropertyError naming the first thing in it that is not simulated. */
export function readCachePolicy({ logicalId, properties }: ResourceRequest): CachePolicy {
  const config = new Properties(`${logicalId} (AWS::CloudFront::CachePolicy)`, properties, POLICY).group(
    'CachePolicyConfig',
    CONFIG,
  );
  const parameters = config.group('ParametersInCacheKeyAndForwardedToOrigin', PARAMETERS);
  const policy: CachePolicy = {
    ...readTtls(config),
    gzip: parameters.flag('EnableAcceptEncodingGzip', false),
    brotli: parameters.flag('EnableAcceptEncodingBrotli', false),
    queryStrings: readQueryStrings(parameters),
    headers: readKeyedHeaders(parameters),
    cookies: readCookies(parameters),
  };
  checkTogether(parameters, policy);
  return policy;
}

export const readQueryStrings = (parent: Properties): Selection =>
  readSelection(
    parent.group('QueryStringsConfig', QUERY_STRINGS),
    { behavior: 'QueryStringBehavior', names: 'QueryStrings' },
    ['none', 'whitelist', 'allExcept', 'all'],
  );

export function readCookies(parent: Properties): Selection {
  const config = parent.group('CookiesConfig', COOKIES);
  const cookies = readSelection(config, { behavior: 'CookieBehavior', names: 'Cookies' }, [
    'none',
    'whitelist',
    'allExcept',
    'all',
  ]);
  const pattern = cookies.names.find((name) => /[*?]/.test(name));
  // Legacy cache settings take wildcards in the names of cookies. [UNV] Whether policies do.
  if (pattern !== undefined) config.notImplemented(`Cookies: the wildcard in ${pattern}`);
  return cookies;
}

function readKeyedHeaders(parent: Properties): Selection {
  const config = parent.group('HeadersConfig', HEADERS);
  const headers = inLowerCase(
    readSelection(config, { behavior: 'HeaderBehavior', names: 'Headers' }, ['none', 'whitelist']),
  );
  checkHeaderNames(config, 'Headers', headers.names);
  const condition = headers.names.find((name) => CONDITIONS.includes(name));
  if (condition !== undefined) config.notImplemented(`Headers: ${condition} in a cache key`);
  return headers;
}

const LONGEST = { min: 0, max: YEAR * 100 };

function readTtls(config: Properties): Pick<CachePolicy, 'minTtl' | 'defaultTtl' | 'maxTtl'> {
  const minTtl = config.optionalNumber('MinTTL', LONGEST) ?? 0;
  const defaultTtl = config.optionalNumber('DefaultTTL', LONGEST) ?? Math.max(DAY, minTtl);
  const maxTtl = config.optionalNumber('MaxTTL', LONGEST) ?? Math.max(YEAR, defaultTtl);
  if (defaultTtl < minTtl) config.refuse('DefaultTTL', 'is less than MinTTL');
  if (maxTtl < defaultTtl) config.refuse('MaxTTL', 'is less than DefaultTTL');
  return { minTtl, defaultTtl, maxTtl };
}

function checkTogether(
  parameters: Properties,
  { maxTtl, gzip, brotli, headers, cookies, queryStrings }: CachePolicy,
): void {
  if ((gzip || brotli) && headers.names.includes('accept-encoding'))
    parameters.refuse('HeadersConfig', 'cannot have Accept-Encoding beside EnableAcceptEncodingGzip or -Brotli');
  if (maxTtl > 0) return;
  const inKey: readonly (readonly [string, boolean])[] = [
    ['EnableAcceptEncodingGzip', gzip],
    ['EnableAcceptEncodingBrotli', brotli],
    ['HeaderBehavior', headers.behavior !== 'none'],
    ['CookieBehavior', cookies.behavior !== 'none'],
    ['QueryStringBehavior', queryStrings.behavior !== 'none'],
  ];
  const wrong = inKey.find(([, isAsked]) => isAsked);
  if (wrong) parameters.refuse(wrong[0], 'is invalid for policy with caching disabled');
}

/**
 * The headers' and cookies' share of the cache key; empty where there is none. A digest: they may be long, and secrets of the
 * viewer's.
 */
export function viewerKey({ headers, cookies }: CachePolicy, viewer: IncomingHttpHeaders): string {
  if (headers.behavior === 'none' && cookies.behavior === 'none') return '';
  const parts = [selectHeaders(headers, viewer), selectCookies(cookies, viewer.cookie)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
