import type { IncomingMessage } from 'node:http';
import { matchesWildcard } from '../wildcard';
import type { CacheRequest } from './cached-origin';
import { acceptedCoding } from './compress';
import type { CacheBehavior, Origin } from './distribution-config';
import { type CloudFrontResources, type Distribution, findCachePolicy } from './resources';

/** Where in a distribution a request belongs. */
export interface Place {
  readonly distribution: Distribution;
  readonly behavior: CacheBehavior;
  readonly origin: Origin;
  readonly resources: CloudFrontResources;
}

/**
 * What a request is to the cache.
 * @param target The viewer's target without CloudFront's parameters.
 */
export function cacheRequest(
  request: IncomingMessage,
  target: string,
  { distribution, behavior, origin, resources }: Place,
): CacheRequest {
  const policy = findCachePolicy(behavior.cachePolicyId, resources);
  if (!policy) throw new Error(`the cache policy ${behavior.cachePolicyId} is gone`);
  const [path, query = ''] = splitTarget(target);
  const root = distribution.config.defaultRootObject;
  const asked = path === '/' && root ? `/${root}` : path;
  const rawQuery = query
    .split('&')
    .filter((pair) => pair !== '' && policy.isInKey(pair.split('=', 1)[0] ?? ''))
    .join('&');
  // [UNV] A range of a compressed answer: ranges are of the object as it is stored.
  const mayCompress = behavior.compress && request.headers.range === undefined && request.httpVersion !== '1.0';
  const coding = mayCompress ? acceptedCoding(request.headers['accept-encoding']?.toString(), policy) : undefined;
  return {
    key: [origin.id, asked, rawQuery, coding ?? ''].join(' '),
    path,
    bucket: origin.bucket,
    rawPath: origin.path + asked,
    rawQuery,
    distributionArn: distribution.arn,
    policy,
    coding,
    errorMinTtl: (status: number) => distribution.config.errorResponses.get(status)?.minTtl,
  };
}

export function splitTarget(target: string): [path: string, query: string | undefined] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, undefined] : [target.slice(0, mark), target.slice(mark + 1)];
}

/** The first pattern that matches decides; a leading slash in it is optional. */
export function behaviorFor(path: string, behaviors: readonly CacheBehavior[]): CacheBehavior | undefined {
  return behaviors.find(({ pathPattern }) => matchesWildcard(`/${pathPattern.replace(/^\//, '')}`, path));
}
