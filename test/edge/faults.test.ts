/** The bucket's disk fails under a running local runtime. No viewer may take what is left of an object for the object. */
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { blobsOf, type LocalEdge, startLocalEdge } from './local-edge';
import { ask, converse, falsehoodIn, type Received } from './viewer';

const KIB = 1024;
/** Objects up to 1 MiB are kept in the edge's memory, larger ones are read from the disk each time. */
const SMALL = randomBytes(100 * KIB);
const LARGE = randomBytes(3 * KIB * KIB);
const TEXT = Buffer.from('compressible '.repeat(10_000));

let local: LocalEdge;
beforeAll(async () => {
  local = await startLocalEdge();
  await local.put('well.txt', 'well');
});
afterAll(() => local?.close());
afterEach(async () => {
  expect((await ask(local, local.sign('/well.txt'))).bytes.toString()).toBe('well');
  expect(local.isAlive()).toBe(true);
});

let keys = 0;

/** A new object and the file that it is. */
async function store(bytes: Buffer, ContentType?: string): Promise<{ path: string; blob: string }> {
  keys += 1;
  const key = `object-${keys}`;
  const [blob, ...more] = await blobsOf(local, () => local.put(key, bytes, { ContentType }));
  if (blob === undefined || more.length > 0) throw new Error(`${key} is not one file`);
  return { path: local.sign(`/${key}`), blob };
}

const DAMAGES: Readonly<Record<string, (blob: string) => void>> = {
  removed: (blob) => rmSync(blob),
  unreadable(blob) {
    // The superuser may read any file, but nobody reads a folder.
    rmSync(blob);
    mkdirSync(blob);
  },
  'cut in half': (blob) => truncateSync(blob, SMALL.length / 2),
  emptied: (blob) => truncateSync(blob, 0),
};

/** S3's own words, or the page of an edge that got nothing of use from S3; as an error either way. */
function expectFailure({ status, headers, bytes, isWhole }: Received): void {
  expect(status).toBeGreaterThanOrEqual(500);
  expect([isWhole, headers['x-cache']]).toEqual([true, 'Error from cloudfront']);
  if (headers['content-type'] === 'application/xml') expect(bytes.toString()).toMatch(/<Error><Code>\w+<\/Code>/);
  else expect(bytes.toString()).toContain('The request could not be satisfied.');
}

describe('an object that nobody has asked for yet', () => {
  const cases = ['removed', 'unreadable'].flatMap((damage) => [
    [damage, 'of 100 KiB', SMALL] as const,
    [damage, 'of 3 MiB', LARGE] as const,
  ]);

  it.each(cases)('%s, %s: is a 5xx', async (damage, _size, bytes) => {
    const { path, blob } = await store(bytes);
    DAMAGES[damage]?.(blob);
    const failure = await ask(local, path);
    // Headers that are out cannot be taken back: then the connection is cut.
    if (failure.isWhole) expectFailure(failure);
    else expect(damage).toBe('unreadable');
  });

  const truncations = ['cut in half', 'emptied'].flatMap((damage) => [
    [damage, 'of 100 KiB', SMALL, 'binary/octet-stream'] as const,
    [damage, 'of text that is compressed', TEXT, 'text/plain'] as const,
    [damage, 'of 3 MiB', LARGE, 'binary/octet-stream'] as const,
  ]);

  it.each(truncations)('%s, %s: is never taken for whole', async (damage, _size, bytes, type) => {
    const { path, blob } = await store(bytes, type);
    DAMAGES[damage]?.(blob);
    const askings = [{}, { 'accept-encoding': 'br' }, { range: 'bytes=0-9' }, { range: 'bytes=70000-70009' }];
    for (const headers of [...askings, ...askings])
      expect(falsehoodIn(await ask(local, path, { headers }), bytes), JSON.stringify(headers)).toBeUndefined();
  });
});

describe('a large object that is in the cache', () => {
  it('removed: is a 5xx, unless it is open and whole still; and the object again when it is back', async () => {
    const { path, blob } = await store(LARGE);
    expect((await ask(local, path)).bytes.equals(LARGE)).toBe(true);
    renameSync(blob, `${blob}.away`);
    for (const headers of [{}, { range: 'bytes=0-9' }, {}, { range: 'bytes=70000-70009' }]) {
      const received = await ask(local, path, { headers });
      if (received.status >= 500) expectFailure(received);
      else expect([falsehoodIn(received, LARGE), received.isWhole]).toEqual([undefined, true]);
    }
    renameSync(`${blob}.away`, blob);
    await local.invalidate('/*');
    expect((await ask(local, path)).bytes.equals(LARGE)).toBe(true);
  });

  it.each(['unreadable', 'cut in half', 'emptied'])('%s: is never taken for whole', async (damage) => {
    const { path, blob } = await store(LARGE);
    expect((await ask(local, path)).bytes.equals(LARGE)).toBe(true);
    DAMAGES[damage]?.(blob);
    for (const headers of [{}, { range: 'bytes=0-9' }, { range: 'bytes=70000-70009' }, { range: 'bytes=-10' }])
      expect(falsehoodIn(await ask(local, path, { headers }), LARGE), JSON.stringify(headers)).toBeUndefined();
  });

  it('cut short while a viewer reads it: the connection is cut', async () => {
    const object = randomBytes(32 * KIB * KIB);
    const { path, blob } = await store(object);
    const response = await new Promise<IncomingMessage>((resolve) =>
      httpRequest({ host: '127.0.0.1', port: local.port, path, agent: false }, resolve).end(),
    );
    response.pause();
    const isCut = new Promise<boolean>((resolve) => {
      response.on('error', () => {});
      response.on('close', () => resolve(!response.complete));
    });
    truncateSync(blob, KIB * KIB);
    response.resume();
    expect(await isCut).toBe(true);
  });
});

describe('the edge with a faulty disk', () => {
  it.each([
    ['in memory', SMALL, false],
    ['on the disk', LARGE, true],
  ])('an answer that falls short, %s, is not filled up with the next one', async (_where, bytes, isCached) => {
    const { path, blob } = await store(bytes);
    if (isCached) await ask(local, path);
    truncateSync(blob, 1000);
    const lines = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: ${local.host}\r\n`;
    const answers = await converse(
      local,
      `${lines(path)}\r\n${lines(local.sign('/well.txt'))}Connection: close\r\n\r\n`,
    );
    const [, length] = /^HTTP\/1\.1 200 [\s\S]*?\r\nContent-Length: (\d+)\r\n/i.exec(answers) ?? [];
    const body = answers.slice(answers.indexOf('\r\n\r\n') + 4);
    if (length !== undefined) expect(body.slice(0, Number(length)).includes('HTTP/1.1 ')).toBe(false);
  });

  it('a bucket whose disk is gone: what is in memory is served on, the rest is a 5xx, and all is well when it is back', async () => {
    const known = await store(SMALL);
    const unknown = await store(SMALL);
    // By one connection, so by the one process whose memory it is in.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await ask(local, known.path, { agent });
    const blobs = join(local.dataDir, 's3', 'blobs');
    renameSync(blobs, `${blobs}.away`);
    const [hit, failure] = [await ask(local, known.path, { agent }), await ask(local, unknown.path, { agent })];
    renameSync(`${blobs}.away`, blobs);
    agent.destroy();
    expect([hit.headers['x-cache'], hit.bytes.equals(SMALL)]).toEqual(['Hit from cloudfront', true]);
    expectFailure(failure);
    await local.invalidate('/*');
    expect((await ask(local, unknown.path)).bytes.equals(SMALL)).toBe(true);
  });

  it('a failure costs a viewer’s kept connection nothing', async () => {
    const { path, blob } = await store(SMALL);
    copyFileSync(blob, `${blob}.copy`);
    rmSync(blob);
    const lines = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: ${local.host}\r\n`;
    const answers = await converse(
      local,
      `${lines(path)}\r\n${lines(local.sign('/well.txt'))}Connection: close\r\n\r\n`,
    );
    expect(answers).toMatch(/^HTTP\/1\.1 5\d\d /);
    expect(answers).toMatch(/\r\n\r\nwell$/);
  });
});
