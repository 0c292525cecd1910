import type { CachePolicy } from '../../policies/cache-policy';
import type { AnswerHeaders } from '../response/answers';

/** The default of an error's minimum. */
const ERROR_SECONDS = 10;

/**
 * Seconds for which an answer of the origin stays fresh. Source: CloudFront Developer Guide, "Manage how long content stays in the
 * cache (expiration)" and "How CloudFront caches HTTP 4xx and 5xx status codes".
 */
export function timeToLive(
  {
    status,
    headers,
    errorMinTtl = ERROR_SECONDS,
  }: { status: number; headers: AnswerHeaders; errorMinTtl?: number | undefined },
  policy: CachePolicy,
  now: Date,
): number {
  if (status >= 400) return errorTimeToLive(status, headers, errorMinTtl, policy, now);
  return statedTimeToLive(headers, policy, now) ?? policy.defaultTtl;
}

const ALWAYS_CACHED = [404, 414, 500, 501, 502, 503, 504];
/** Kept only when the origin says for how long. */
const CACHED_WHEN_STATED = [400, 403, 405];

function errorTimeToLive(
  status: number,
  headers: AnswerHeaders,
  least: number,
  policy: CachePolicy,
  now: Date,
): number {
  if (policy.maxTtl === 0) return 0;
  const stated = statedTimeToLive(headers, policy, now);
  if (ALWAYS_CACHED.includes(status)) return Math.max(stated ?? least, least);
  return CACHED_WHEN_STATED.includes(status) && stated !== undefined ? Math.max(stated, least) : 0;
}

/** What Cache-Control and Expires ask for, within the policy's bounds; undefined when they say nothing. */
function statedTimeToLive(headers: AnswerHeaders, { minTtl, maxTtl }: CachePolicy, now: Date): number | undefined {
  const directives = String(headers['cache-control'] ?? '')
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim());
  if (directives.some((directive) => ['no-cache', 'no-store', 'private'].includes(directive))) return minTtl;
  const seconds = secondsOf(directives, 's-maxage') ?? secondsOf(directives, 'max-age');
  if (seconds !== undefined) return Math.min(Math.max(seconds, minTtl), maxTtl);
  const expires = Date.parse(String(headers.expires ?? ''));
  if (Number.isNaN(expires)) return undefined;
  return Math.min(Math.max(Math.floor((expires - now.getTime()) / 1000), minTtl), maxTtl);
}

function secondsOf(directives: readonly string[], name: string): number | undefined {
  const value = directives.find((directive) => directive.startsWith(`${name}=`))?.slice(name.length + 1);
  return value !== undefined && /^"?\d+"?$/.test(value) ? Number(value.replaceAll('"', '')) : undefined;
}
