/** Several processes that serve viewers, `--edge-workers`: one may die at any moment, and all of them hear of what changes. */
import { randomBytes } from 'node:crypto';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgepass } from '../run-local';
import { type LocalEdge, startLocalEdge } from './local-edge';
import { edgeWorkers, HAS_FIGURES, isRunning, ownerOfConnection } from './process-figures';
import { ask, type Received } from './viewer';

const { stdout: help } = await edgepass('dev', '--help');
const HAS_WORKERS = help.includes('--edge-workers') && HAS_FIGURES;

const WORKERS = 2;
const LARGE = randomBytes(32 * 1024 * 1024);
const agents: Agent[] = [];
afterAll(() => {
  for (const agent of agents) agent.destroy();
});

/** One kept connection. */
function connection(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

interface Download {
  readonly agent: Agent;
  readonly response: IncomingMessage;
  readonly worker: number | undefined;
}

/** Begins to read the large object on a connection of its own, and stops after the first bytes. */
function beginDownload(local: LocalEdge): Promise<Download> {
  const agent = connection();
  return new Promise((resolve, reject) => {
    const path = local.sign('/large');
    const request = httpRequest({ host: '127.0.0.1', port: local.port, path, agent }, (response) => {
      response.pause();
      resolve({ agent, response, worker: ownerOfConnection(local, response.socket.localPort) });
    });
    request.on('error', reject);
    request.end();
  });
}

/** Reads on to the end; null when the connection is cut. */
function finishDownload({ response }: Download): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', () => {});
    response.on('close', () => resolve(response.complete ? Buffer.concat(chunks) : null));
    response.resume();
  });
}

/** The answers of every worker to a target, by new connections until each has had one. */
async function askEveryWorker(local: LocalEdge, path: string): Promise<Received[]> {
  const waiting = new Set(edgeWorkers(local.pid));
  const answers: Received[] = [];
  for (let round = 0; waiting.size > 0; round++) {
    if (round === 50) throw new Error(`no connection reached the edge workers ${[...waiting].join(', ')}`);
    const requests = Array.from({ length: 16 }, async () => {
      const agent = connection();
      answers.push(await ask(local, path, { agent }));
      const [port] = Object.values(agent.freeSockets).flatMap((sockets) => sockets?.map((s) => s.localPort) ?? []);
      const worker = ownerOfConnection(local, port);
      if (worker !== undefined) waiting.delete(worker);
    });
    await Promise.all(requests);
  }
  return answers;
}

const bodiesOf = (answers: readonly Received[]): string[] => [
  ...new Set(answers.map(({ status, bytes }) => `${status} ${bytes}`)),
];

describe.skipIf(!HAS_WORKERS)('two edge workers (skipped without --edge-workers, and without /proc)', () => {
  let local: LocalEdge;
  beforeAll(async () => {
    local = await startLocalEdge('--edge-workers', String(WORKERS));
    await local.put('small', 'small');
    await local.put('large', LARGE);
  });
  afterAll(() => local?.close());

  it('are processes of their own, and each serves', async () => {
    expect(edgeWorkers(local.pid)).toHaveLength(WORKERS);
    expect(bodiesOf(await askEveryWorker(local, local.sign('/small')))).toEqual(['200 small']);
  });

  it('one is killed: the other’s connections lose no byte and no request, and another takes its place', async () => {
    const before = edgeWorkers(local.pid);
    const [victim] = before;
    const downloads: Download[] = [];
    const count = (worker: number): number => downloads.filter((download) => download.worker === worker).length;
    while (before.some((worker) => count(worker) < 4)) {
      if (downloads.length > 200) throw new Error('a worker gets no connections');
      downloads.push(...(await Promise.all(Array.from({ length: 4 }, () => beginDownload(local)))));
    }
    process.kill(victim ?? 0, 'SIGKILL');

    const path = local.sign('/small');
    const finished = downloads.map(async (download) => {
      const bytes = await finishDownload(download);
      if (download.worker === victim) return { isVictims: true, isWhole: bytes !== null };
      const [next, after] = [
        await ask(local, path, { agent: download.agent }),
        await ask(local, path, { agent: download.agent }),
      ];
      return {
        isVictims: false,
        isWhole: bytes?.equals(LARGE) === true,
        next: [next.status, next.bytes.toString(), after.status, after.bytes.toString()],
      };
    });
    for (const outcome of await Promise.all(finished)) {
      expect(outcome).toEqual(
        outcome.isVictims
          ? { isVictims: true, isWhole: false }
          : { isVictims: false, isWhole: true, next: [200, 'small', 200, 'small'] },
      );
    }

    await expect.poll(() => edgeWorkers(local.pid).filter((worker) => worker !== victim).length).toBe(WORKERS);
    const [successor] = edgeWorkers(local.pid).filter((worker) => !before.includes(worker));
    expect(successor).toBeDefined();
    // Until it listens, its viewers are the other's.
    await expect.poll(async () => bodiesOf(await askEveryWorker(local, path))).toEqual(['200 small']);
    expect(local.isAlive()).toBe(true);
  });

  it('an invalidation reaches each before it is answered', async () => {
    await local.put('page', 'old');
    const path = local.sign('/page');
    expect(bodiesOf(await askEveryWorker(local, path))).toEqual(['200 old']);
    await local.put('page', 'new');
    expect(bodiesOf(await askEveryWorker(local, path))).toEqual(['200 old']);
    await local.invalidate('/page');
    expect(bodiesOf(await askEveryWorker(local, path))).toEqual(['200 new']);
  });

  it('end with a local runtime that is killed', async () => {
    const workers = edgeWorkers(local.pid);
    local.dev.process.kill('SIGKILL');
    await local.dev.ended;
    await expect.poll(() => workers.filter(isRunning)).toEqual([]);
  });
});

describe.skipIf(!HAS_WORKERS)('two edge workers that follow the bucket (skipped likewise)', () => {
  let local: LocalEdge;
  beforeAll(async () => {
    local = await startLocalEdge('--edge-workers', String(WORKERS), '--follow-bucket');
  });
  afterAll(() => local?.close());

  it('are all told of an object that was overwritten', async () => {
    await local.put('page', 'version 0');
    const path = local.sign('/page');
    for (const version of [0, 1, 2]) {
      await expect.poll(async () => bodiesOf(await askEveryWorker(local, path))).toEqual([`200 version ${version}`]);
      await local.put('page', `version ${version + 1}`);
    }
  });

  it('end with the local runtime', async () => {
    const workers = edgeWorkers(local.pid);
    local.dev.process.kill('SIGTERM');
    expect(await local.dev.ended).toBe(0);
    expect(workers.filter(isRunning)).toEqual([]);
  });
});
