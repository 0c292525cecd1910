/**
 * Memory and descriptors stay flat under a mixed load, and every answer is right: for some seconds, for five minutes with
 * EDGEPASS_NIGHTLY=1.
 */
import { randomBytes } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { s3Client } from '../clients';
import { type LocalEdge, startLocalEdge } from './local-edge';
import { edgeProcesses, HAS_FIGURES, openDescriptors, residentMiB } from './process-figures';
import { ask, falsehoodIn, type Received } from './viewer';

const IS_NIGHTLY = process.env.EDGEPASS_NIGHTLY === '1';
/** Caches fill, and heaps grow to what they work with, before anything is measured. */
const WARM_UP_SECONDS = IS_NIGHTLY ? 30 : 6;
const SECONDS = IS_NIGHTLY ? 270 : 12;
const VIEWERS = 12;
/** MiB by which each process may have grown from the second fifth of the load to the last. */
const GROWTH_MIB = 16;
/** Descriptors that each process may keep for who asks next: files of large objects. */
const KEPT_OPEN = 2;

const KIB = 1024;
const SMALL = Array.from({ length: 20 }, (_none, at) => randomBytes((1 + at * 5) * KIB));
const LARGE = randomBytes(2 * KIB * KIB);
const TEXT = Buffer.from('text that is compressed '.repeat(2_000));

let local: LocalEdge;
let s3: S3Client;
/** Links that are asked for again and again. */
let links: { small: string[]; large: string; text: string; absent: string };
const agent = new Agent({ keepAlive: true, maxSockets: VIEWERS });

beforeAll(async () => {
  local = await startLocalEdge('--follow-bucket');
  s3 = s3Client(local.environment);
  for (const [at, bytes] of SMALL.entries()) await put(`small-${at}`, bytes);
  await put('large', LARGE);
  await put('text', TEXT, 'text/plain');
  links = {
    small: SMALL.map((_bytes, at) => local.sign(`/small-${at}`)),
    large: local.sign('/large'),
    text: local.sign('/text'),
    absent: local.sign('/absent'),
  };
});
afterAll(() => local?.close());

const put = (Key: string, Body: Buffer, ContentType?: string) =>
  s3.send(new PutObjectCommand({ Bucket: local.environment.EDGEPASS_BUCKET, Key, Body, ContentType }));

/** One thing that a viewer does. Resolves with what was wrong. */
type Act = (turn: number, viewer: number) => Promise<string | undefined>;

const readsObject = async (path: string, object: Buffer, headers: Record<string, string> = {}) => {
  const received = await ask(local, path, { agent, headers });
  return received.isWhole && received.status < 300 ? falsehoodIn(received, object) : described(received);
};

const described = ({ status, headers, bytes, isWhole }: Received): string =>
  `${isWhole ? '' : 'cut: '}${status} ${headers['x-cache']} ${bytes.length} bytes`;

const isRight = (received: Received, right: boolean): string | undefined => (right ? undefined : described(received));

const smallOf = (turn: number): Buffer => SMALL[turn % SMALL.length] ?? Buffer.alloc(0);

function rangeOf(object: Buffer, turn: number): Record<string, string> {
  const start = (turn * 7919) % object.length;
  return { range: `bytes=${start}-${start + (turn % 100_000)}` };
}

const CHEAP: Readonly<Record<string, Act>> = {
  hit: (turn) => readsObject(links.small[turn % SMALL.length] ?? '', smallOf(turn)),
  'hit by a new link': (turn) => readsObject(local.sign(`/small-${turn % SMALL.length}`), smallOf(turn)),
  'range in memory': (turn) =>
    readsObject(links.small[turn % SMALL.length] ?? '', smallOf(turn), rangeOf(smallOf(turn), turn)),
  'range on the disk': (turn) => readsObject(links.large, LARGE, rangeOf(LARGE, turn)),
  compressed: (turn) => readsObject(links.text, TEXT, { 'accept-encoding': turn % 2 === 0 ? 'br' : 'gzip' }),
  async 'without a signature'(turn) {
    const received = await ask(local, `/small-${turn % SMALL.length}`, { agent });
    return isRight(received, received.status === 403 && received.bytes.length === 146);
  },
  async 'altered signature'(turn) {
    const received = await ask(local, `${links.small[0]}`.replace('/small-0', `/small-${1 + (turn % 19)}`), { agent });
    return isRight(received, received.status === 403 && received.bytes.includes('<Code>AccessDenied</Code>'));
  },
  async absent() {
    const received = await ask(local, links.absent, { agent });
    return isRight(received, received.status === 403 && received.headers.server === 'AmazonS3');
  },
  async HEAD(turn) {
    const received = await ask(local, links.small[turn % SMALL.length] ?? '', { agent, method: 'HEAD' });
    return isRight(received, received.status === 200 && received.bytes.length === 0);
  },
  async 'not modified'() {
    const { headers } = await ask(local, links.large, { agent, method: 'HEAD' });
    const received = await ask(local, links.large, { agent, headers: { 'if-none-match': headers.etag ?? '' } });
    return isRight(received, received.status === 304);
  },
};

/** Every eleventh thing that a viewer does. */
const DEAR: Readonly<Record<string, Act>> = {
  'large object': () => readsObject(links.large, LARGE),
  async miss(turn, viewer) {
    const key = `changing-${viewer}`;
    const bytes = Buffer.alloc(4 * KIB, `${viewer} ${turn} `);
    await put(key, bytes);
    return readsObject(local.sign(`/${key}`), bytes);
  },
  gone: () => leaveEarly(links.large),
};

/** Goes away with the first bytes. */
const leaveEarly = (path: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const request = httpRequest({ host: '127.0.0.1', port: local.port, path, agent: false }, (response) => {
      response.on('error', () => {});
      response.once('data', () => request.destroy());
      request.off('error', refused).on('error', () => {});
      response.on('close', () => resolve(response.statusCode === 200 ? undefined : `${response.statusCode}`));
    });
    const refused = (): void => resolve('no answer');
    request.on('error', refused);
    request.end();
  });

interface Load {
  readonly done: ReadonlyMap<string, number>;
  readonly wrong: readonly string[];
  readonly memory: readonly number[];
  readonly descriptors: readonly number[];
}

/** Viewers that do one act after the other, each at another one, and a sample of the figures four times a second. */
async function load(seconds: number): Promise<Load> {
  const [cheap, dear] = [Object.entries(CHEAP), Object.entries(DEAR)];
  const done = new Map<string, number>();
  const wrong: string[] = [];
  const memory: number[] = [];
  const descriptors: number[] = [];
  const end = performance.now() + seconds * 1000;
  const sampling = setInterval(() => {
    memory.push(residentMiB(local.pid));
    descriptors.push(openDescriptors(local.pid));
  }, 250);
  const view = async (viewer: number): Promise<void> => {
    for (let turn = viewer; performance.now() < end; turn++) {
      const [name, act] = (turn % 11 === 0 ? dear[(turn / 11) % dear.length] : cheap[turn % cheap.length]) ?? [];
      if (name === undefined || act === undefined) throw new Error('nothing to do');
      const what = await act(turn, viewer);
      if (what !== undefined) wrong.push(`${name}: ${what}`);
      done.set(name, (done.get(name) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: VIEWERS }, (_none, viewer) => view(viewer)));
  clearInterval(sampling);
  return { done, wrong, memory, descriptors };
}

/** The middle one of a fifth of the samples. */
function median(samples: readonly number[], fifth: number): number {
  const part = samples.slice(((fifth - 1) * samples.length) / 5, (fifth * samples.length) / 5);
  return part.sort((one, other) => one - other)[Math.floor(part.length / 2)] ?? Number.NaN;
}

describe.runIf(HAS_FIGURES)('a mixed load', () => {
  it('is answered right, in memory that does not grow, and its descriptors come back', async () => {
    onTestFinished(() => {
      agent.destroy();
      s3.destroy();
    });
    const before = openDescriptors(local.pid);
    const processes = edgeProcesses(local.pid).length;
    const warmUp = await load(WARM_UP_SECONDS);
    const { done, wrong, memory, descriptors } = await load(SECONDS);
    expect([...warmUp.wrong, ...wrong]).toEqual([]);
    expect([...done.keys()].sort()).toEqual(Object.keys({ ...CHEAP, ...DEAR }).sort());
    const growth = median(memory, 5) - median(memory, 2);
    if (IS_NIGHTLY) console.log(JSON.stringify({ growth, processes, done: Object.fromEntries(done) }));
    expect(growth, memory.map(Math.round).join(' ')).toBeLessThan(GROWTH_MIB * processes);
    // A viewer has a connection of the agent's, one of its own when it leaves early, one for uploads, and each may have a file open.
    expect(Math.max(...descriptors)).toBeLessThanOrEqual(before + 6 * VIEWERS + KEPT_OPEN * processes);
    agent.destroy();
    s3.destroy();
    await expect.poll(() => openDescriptors(local.pid)).toBeLessThanOrEqual(before + KEPT_OPEN * processes);
    expect(local.isAlive()).toBe(true);
  });
});
