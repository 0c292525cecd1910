import { Properties, type PropertyTable } from '../cloudformation/properties';
import type { ResourceRequest } from '../cloudformation/resource-type';
import { EVERYTHING, lowerCase, NOTHING, only, readSelection, type Selection, type Selections } from './selection';

/** What goes to the origin besides what the cache policy takes; no part of the cache key. Plain data. */
export type OriginRequestPolicy = Selections;

/**
 * AWS's own, by their ids. Source: CloudFront Developer Guide, "Use managed origin request policies".
 * Gaps: AllViewerAndCloudFrontHeaders-2022-06 and Elemental-MediaTailor-PersonalizedManifests, whose CloudFront-* headers home does not make.
 */
export const MANAGED_ORIGIN_REQUEST_POLICIES: Readonly<Record<string, OriginRequestPolicy>> = {
  // AllViewer
  '216adef6-5c7f-47e4-b989-5492eafa07d3': { queryStrings: EVERYTHING, headers: EVERYTHING, cookies: EVERYTHING },
  // AllViewerExceptHostHeader
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': {
    queryStrings: EVERYTHING,
    headers: { behavior: 'allExcept', names: ['host'] },
    cookies: EVERYTHING,
  },
  // CORS-CustomOrigin
  '59781a5b-3903-41f3-afcb-af62929ccde1': { queryStrings: NOTHING, headers: only('origin'), cookies: NOTHING },
  // CORS-S3Origin
  '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf': {
    queryStrings: NOTHING,
    headers: only('origin', 'access-control-request-headers', 'access-control-request-method'),
    cookies: NOTHING,
  },
  // HostHeaderOnly
  'bf0718e1-ba1e-49d1-88b1-f726733018ae': { queryStrings: NOTHING, headers: only('host'), cookies: NOTHING },
  // UserAgentRefererHeaders
  'acba4595-bd28-49b8-b9fe-13317c0390fa': {
    queryStrings: NOTHING,
    headers: only('user-agent', 'referer'),
    cookies: NOTHING,
  },
};

const POLICY: PropertyTable = { OriginRequestPolicyConfig: 'used' };
const CONFIG: PropertyTable = {
  Comment: { noEffect: 'text' },
  CookiesConfig: 'used',
  HeadersConfig: 'used',
  Name: { noEffect: 'a name' },
  QueryStringsConfig: 'used',
};
const COOKIES: PropertyTable = { CookieBehavior: 'used', Cookies: 'used' };
const HEADERS: PropertyTable = { HeaderBehavior: 'used', Headers: 'used' };
const QUERY_STRINGS: PropertyTable = { QueryStringBehavior: 'used', QueryStrings: 'used' };

/** Reads `AWS::CloudFront::OriginRequestPolicy`. @throws ResourcePropertyError naming the first thing in it that home does not do. */
export function readOriginRequestPolicy({ logicalId, properties }: ResourceRequest): OriginRequestPolicy {
  const resource = new Properties(`${logicalId} (AWS::CloudFront::OriginRequestPolicy)`, properties, POLICY);
  const config = resource.group('OriginRequestPolicyConfig', CONFIG);
  return {
    queryStrings: readSelection(
      config.group('QueryStringsConfig', QUERY_STRINGS),
      'QueryStringBehavior',
      'QueryStrings',
    ),
    headers: readHeaders(config.group('HeadersConfig', HEADERS)),
    cookies: readSelection(config.group('CookiesConfig', COOKIES), 'CookieBehavior', 'Cookies'),
  };
}

/** Headers have words of their own: `allViewer` for all. Source: CloudFront API Reference, OriginRequestPolicyHeadersConfig. */
function readHeaders(headers: Properties): Selection {
  const words = ['none', 'whitelist', 'allViewer', 'allViewerAndWhitelistCloudFront', 'allExcept'] as const;
  const behavior = headers.oneOf('HeaderBehavior', words, 'none');
  if (behavior === 'allViewerAndWhitelistCloudFront')
    headers.notImplemented('a header policy that adds CloudFront-* headers');
  const made = headers.textList('Headers').find((name) => name.toLowerCase().startsWith('cloudfront-'));
  if (made) headers.notImplemented(`the header ${made}`);
  if (behavior === 'allViewer') return EVERYTHING;
  return lowerCase(readSelection(headers, 'HeaderBehavior', 'Headers'));
}
