import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ByteRange } from '../../../http/byte-range';
import type { FilePiece } from './body';
import { openFiles } from './open-files';
import { sendFiles } from './send-files';

const PIECES = [randomBytes(700_000), randomBytes(1), randomBytes(1_300_000)];
const all = Buffer.concat(PIECES);

let folder: string;
let pieces: FilePiece[];
let server: Server;
let port: number;
let range: ByteRange;
let outcome: Promise<unknown>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edgepass-send-'));
  pieces = PIECES.map((bytes, index) => ({ path: join(folder, String(index)), size: bytes.length }));
  for (const [index, { path }] of pieces.entries()) writeFileSync(path, PIECES[index] ?? '');
  range = { start: 0, end: all.length - 1 };
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': range.end - range.start + 1 });
    outcome = sendFiles(response, pieces, range).then(
      () => 'sent',
      (error: Error) => error.name,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  for (const { path } of pieces) openFiles.forget(path);
  rmSync(folder, { recursive: true });
});

const received = async (): Promise<Buffer> =>
  Buffer.from(await (await fetch(`http://127.0.0.1:${port}/`)).arrayBuffer());
const descriptors = (): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      return false;
    }
  }).length;

describe('the sending of files', () => {
  it.each([
    ['all of it', 0, all.length - 1],
    ['the first byte', 0, 0],
    ['the last byte', all.length - 1, all.length - 1],
    ['a range inside a file', 10, 600_000],
    ['a range across files', 699_999, 700_001],
    ['the file of one byte', 700_000, 700_000],
  ])('sends %s', async (_title, start, end) => {
    range = { start, end };
    expect((await received()).equals(all.subarray(start, end + 1))).toBe(true);
    expect(await outcome).toBe('sent');
  });

  it('cuts the connection when a file is shorter than it should be, so that nobody takes a part for the whole', async () => {
    truncateSync(pieces[2]?.path ?? '', 1_000_000);
    await expect(received()).rejects.toThrow();
    expect(await outcome).toBe('BrokenObjectError');
  });

  it('cuts the connection when a file is gone', async () => {
    rmSync(pieces[1]?.path ?? '');
    await expect(received()).rejects.toThrow();
    expect(await outcome).toBe('BrokenObjectError');
  });

  it.skipIf(process.platform !== 'linux')(
    'keeps descriptors for the next who asks, until the files are released',
    async () => {
      await Promise.all([received(), received(), received()]);
      expect(descriptors()).toBe(3);
      for (const { path } of pieces) openFiles.forget(path);
      await expect.poll(descriptors).toBe(0);
    },
  );

  it('ends quietly when the viewer goes away in the middle', async () => {
    await new Promise<void>((resolve) => {
      get({ port, host: '127.0.0.1' }, (response) => {
        response.once('data', () => {
          response.destroy();
          resolve();
        });
      });
    });
    expect(await outcome).toMatch(/undefined|sent/);
    expect((await received()).equals(all)).toBe(true);
  });
});
