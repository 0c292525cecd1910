import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { join } from 'node:path';
import { LocalError } from '../../../errors';
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
 * ends is replaced; connections of the others go on. Resolves when the first one listens: the others follow. @throws LocalError
 */
export async function startEdgeProcesses(
  count: number,
  options: EdgePoolOptions,
  callbacks: EdgeCallbacks,
): Promise<EdgePool> {
  // The default hands every connection on from this process, which halves how many can be opened.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const processes = new Set<EdgeProcess>();
  const listening = new Set<EdgeProcess>();
  /** The ports that every process requests: the cluster opens a requested port once, for the first request, "any free one" too. */
  let sharedPorts = options.ports;
  let distribution: DeployedDistribution | undefined;
  let isClosing = false;

  async function launch(): Promise<EdgePorts> {
    cluster.setupPrimary({ exec: join(__dirname, 'edge-process.js'), args: ['edge-worker'], execArgv: FLAGS });
    const worker = cluster.fork();
    const edge = { worker, call: createRpc<WorkerMethods>(channelTo(worker), primaryMethods(callbacks, worker)) };
    // It gets every change from here on: it may cache an object before `start` returns.
    processes.add(edge);
    worker.on('exit', () => {
      processes.delete(edge);
      listening.delete(edge);
    });
    const opened = await edge
      .call('start', { ...options, ports: sharedPorts, distribution })
      .catch((error: unknown) => {
        worker.kill('SIGKILL');
        throw reviveLocalError(error);
      });
    listening.add(edge);
    // The local runtime was closed while this one started.
    if (isClosing) worker.kill('SIGKILL');
    worker.on('exit', () => {
      if (!isClosing) setTimeout(() => void replace(opened), PAUSE_BEFORE_NEXT_MS);
    });
    return opened;
  }

  /** Starts another process. When none is left, it takes the port that viewers know. */
  async function replace(opened: EdgePorts): Promise<void> {
    if (isClosing) return;
    if (listening.size === 0) sharedPorts = opened;
    await launch().catch((error: Error) => {
      if (isClosing) return;
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

  const ports = await launch().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  /** The processors are needed for what boots; one process answers until then. */
  const launchOthers = (): void => {
    for (let number = 1; number < count; number += 1) void replace(ports);
  };

  return {
    ports,
    async deploy(deployed) {
      const isFirst = distribution === undefined;
      distribution = deployed;
      await each((call) => call('deploy', deployed));
      if (isFirst) launchOthers();
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

/** Returns the error of a process as the class that it had there. */
function reviveLocalError(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_PORT_TAKEN' ? new LocalError(code, message) : error;
}

function laterOf(one: StaleObject | undefined, other: StaleObject | undefined): StaleObject | undefined {
  return !one || (other && other.freshUntil > one.freshUntil) ? other : one;
}

const ignoreFailure = (): void => {};

const channelTo = (worker: Worker): RpcChannel => ({
  // A process that has just been killed looks connected until its end is known, which rejects the calls.
  send: (message) => void (worker.isConnected() && worker.send(message, ignoreFailure)),
  onMessage: (listener) => void worker.on('message', listener),
  onClose: (listener) => void worker.on('exit', listener),
});

/** What the local runtime does for one edge process. The files of its answers are held until it releases them, or ends. */
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
