/**
 * A process that serves viewers, started by `start-edge-processes.ts`: the distribution's ports are shared with its siblings, and
 * it reads the buckets through the primary process.
 */
import type { DeployedDistribution } from '../../deployed-distribution';
import type { RefusedRequest, StaleObject } from '../edge';
import type { S3OriginRequest, S3OriginResponse } from '../origin/ask-origin';
import type { EdgePool, EdgePoolOptions, EdgePorts, ObjectChange } from '../server/edge-pool';
import { startEdge } from '../server/start-edge';
import { createRpc } from './rpc';

/** The methods that a worker calls in the primary process. */
export type PrimaryMethods = {
  fetchFromS3(request: S3OriginRequest): Promise<LeasedResponse>;
  /** The files of an answer are no longer needed. */
  release(lease: number): void;
  refused(refused: RefusedRequest): void;
};

/** A response whose files stay until its lease is released. */
export interface LeasedResponse extends Omit<S3OriginResponse, 'files'> {
  readonly files?: { readonly size: number; readonly pieces: readonly { path: string; size: number }[] } | undefined;
  readonly lease: number;
}

/** The methods that the primary process calls in a worker. */
export type WorkerMethods = {
  start(options: EdgePoolOptions): Promise<EdgePorts>;
  deploy(distribution: DeployedDistribution): Promise<void>;
  invalidate(paths: readonly string[]): Promise<void>;
  objectChanged(change: ObjectChange): Promise<StaleObject | undefined>;
  close(_: undefined): Promise<void>;
};

function runWorker(): void {
  let starting: Promise<EdgePool> | undefined;
  // The primary process reports changes while the edge still starts.
  const started = async (): Promise<EdgePool> => {
    if (!starting) throw new Error('the edge has not been started');
    return starting;
  };
  const methods: WorkerMethods = {
    async start(options) {
      starting = startEdge(options, {
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
  const call = createRpc<PrimaryMethods>(
    {
      send: (message) => void process.send?.(message, undefined, undefined, () => {}),
      onMessage: (listener) => void process.on('message', listener),
      onClose: (listener) => void process.on('disconnect', listener),
    },
    methods,
  );

  async function fetchFromS3(request: S3OriginRequest): Promise<S3OriginResponse> {
    const { lease, files, ...response } = await call('fetchFromS3', request);
    if (!files) return response;
    return { ...response, files: { ...files, release: () => void call('release', lease) } };
  }
}

// Ctrl-C reaches the whole group: the local runtime ends its edges in order.
process.on('SIGINT', () => {});
// Without its local runtime there is nothing to serve.
process.on('disconnect', () => process.exit());
runWorker();
