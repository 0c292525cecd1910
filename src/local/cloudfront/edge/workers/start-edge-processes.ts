import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { join } from 'node:path';
import type { DeployedDistribution } from '../../deployed-distribution';
import type { EdgeCallbacks, StaleObject } from '../edge';
import type { EdgePool, EdgePoolOptions, EdgePorts } from '../server/edge-pool';
import type { PrimaryMethods, WorkerMethods } from './edge-process';
import { createRpc, type RpcCall, type RpcChannel } from './rpc';

interface EdgeProcess {
  readonly worker: Worker;
  readonly call: RpcCall<WorkerMethods>;
}

/** Requests leave little that lives: a larger young generation is collected less often. MiB. */
const FLAGS = ['--max-semi-space-size=32'];

/** A process that ends at once would be started again without end. */
const PAUSE_BEFORE_NEXT_MS = 200;

/**
 * Serves viewers by several processes that share the ports: each accepts connections by itself, as the kernel hands them out. One that
 * ends is replaced; connections of the others go on. @throws PortTakenError
 */
export async function startEdgeProcesses(
  count: number,
  options: EdgePoolOptions,
  callbacks: EdgeCallbacks,
): Promise<EdgePool> {
  // The default hands every connection on from this process, which halves how many can be opened.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const processes = new Set<EdgeProcess>();
  let distribution: DeployedDistribution | undefined;
  let isClosing = false;

  async function launch(ports: EdgePorts): Promise<EdgePorts> {
    cluster.setupPrimary({ exec: join(__dirname, 'edge-process.js'), args: ['edge-worker'], execArgv: FLAGS });
    const worker = cluster.fork();
    const edge = { worker, call: createRpc<WorkerMethods>(channelTo(worker), primaryMethods(callbacks, worker)) };
    const opened = await edge.call('start', { ...options, ports }).catch((error: unknown) => {
      worker.kill('SIGKILL');
      throw error;
    });
    processes.add(edge);
    // The home was closed while this one started.
    if (isClosing) worker.kill('SIGKILL');
    worker.on('exit', () => {
      processes.delete(edge);
      if (!isClosing) setTimeout(() => void replace(opened), PAUSE_BEFORE_NEXT_MS);
    });
    if (distribution) await edge.call('deploy', distribution);
    return opened;
  }

  /** The processes share the port as it was first requested; when none is left, the one that viewers know is taken. */
  async function replace(opened: EdgePorts): Promise<void> {
    if (isClosing) return;
    await launch(processes.size > 0 ? options.ports : opened).catch((error: Error) => {
      process.emitWarning(error);
      setTimeout(() => void replace(opened), PAUSE_BEFORE_NEXT_MS);
    });
  }

  const each = <T>(run: (call: RpcCall<WorkerMethods>) => Promise<T>): Promise<(T | undefined)[]> =>
    // A process that ends in between has no cache any more.
    Promise.all([...processes].map(({ call }) => run(call).catch(() => undefined)));

  async function close(): Promise<void> {
    isClosing = true;
    await Promise.all(
      [...processes].map(async ({ worker, call }) => {
        const ended = once(worker, 'exit');
        await call('close', undefined).catch(() => {});
        worker.kill('SIGKILL');
        await ended;
      }),
    );
  }

  /** The first finds the port; the others are started on it at once. */
  async function launchAll(): Promise<EdgePorts> {
    const first = await launch(options.ports);
    const rest = await Promise.all(Array.from({ length: count - 1 }, () => launch(options.ports)));
    if (rest.every(({ http, https }) => http === first.http && https === first.https)) return first;
    throw new Error('the edge processes do not share their ports');
  }

  const ports = await launchAll().catch(async (error: unknown) => {
    await close();
    throw error;
  });

  return {
    ports,
    async deploy(deployed) {
      distribution = deployed;
      await each((call) => call('deploy', deployed));
    },
    async invalidate(paths) {
      await each((call) => call('invalidate', paths));
    },
    async objectChanged(change) {
      const stale = await each((call) => call('objectChanged', change));
      return stale.reduce((one, other) => laterOf(one, other), undefined);
    },
    close,
  };
}

function laterOf(one: StaleObject | undefined, other: StaleObject | undefined): StaleObject | undefined {
  return !one || (other && other.freshUntil > one.freshUntil) ? other : one;
}

const channelTo = (worker: Worker): RpcChannel => ({
  send: (message) => void (worker.isConnected() && worker.send(message)),
  onMessage: (listener) => void worker.on('message', listener),
  onClose: (listener) => void worker.on('exit', listener),
});

/** What home does for one edge process. The files of its answers are held until it releases them, or ends. */
function primaryMethods(callbacks: EdgeCallbacks, worker: Worker): PrimaryMethods {
  const leases = new Map<number, () => void>();
  let lastLease = 0;
  worker.on('exit', () => {
    for (const release of leases.values()) release();
    leases.clear();
  });
  return {
    async fetchFromS3(request) {
      const { files, ...response } = await callbacks.fetchFromS3(request);
      lastLease += 1;
      if (!files) return { ...response, lease: lastLease };
      if (worker.isDead()) files.release();
      else leases.set(lastLease, files.release);
      return { ...response, lease: lastLease, files: { size: files.size, pieces: files.pieces } };
    },
    release(lease) {
      leases.get(lease)?.();
      leases.delete(lease);
    },
    refused: callbacks.onRefusal,
  };
}
