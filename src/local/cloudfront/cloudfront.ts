import { join } from 'node:path';
import type { Service, ServiceApi, ServiceOptions } from '../service';
import { createControlApi } from './control-api/control-api';
import { invalidationOperations } from './control-api/invalidations';
import { keyOperations } from './control-api/key-operations';
import type { EdgeCallbacks } from './edge/edge';
import type { EdgePoolOptions, EdgePorts } from './edge/server/edge-pool';
import { startEdge } from './edge/server/start-edge';
import { startEdgeProcesses } from './edge/workers/start-edge-processes';
import { openKeyStore } from './key-store';
import { cloudFrontResourceTypes, emptyResources } from './resources';

export interface CloudFront extends Service {
  readonly api: ServiceApi;
  /** Where viewers reach the distribution. */
  readonly ports: EdgePorts;
  /** Lets viewers in to the stack's distribution; before, they are answered 503. @throws LocalError */
  open(): Promise<void>;
  /** Takes note of an object that was written or deleted. */
  objectChanged(bucket: string, key: string): void;
}

export interface CloudFrontOptions extends EdgeCallbacks, Pick<ServiceOptions, 'accountId' | 'authorize' | 'now'> {
  /** Where the keys and key groups are kept. */
  readonly dir: string;
  readonly edge: EdgePoolOptions;
  /** 0 serves in this process. */
  readonly edgeWorkers: number;
  readonly log: (line: string) => void;
}

/** Resolves before the edges have started, unless a free port has to be found; `open` waits for them. @throws LocalError */
export async function openCloudFront(options: CloudFrontOptions): Promise<CloudFront> {
  const { log, authorize, now, accountId, edgeWorkers } = options;
  const keys = openKeyStore(join(options.dir, 'keys.json'));
  const resources = emptyResources(keys);
  let isOpen = false;
  const starting =
    edgeWorkers > 0 ? startEdgeProcesses(edgeWorkers, options.edge, options) : startEdge(options.edge, options);
  // `open` reports the failure.
  starting.catch(() => undefined);
  const ports = settledPorts(options.edge) ?? (await starting).ports;
  /** Gives the edges a new configuration immediately; CloudFront takes minutes. */
  const deploy = async (): Promise<void> => {
    if (isOpen && resources.distribution) await (await starting).deploy(resources.distribution.resolve());
  };
  const operations = [
    ...invalidationOperations({
      resources,
      invalidate: async (paths) => (await starting).invalidate(paths),
      now,
    }),
    ...keyOperations({
      keys,
      now,
      isTrusted: (keyGroupId) => resources.distribution?.trusts(keyGroupId) ?? false,
      keyGroupsChanged: deploy,
    }),
  ];
  const domainName = `127.0.0.1:${ports.https ?? ports.http}`;

  return {
    resourceTypes: cloudFrontResourceTypes(resources, { accountId, domainName, now }),
    api: createControlApi(operations, authorize),
    ports,
    async open() {
      await starting;
      const distribution = resources.distribution?.resolve();
      if (!distribution) return;
      if (distribution.geoRestriction.type !== 'none' && options.edge.settings.viewerCountry === undefined)
        log(
          'distribution: viewers have no country, so the geographic restriction lets them in; --viewer-country CC gives them one',
        );
      isOpen = true;
      await deploy();
    },
    objectChanged(bucket, key) {
      // Before the distribution is open it has cached nothing.
      if (!isOpen) return;
      void starting.then(async (edgePool) => {
        const stale = await edgePool.objectChanged({ bucket, key });
        if (!stale) return;
        const id = resources.distribution?.id ?? '';
        log(
          `distribution: ${stale.path} has changed in the bucket, and the cache serves the old one until ${new Date(stale.freshUntil).toISOString()}, ` +
            `as CloudFront would. To have it now: aws cloudfront create-invalidation --distribution-id ${id} --paths '${stale.path}' ` +
            '(or start with --follow-bucket)',
        );
      });
    },
    close: async () => (await starting.catch(() => undefined))?.close(),
  };
}

/** Returns the ports when each is requested by number: an edge listens on these, or fails. */
function settledPorts({ ports, tls }: EdgePoolOptions): EdgePorts | undefined {
  const isSettled = ports.http !== 0 && (tls === undefined || (ports.https ?? 0) !== 0);
  return isSettled ? { http: ports.http, https: tls && ports.https } : undefined;
}
