import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ResourceTypes } from '../cloudformation/resource-type';
import type { Authorize } from '../iam/authorize';
import { createEdge, type EdgeOptions } from './edge';
import { createEdgeCache } from './edge-cache';
import { createInvalidationApi, type InvalidationApi } from './invalidation-api';
import { type CloudFrontResources, cloudFrontResourceTypes } from './resources';

export interface CloudFront {
  readonly resourceTypes: ResourceTypes;
  /** CloudFront's own API, behind the AWS endpoint. */
  readonly api: InvalidationApi;
  /** Answers a viewer's request to the distribution. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Told of every object that was written or deleted. */
  objectChanged(bucket: string, key: string): void;
}

export interface CloudFrontOptions extends Omit<EdgeOptions, 'resources' | 'cache'> {
  readonly accountId: string;
  readonly authorize: Authorize;
  /** What the distribution's `DomainName` is at home: host and port that viewers reach. */
  readonly domainName: () => string;
  /** Drop what the cache has of an object when it changes, as AWS does not. */
  readonly followsBucket: boolean;
  readonly log: (line: string) => void;
}

const CACHE_BYTES = 128 * 1024 * 1024;

export function createCloudFront(options: CloudFrontOptions): CloudFront {
  const { followsBucket, log, authorize, now } = options;
  const cache = createEdgeCache({ bytes: CACHE_BYTES });
  const resources: CloudFrontResources = {
    publicKeys: new Map(),
    keyGroups: new Map(),
    originAccessControls: new Set(),
    cachePolicies: new Map(),
    distribution: undefined,
  };
  const edge = createEdge({ ...options, resources, cache });
  return {
    resourceTypes: cloudFrontResourceTypes(resources, options),
    api: createInvalidationApi({ resources, cache, authorize, now }),
    async handle(request, response) {
      try {
        await edge(request, response);
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error));
        if (response.headersSent) response.destroy();
        else response.writeHead(500, { Server: 'CloudFront' }).end();
      }
    },
    objectChanged(bucket, key) {
      const entries = cache.ofObject(bucket, key);
      if (followsBucket) cache.drop((entry) => entries.includes(entry));
      const stale = entries.find(({ freshUntil }) => freshUntil > now().getTime());
      if (followsBucket || !stale) return;
      const id = resources.distribution?.id ?? '';
      log(
        `distribution: ${stale.path} has changed in the bucket, and the cache serves the old one until ${new Date(stale.freshUntil).toISOString()}, ` +
          `as CloudFront would. To have it now: aws cloudfront create-invalidation --distribution-id ${id} --paths '${stale.path}' ` +
          '(or start with --follow-bucket)',
      );
    },
  };
}
