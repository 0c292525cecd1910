/**
 * A process that serves viewers, started by `start-edge-processes.ts`: the distribution's ports are shared with its siblings, the buckets are
 * asked for in the process of the home.
 */
import type { DeployedDistribution } from '../../deployed-distribution';
import type { Refused, StaleObject } from '../edge';
import type { BucketAnswer, BucketRequest } from '../origin/ask-origin';
import type { EdgePorts, EdgeStart, Edges, ObjectChange } from '../server/edge-pool';
import { startEdge } from '../server/start-edge';
import { openCalls } from './rpc';

/** What home offers an edge process. */
export type HomeOffers = {
  fetchFromS3(request: BucketRequest): Promise<LeasedAnswer>;
  /** The files of an answer are no longer needed. */
  release(lease: number): void;
  refused(refused: Refused): void;
};

/** An answer whose files stay until its lease is released. */
export interface LeasedAnswer extends Omit<BucketAnswer, 'files'> {
  readonly files?: { readonly size: number; readonly pieces: readonly { path: string; size: number }[] } | undefined;
  readonly lease: number;
}

/** What an edge process offers home. */
export type EdgeOffers = {
  start(start: EdgeStart): Promise<EdgePorts>;
  deploy(distribution: DeployedDistribution): Promise<void>;
  invalidate(paths: readonly string[]): Promise<void>;
  objectChanged(change: ObjectChange): Promise<StaleObject | undefined>;
  close(_: undefined): Promise<void>;
};

function serveHome(): void {
  let starting: Promise<Edges> | undefined;
  // Home speaks of what changes from the start on.
  const started = async (): Promise<Edges> => {
    if (!starting) throw new Error('the edge has not been started');
    return starting;
  };
  const offers: EdgeOffers = {
    async start(start) {
      starting = startEdge(start, {
        fetchFromS3,
        onRefusal: (refused) => void call('refused', refused),
        now: () => new Date(),
      });
      return (await starting).ports;
    },
    deploy: async (distribution) => (await started()).deploy(distribution),
    invalidate: async (paths) => (await started()).invalidate(paths),
    objectChanged: async (change) => (await started()).objectChanged(change),
    close: async () => (await starting)?.close(),
  };
  const call = openCalls<HomeOffers>(
    {
      send: (message) => void process.send?.(message),
      onMessage: (listener) => void process.on('message', listener),
      onClose: (listener) => void process.on('disconnect', listener),
    },
    offers,
  );

  async function fetchFromS3(request: BucketRequest): Promise<BucketAnswer> {
    const { lease, files, ...answered } = await call('fetchFromS3', request);
    if (!files) return answered;
    return { ...answered, files: { ...files, release: () => void call('release', lease) } };
  }
}

// Ctrl-C reaches the whole group: home ends its edges in order.
process.on('SIGINT', () => {});
// Without its home there is nothing to serve.
process.on('disconnect', () => process.exit());
serveHome();
