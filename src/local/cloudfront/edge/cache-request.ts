import type { Origin } from '../config/distribution-config';
import { type CachePolicy, viewerKey } from '../policies/cache-policy';
import { selectForOrigin } from '../policies/origin-request-policy';
import { selectQuery } from '../policies/selection';
import { acceptedCoding, type ContentCoding } from './response/compress';
import type { Behavior, RunningDistribution } from './running-distribution';
import type { Viewer } from './viewer';

/** What a viewer asked for: how the cache tells it from other requests, and what the origin is asked when it has to be. */
export interface CacheRequest {
  readonly key: string;
  /** The viewer's, without the query: what invalidations name. */
  readonly path: string;
  readonly policy: CachePolicy;
  readonly coding: ContentCoding | undefined;
  readonly origin: Origin;
  /** As the viewer sent it, percent-encoding included, behind the origin's own path. */
  readonly rawPath: string;
  /** The parameters that the cache policy or the origin request policy lets through. */
  readonly rawQuery: string;
  /** The viewer's headers that they let through, and the origin's own. */
  readonly headers: Readonly<Record<string, string>>;
  readonly distributionArn: string;
  /** Seconds for which an error of this status is kept at least; undefined for CloudFront's own default. */
  readonly errorMinTtl: (status: number) => number | undefined;
}

/** @param target The viewer's target without CloudFront's parameters. */
export function cacheRequest(
  viewer: Viewer,
  target: string,
  { defaultRootObject, arn, errorResponses }: RunningDistribution,
  behavior: Behavior,
): CacheRequest {
  const { origin, cachePolicy: policy } = behavior;
  const { path, query } = splitTarget(target);
  const asked = path === '/' && defaultRootObject ? `/${defaultRootObject}` : path;
  const coding = codingFor(viewer, behavior);
  const keyedQuery = selectQuery(policy.queryStrings, query);
  const { rawQuery, headers } = selectForOrigin(behavior.forOrigin, query, viewer.headers, origin.kind);
  return {
    key: [origin.id, asked, keyedQuery, coding ?? '', viewerKey(policy, viewer.headers)].join(' '),
    path,
    policy,
    coding,
    origin,
    rawPath: origin.path + asked,
    rawQuery,
    headers: { ...headers, ...origin.customHeaders },
    distributionArn: arn,
    errorMinTtl: (status: number) => errorResponses[status]?.minTtl,
  };
}

/** [UNV] A range of a compressed answer: ranges are of the object as it is stored. Source: "Serve compressed files". */
export function codingFor({ headers, httpVersion }: Viewer, behavior: Behavior): ContentCoding | undefined {
  const mayCompress = behavior.compress && headers.range === undefined && httpVersion !== '1.0';
  return mayCompress ? acceptedCoding(headers['accept-encoding']?.toString(), behavior.cachePolicy) : undefined;
}

/** Whether two requests of one URL, and one coding, can only be the same to the cache and to the origin. */
export const isKeyedByUrl = ({ forOrigin }: Behavior): boolean =>
  forOrigin.headers.behavior === 'none' && forOrigin.cookies.behavior === 'none';

function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?');
  return mark < 0 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}
