/** Thousands of viewers at the same time. Node raises the limit on open files to what the system lets it have; 4,096 are enough here. */
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalEdge, startLocalEdge } from './local-edge';
import { HAS_FIGURES, openDescriptors, openSockets } from './process-figures';

const CONNECTIONS = 2_000;
const OBJECTS = 20;

const bodyOf = (object: number): string => `object ${object} `.repeat(500 + object);

let local: LocalEdge;
beforeAll(async () => {
  local = await startLocalEdge();
  for (let object = 0; object < OBJECTS; object++) await local.put(`object-${object}`, bodyOf(object));
});
afterAll(() => local?.close());

const open = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(local.port, '127.0.0.1', () => resolve(socket.off('error', reject)));
    socket.once('error', reject);
  });

/** Asks for a target; resolves with the answer's head and body once all of them are there, or the connection has ended. */
function read(socket: Socket, target: string): Promise<{ head: string; body: string }> {
  return new Promise((resolve) => {
    let text = '';
    const settle = (): void => {
      const end = text.indexOf('\r\n\r\n');
      resolve({ head: text.slice(0, end), body: text.slice(end + 4) });
    };
    socket.on('error', () => {});
    socket.on('close', settle);
    socket.on('data', (chunk) => {
      text += chunk;
      const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(text) ?? [];
      if (length !== undefined && text.length >= text.indexOf('\r\n\r\n') + 4 + Number(length)) settle();
    });
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${local.host}\r\n\r\n`);
  });
}

describe.runIf(HAS_FIGURES)('2,000 connections', () => {
  it('are open at once, each is served its own object, and all are let go of', async () => {
    const before = openDescriptors(local.pid);
    const links = Array.from({ length: CONNECTIONS }, (_none, at) => local.sign(`/object-${at % OBJECTS}`));
    const sockets: Socket[] = [];
    while (sockets.length < CONNECTIONS) sockets.push(...(await Promise.all(Array.from({ length: 100 }, open))));
    await expect.poll(() => openSockets(local.pid)).toBeGreaterThanOrEqual(CONNECTIONS);

    const answers = await Promise.all(sockets.map((socket, at) => read(socket, links[at] ?? '')));
    const wrong = answers.filter(
      ({ head, body }, at) => !head.startsWith('HTTP/1.1 200 ') || body !== bodyOf(at % OBJECTS),
    );
    expect(wrong.map(({ head, body }) => [head.split('\r\n')[0], body.length])).toEqual([]);

    for (const socket of sockets) socket.destroy();
    await expect.poll(() => openDescriptors(local.pid)).toBeLessThanOrEqual(before);
    expect(local.isAlive()).toBe(true);
  });
});
