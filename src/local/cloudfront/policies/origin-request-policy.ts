/**
 * What an origin request policy adds to that which the cache key sends to the origin anyway.
 *
 * [D] CloudFront Developer Guide, "Understand origin request policies", "Use managed origin request policies" (ids and contents;
 * with a bucket, those that send all query strings leave out three that change S3's answer), "Understand how origin request
 * policies and cache policies work together". Not by name in such a policy: `Authorization` and `Accept-Encoding` (aws-cdk #13408,
 * #15286).
 *
 * Gaps: what `header-rules.ts` refuses. By design: a policy that sends the viewer's `Host` to a bucket is refused; the bucket
 * would look for one of that name, and answer 403 (amazon-cloudfront-functions #56). [UNV] Whether CloudFront refuses such a
 * distribution already.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { Properties, type PropertyTable } from '../../cloudformation/properties';
import type { ResourceRequest } from '../../cloudformation/resource-type';
import { type CachePolicy, readCookies, readQueryStrings } from './cache-policy';
import { checkHeaderNames, mayReachBucket, mayReachServer } from './header-rules';
import {
  allExcept,
  EVERYTHING,
  inLowerCase,
  NOTHING,
  only,
  readSelection,
  type Selection,
  selectCookies,
  selectHeaders,
  selectQuery,
  selects,
  unionOf,
} from './selection';

/** Plain data. */
export interface OriginRequestPolicy {
  readonly queryStrings: Selection;
  readonly headers: Selection;
  readonly cookies: Selection;
}

const ALL_BUT_S3_OVERRIDES = allExcept(
  'response-content-disposition',
  'response-content-encoding',
  'response-content-type',
);
const CORS = ['access-control-request-headers', 'access-control-request-method', 'origin'] as const;

/** AWS's own, by their ids, as they are with a bucket. */
export const MANAGED_ORIGIN_REQUEST_POLICIES: Readonly<Record<string, OriginRequestPolicy>> = {
  // AllViewerExceptHostHeader
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': {
    queryStrings: ALL_BUT_S3_OVERRIDES,
    headers: allExcept('host'),
    cookies: EVERYTHING,
  },
  // CORS-CustomOrigin
  '59781a5b-3903-41f3-afcb-af62929ccde1': { queryStrings: NOTHING, headers: only('origin'), cookies: NOTHING },
  // CORS-S3Origin
  '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf': { queryStrings: NOTHING, headers: only(...CORS), cookies: NOTHING },
  // Elemental-MediaTailor-PersonalizedManifests
  '775133bc-15f2-49f9-abea-afb2e0bf67d2': {
    queryStrings: ALL_BUT_S3_OVERRIDES,
    headers: only(...CORS, 'user-agent', 'x-forwarded-for'),
    cookies: NOTHING,
  },
  // UserAgentRefererHeaders
  'acba4595-bd28-49b8-b9fe-13317c0390fa': {
    queryStrings: NOTHING,
    headers: only('referer', 'user-agent'),
    cookies: NOTHING,
  },
};

const SENDS_HOST = 'sends the viewer’s Host, which no bucket answers to';

/** AWS's own that no bucket can be behind, by their ids: name and reason. */
export const REFUSED_ORIGIN_REQUEST_POLICIES: Readonly<Record<string, string>> = {
  '216adef6-5c7f-47e4-b989-5492eafa07d3': `AllViewer ${SENDS_HOST}; AllViewerExceptHostHeader does not`,
  '33f36d7e-f396-46d9-90e0-52428a34d9dc': `AllViewerAndCloudFrontHeaders-2022-06 ${SENDS_HOST}, and headers that the local runtime cannot make up`,
  'bf0718e1-ba1e-49d1-88b1-f726733018ae': `HostHeaderOnly ${SENDS_HOST}`,
};

const POLICY: PropertyTable = { OriginRequestPolicyConfig: 'used' };
const CONFIG: PropertyTable = {
  Comment: { noEffect: 'text' },
  CookiesConfig: 'used',
  HeadersConfig: 'used',
  Name: { noEffect: 'a name' },
  QueryStringsConfig: 'used',
};
const HEADERS: PropertyTable = { HeaderBehavior: 'used', Headers: 'used' };

/** Reads `AWS::CloudFront::OriginRequestPolicy`. @throws ResourcePropertyError naming the first thing in it that is not simulated. */
export function readOriginRequestPolicy({ logicalId, properties }: ResourceRequest): OriginRequestPolicy {
  const config = new Properties(`${logicalId} (AWS::CloudFront::OriginRequestPolicy)`, properties, POLICY).group(
    'OriginRequestPolicyConfig',
    CONFIG,
  );
  return {
    queryStrings: readQueryStrings(config),
    headers: readHeaders(config.group('HeadersConfig', HEADERS)),
    cookies: readCookies(config),
  };
}

const BY_CACHE_POLICY = ['accept-encoding', 'authorization'];

function readHeaders(config: Properties): Selection {
  const behavior = config.text('HeaderBehavior');
  if (behavior === 'allViewerAndWhitelistCloudFront')
    config.notImplemented('HeaderBehavior allViewerAndWhitelistCloudFront (headers that CloudFront makes up)');
  if (behavior === 'allViewer') {
    if (config.has('Headers')) config.refuse('Headers', 'has to be empty with allViewer');
    return refuseHost(config, EVERYTHING);
  }
  const headers = inLowerCase(
    readSelection(config, { behavior: 'HeaderBehavior', names: 'Headers' }, ['none', 'whitelist', 'allExcept']),
  );
  if (headers.behavior !== 'whitelist') return refuseHost(config, headers);
  const wrong = headers.names.find((name) => BY_CACHE_POLICY.includes(name));
  if (wrong !== undefined) config.refuse('Headers', `has ${wrong}, which only a cache policy can name`);
  checkHeaderNames(config, 'Headers', headers.names);
  return headers;
}

function refuseHost(config: Properties, headers: Selection): Selection {
  if (selects(headers, 'host'))
    config.notImplemented(
      `HeaderBehavior ${config.text('HeaderBehavior')}, which ${SENDS_HOST} (allExcept Host does not),`,
    );
  return headers;
}

/** What goes to the origin in all: what either policy names. To be computed once, when a distribution is applied. */
export const selectionsForOrigin = (
  cache: Pick<CachePolicy, keyof OriginRequestPolicy>,
  origin: OriginRequestPolicy | undefined,
): OriginRequestPolicy => ({
  queryStrings: unionOf(cache.queryStrings, origin?.queryStrings ?? NOTHING),
  headers: unionOf(cache.headers, origin?.headers ?? NOTHING),
  cookies: unionOf(cache.cookies, origin?.cookies ?? NOTHING),
});

export interface ForOrigin {
  readonly rawQuery: string;
  /** By name in lower case; `cookie` among them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Of a viewer's request, what the origin gets beside the path. */
export function selectForOrigin(
  { queryStrings, headers, cookies }: OriginRequestPolicy,
  rawQuery: string,
  viewer: IncomingHttpHeaders,
  kind: 'bucket' | 'custom',
): ForOrigin {
  const cookie = selectCookies(cookies, viewer.cookie);
  const selected = selectHeaders(headers, viewer);
  const isPlain = cookie === '' && headers.behavior === 'none';
  return {
    rawQuery: selectQuery(queryStrings, rawQuery),
    headers: isPlain ? selected : { ...reaching(selected, kind), ...(cookie !== '' && { cookie }) },
  };
}

function reaching(headers: Readonly<Record<string, string>>, kind: 'bucket' | 'custom'): Record<string, string> {
  const mayReach = kind === 'bucket' ? mayReachBucket : mayReachServer;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => mayReach(name)));
}
