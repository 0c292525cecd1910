/** HTTP/2: many streams on one connection, each of which may be reset, left unread, or fall short. */
import { randomBytes } from 'node:crypto';
import { readFileSync, truncateSync } from 'node:fs';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { blobsOf, type LocalEdge, startLocalEdge } from './local-edge';
import { edgeProcesses, HAS_FIGURES, openDescriptors, residentMiB } from './process-figures';

const MIB = 1024 * 1024;
const LARGE_MIB = 100;
const LARGE = randomBytes(LARGE_MIB * MIB);
const SMALL = randomBytes(10_000);

let local: LocalEdge;
let sessions: ClientHttp2Session[] = [];
beforeAll(async () => {
  local = await startLocalEdge('--https', '--https-port', '0');
  await local.put('small', SMALL);
  await local.put('large', LARGE);
  await serveOthers();
});
afterAll(() => local?.close());
afterEach(async () => {
  for (const session of sessions) session.destroy();
  sessions = [];
  await serveOthers();
  expect(local.isAlive()).toBe(true);
});

function open(): ClientHttp2Session {
  const session = connect(local.environment.EDGEPASS_DISTRIBUTION_URL, {
    ca: readFileSync(join(local.dataDir, 'tls', 'certificate.pem')),
  });
  session.on('error', () => {});
  sessions.push(session);
  return session;
}

function ask(session: ClientHttp2Session, path: string): ClientHttp2Stream {
  const stream = session.request({ ':path': path });
  stream.on('error', () => {});
  return stream;
}

interface Received {
  readonly status: number;
  readonly bytes: Buffer;
  /** Whether the answer was ended, not reset. */
  readonly isWhole: boolean;
}

function read(stream: ClientHttp2Stream): Promise<Received> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let status = 0;
    stream.on('response', (headers) => {
      status = headers[':status'] ?? 0;
    });
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('close', () =>
      resolve({ status, bytes: Buffer.concat(chunks), isWhole: !stream.aborted && stream.rstCode === 0 }),
    );
  });
}

async function serveOthers(): Promise<void> {
  const session = open();
  const path = local.sign('/small');
  const answers = await Promise.all(Array.from({ length: 50 }, () => read(ask(session, path))));
  for (const { status, bytes } of answers) expect([status, bytes.equals(SMALL)]).toEqual([200, true]);
}

/** Given back, but for the large object's file, which each process may keep open. */
const expectDescriptors = (before: number): Promise<void> =>
  expect.poll(() => openDescriptors(local.pid)).toBeLessThanOrEqual(before + edgeProcesses(local.pid).length);

describe.runIf(HAS_FIGURES)('streams', () => {
  it.each([
    [
      'in the middle of an object',
      (stream: ClientHttp2Stream) => new Promise((resolve) => stream.once('data', resolve)),
    ],
    ['before the answer', () => Promise.resolve()],
  ])('200 that are reset %s leave no descriptor behind', async (_when, wait) => {
    for (const session of sessions) session.destroy();
    const before = openDescriptors(local.pid);
    const path = local.sign('/large');
    for (let round = 0; round < 10; round++) {
      const session = open();
      await Promise.all(
        Array.from({ length: 20 }, async () => {
          const stream = ask(session, path);
          await wait(stream);
          stream.close(constants.NGHTTP2_CANCEL);
        }),
      );
      session.destroy();
    }
    await expectDescriptors(before);
  });

  it('50 of 100 MiB that nobody reads cost little memory, and who reads after all gets all', async () => {
    const memory = residentMiB(local.pid);
    const path = local.sign('/large');
    const [session, other] = [open(), open()];
    const streams = Array.from({ length: 25 }, () => [ask(session, path), ask(other, path)]).flat();
    await Promise.all(streams.map((stream) => new Promise((resolve) => stream.once('response', resolve))));
    for (let round = 0; round < 10; round++) await serveOthers();
    expect(residentMiB(local.pid) - memory).toBeLessThan(LARGE_MIB);
    const third = open();
    const { status, bytes, isWhole } = await read(ask(third, path));
    expect([status, isWhole, bytes.equals(LARGE)]).toEqual([200, true, true]);
  });
});

describe('the edge by HTTP/2', () => {
  it('thousands of streams that are reset as soon as they are opened leave others alone', async () => {
    const path = local.sign('/large');
    for (let round = 0; round < 10; round++) {
      const session = open();
      for (let stream = 0; stream < 500 && !session.destroyed; stream++)
        ask(session, path).close(constants.NGHTTP2_CANCEL);
      await serveOthers();
    }
  });

  it('an object that is cut short on the disk is not ended as if it were whole', async () => {
    const bytes = randomBytes(3 * MIB);
    const [blob = ''] = await blobsOf(local, () => local.put('short', bytes));
    const path = local.sign('/short');
    const session = open();
    expect((await read(ask(session, path))).bytes.equals(bytes)).toBe(true);
    truncateSync(blob, MIB);
    for (let round = 0; round < 3; round++) {
      const received = await read(ask(session, path));
      expect(received.isWhole && received.status < 500).toBe(false);
      // The other streams of the session are not its fault.
      expect((await read(ask(session, local.sign('/small')))).bytes.equals(SMALL)).toBe(true);
    }
  });

  it('a URL of 8,193 bytes is answered 413', async () => {
    const rest = 8193 - local.environment.EDGEPASS_DISTRIBUTION_URL.length - 1;
    const [taken, refused] = [
      await read(ask(open(), `/${'a'.repeat(rest - 1)}`)),
      await read(ask(open(), `/${'a'.repeat(rest)}`)),
    ];
    expect([taken.status, refused.status]).toEqual([403, 413]);
  });

  it('headers of more than 20,480 bytes are not served', async () => {
    const stream = open().request({ ':path': local.sign('/small'), x: 'x'.repeat(21_000) });
    stream.on('error', () => {});
    const { status } = await read(stream);
    // 0: the session is ended.
    expect([0, 413, 431]).toContain(status);
  });
});
