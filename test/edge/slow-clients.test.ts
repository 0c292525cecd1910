/** Viewers that send or read slowly, and viewers that go away, cost neither memory nor anybody else's answers. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LocalEdge, startLocalEdge } from './local-edge';
import { edgeProcesses, HAS_FIGURES, openDescriptors, openSockets, residentMiB } from './process-figures';
import { ask } from './viewer';

const MIB = 1024 * 1024;
const LARGE_MIB = 100;
const LARGE = randomBytes(LARGE_MIB * MIB);
const SMALL = randomBytes(10_000);

let local: LocalEdge;
let sockets: Socket[] = [];
beforeAll(async () => {
  local = await startLocalEdge();
  await local.put('small', SMALL);
  await local.put('large', LARGE);
  await ask(local, local.sign('/large'), { headers: { range: 'bytes=0-0' } });
  await serveOthers();
});
afterAll(() => local?.close());
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  expect(local.isAlive()).toBe(true);
});

/** Viewers without trouble of their own: each is served all of it. */
async function serveOthers(): Promise<void> {
  const path = local.sign('/small');
  for (let round = 0; round < 20; round++) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(local, path)));
    for (const { status, bytes } of answers) expect([status, bytes.equals(SMALL)]).toEqual([200, true]);
  }
}

/** Connections that stay open until the test ends; a socket that has no reader takes what its buffers take. */
const open = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port: local.port, host: '127.0.0.1' }, () => resolve(socket));
    socket.once('error', reject);
    socket.on('error', () => {});
    sockets.push(socket);
  });

const request = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: ${local.host}\r\n\r\n`;

/** Every descriptor that a test's viewers cost is given back, but for the large object's file, which each process may keep open. */
const expectDescriptors = (before: number): Promise<void> =>
  expect.poll(() => openDescriptors(local.pid)).toBeLessThanOrEqual(before + edgeProcesses(local.pid).length);

describe.runIf(HAS_FIGURES)('slow viewers', () => {
  it('200 that send their headers a byte at a time: others are served, memory stays', async () => {
    const [descriptors, memory] = [openDescriptors(local.pid), residentMiB(local.pid)];
    const slow = await Promise.all(Array.from({ length: 200 }, open));
    await expect.poll(() => openSockets(local.pid)).toBeGreaterThanOrEqual(200);
    const text = request(`/${'slow'.repeat(500)}`);
    let at = 0;
    const drip = setInterval(() => {
      for (const socket of slow) if (socket.writable) socket.write(text.charAt(at % (text.length - 4)));
      at += 1;
    }, 10);
    for (let round = 0; round < 5; round++) await serveOthers();
    clearInterval(drip);
    expect(at).toBeGreaterThan(10);
    expect(residentMiB(local.pid) - memory).toBeLessThan(50);
    for (const socket of slow) socket.destroy();
    await expectDescriptors(descriptors);
  });

  it('50 that ask for 100 MiB and do not read: others are served, memory stays, and who reads after all gets all', async () => {
    const [descriptors, memory] = [openDescriptors(local.pid), residentMiB(local.pid)];
    const path = local.sign('/large');
    const slow = await Promise.all(Array.from({ length: 50 }, open));
    for (const socket of slow) {
      socket.pause();
      socket.write(request(path));
    }
    await serveOthers();
    // Some read a little now and then.
    for (let round = 0; round < 20; round++) {
      for (const socket of slow.slice(0, 25)) socket.read(1000);
      await serveOthers();
    }
    // What the system buffers for a viewer is a few MiB; the object is not on its way yet.
    for (const { bytesRead } of slow) expect(bytesRead).toBeLessThan(LARGE.length / 2);
    expect(residentMiB(local.pid) - memory).toBeLessThan(LARGE_MIB);

    const [reader] = slow.slice(-1);
    if (!reader) throw new Error('there is no connection');
    const chunks: Buffer[] = [];
    let missing = Number.POSITIVE_INFINITY;
    await new Promise<void>((resolve) => {
      reader.on('close', resolve);
      reader.on('data', (chunk) => {
        chunks.push(chunk);
        const [first = chunk] = chunks;
        if (missing === Number.POSITIVE_INFINITY) missing = first.indexOf('\r\n\r\n') + 4 + LARGE.length;
        missing -= chunk.length;
        if (missing <= 0) resolve();
      });
      reader.resume();
    });
    const answer = Buffer.concat(chunks);
    expect(answer.subarray(answer.indexOf('\r\n\r\n') + 4).equals(LARGE)).toBe(true);
    for (const socket of slow) socket.destroy();
    await expectDescriptors(descriptors);
  });
});

describe.runIf(HAS_FIGURES)('viewers that go away', () => {
  it.each([
    ['in the middle of an object', (socket: Socket) => new Promise((resolve) => socket.once('data', resolve))],
    ['before the answer', () => Promise.resolve()],
  ])('200, %s, leave no descriptor behind', async (_when, wait) => {
    const before = openDescriptors(local.pid);
    const path = local.sign('/large');
    for (let round = 0; round < 4; round++) {
      const leaving = await Promise.all(Array.from({ length: 50 }, open));
      await Promise.all(
        leaving.map(async (socket) => {
          socket.write(request(path));
          await wait(socket);
          socket.destroy();
        }),
      );
    }
    await expectDescriptors(before);
    await serveOthers();
  });
});
