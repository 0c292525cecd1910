import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ResourceTypes } from '../cloudformation/resource-type';
import { createEdge, type EdgeOptions } from './edge';
import { type CloudFrontResources, cloudFrontResourceTypes } from './resources';

export interface CloudFront {
  readonly resourceTypes: ResourceTypes;
  /** Answers a viewer's request to the distribution. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface CloudFrontOptions extends Omit<EdgeOptions, 'resources'> {
  readonly accountId: string;
  /** What the distribution's `DomainName` is at home: host and port that viewers reach. */
  readonly domainName: () => string;
}

export function createCloudFront(options: CloudFrontOptions): CloudFront {
  const resources: CloudFrontResources = {
    publicKeys: new Map(),
    keyGroups: new Map(),
    originAccessControls: new Set(),
    distribution: undefined,
  };
  return {
    resourceTypes: cloudFrontResourceTypes(resources, options),
    handle: createEdge({ ...options, resources }),
  };
}
