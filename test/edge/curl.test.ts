import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { signUrl } from 'edgepass';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../run-local';
import { bootEdge, type Edge } from './boot-edge';
import { curl, hasCurl, holdDownload } from './curl';

const PRECONDITION_FAILED = 412;
const OPEN_FILES = '/proc/self/fd';
const text = 'Private files, handed out as time-boxed links. '.repeat(2000);
/** One that the cache keeps in memory, one that it leaves on the disk. */
const objects = { 'small.bin': randomBytes(100_000), 'large.bin': randomBytes(20_000_000) };

describe.skipIf(!hasCurl)('curl, with a signed URL (skipped without curl)', () => {
  const dataDir = join(temporaryFolder(afterAll), 'data');
  let edge: Edge;
  beforeAll(async () => {
    edge = await bootEdge(dataDir);
    for (const [key, body] of Object.entries(objects)) await edge.put(key, body, 'application/octet-stream');
    await edge.put('text.txt', text, 'text/plain');
  });
  afterAll(() => edge?.close());

  const link = (key: string): string =>
    signUrl({ distributionUrl: edge.distributionUrl, key }, { ...edge, expiresIn: 3600 });

  describe.each(Object.entries(objects))('for %s', (key, content) => {
    const last = content.length - 1;

    it.each([
      ['0-0', 0, 0],
      ['0-99', 0, 99],
      ['99900-', 99_900, last],
      ['-500', content.length - 500, last],
      ['99900-99999999', 99_900, last],
      [`-${content.length * 2}`, 0, last],
    ])('--range %s gets those bytes', async (range, from, to) => {
      const { status, headers, body } = await curl('--range', range, link(key));
      expect(status).toBe(206);
      expect(headers['content-range']).toBe(`bytes ${from}-${to}/${content.length}`);
      expect(body.equals(content.subarray(from, to + 1))).toBe(true);
    });

    it('--range 500-599,0-99, which descends, gets all of it', async () => {
      const { status, headers, body } = await curl('--range', '500-599,0-99', link(key));
      expect([status, headers['content-range']]).toEqual([200, undefined]);
      expect(body.equals(content)).toBe(true);
    });

    it('--range behind the end gets S3’s refusal', async () => {
      const { status, body } = await curl('--range', `${content.length}-`, link(key));
      expect(status).toBe(416);
      expect(body.toString()).toContain('<Code>InvalidRange</Code>');
    });

    it('-I gets the head', async () => {
      const { exitCode, status, headers } = await curl('-I', link(key));
      expect([exitCode, status]).toEqual([0, 200]);
      expect(headers).toMatchObject({
        'content-length': String(content.length),
        'content-type': 'application/octet-stream',
        'accept-ranges': 'bytes',
        etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
      });
    });

    it('--etag-compare gets 304 as long as the saved one is right', async () => {
      const etag = join(temporaryFolder(), 'etag');
      expect((await curl('--etag-save', etag, link(key))).status).toBe(200);
      const again = await curl('--etag-compare', etag, link(key));
      expect([again.exitCode, again.status, again.body.length]).toEqual([0, 304, 0]);
      writeFileSync(etag, '"another"\n');
      expect((await curl('--etag-compare', etag, link(key))).body.equals(content)).toBe(true);
    });

    it('-z gets 304 when the file is as new, and 412 when the object is newer than it may be', async () => {
      const copy = join(temporaryFolder(), 'copy');
      await curl('-R', '-o', copy, link(key));
      const sameAge = await curl('-z', copy, link(key));
      expect([sameAge.exitCode, sameAge.status, sameAge.body.length]).toEqual([0, 304, 0]);
      utimesSync(copy, new Date(0), new Date(86_400_000));
      expect((await curl('-z', copy, link(key))).body.equals(content)).toBe(true);
      expect((await curl('-z', '-Mon, 01 Jan 2001 00:00:00 GMT', link(key))).status).toBe(PRECONDITION_FAILED);
    });
  });

  it.each([
    ['br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['gzip, br', 'br', brotliDecompressSync],
  ])('--compressed, accepting %s, gets the text', async (accepted, coding, decompress) => {
    const accept = ['-H', `Accept-Encoding: ${accepted}`];
    const wire = await curl(...accept, link('text.txt'));
    expect(wire.headers).toMatchObject({ 'content-encoding': coding, vary: 'Accept-Encoding' });
    expect(wire.headers.etag).toMatch(/^W\/"/);
    expect(wire.body.length).toBeLessThan(text.length / 10);
    expect(decompress(wire.body).toString()).toBe(text);
    const { exitCode, body } = await curl('--compressed', ...accept, link('text.txt'));
    expect(exitCode).toBe(0);
    expect(body.toString()).toBe(text);
  });

  it('--compressed, accepting what this curl knows, gets 304 for a weak ETag; without it the text comes as it is', async () => {
    const etag = join(temporaryFolder(), 'etag');
    const first = await curl('--compressed', '--etag-save', etag, link('text.txt'));
    expect(first.headers['content-encoding']).toMatch(/^(br|gzip)$/);
    expect(first.body.toString()).toBe(text);
    expect((await curl('--compressed', '--etag-compare', etag, link('text.txt'))).status).toBe(304);
    const plain = await curl(link('text.txt'));
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body.toString()).toBe(text);
  });

  it('eight at once, each with its range, as download managers do, get what the cache does not have yet', async () => {
    const content = objects['large.bin'];
    await edge.put('cold.bin', content, 'application/octet-stream');
    const length = content.length / 8;
    const ranges = Array.from({ length: 8 }, (_, at) => `${at * length}-${(at + 1) * length - 1}`);
    const parts = await Promise.all(ranges.map((range) => curl('--range', range, link('cold.bin'))));
    expect(parts.map(({ status }) => status)).toEqual(ranges.map(() => 206));
    expect(Buffer.concat(parts.map(({ body }) => body)).equals(content)).toBe(true);
  });

  it.skipIf(!existsSync(OPEN_FILES))(
    'is served while twenty others stand still and after they are cut; they share one file, closed when the cache lets go (skipped without /proc)',
    async () => {
      const openObjects = (): string[] => openFiles(join(dataDir, 's3', 'blobs'));
      const url = link('large.bin');
      const held = await Promise.all(Array.from({ length: 20 }, () => holdDownload(url, 1)));
      const open = openObjects();
      expect(new Set(open).size).toBe(open.length);
      expect((await curl(url)).body.equals(objects['large.bin'])).toBe(true);
      await Promise.all(held.map((download) => download.cut()));
      expect((await curl(url)).body.equals(objects['large.bin'])).toBe(true);
      await edge.invalidate('/*');
      await expect.poll(openObjects).toEqual([]);
    },
  );
});

/** Of this process, in which the local runtime runs. */
function openFiles(folder: string): string[] {
  const targets = readdirSync(OPEN_FILES).map((descriptor) => {
    try {
      return readlinkSync(join(OPEN_FILES, descriptor));
    } catch {
      return 'closed in the meantime';
    }
  });
  return targets.filter((target) => target.startsWith(folder));
}
