import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signUrl } from 'edgepass';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../run-local';
import { bootEdge, type Edge } from './boot-edge';
import { curl, hasCurl, holdDownload } from './curl';

const SIZE = 30_000_000;
const CUT = 10_000_000;
/** Source: curl's manual, "EXIT CODES". */
const CURL = { partialFile: 18, httpReturnedError: 22, rangeError: 33 } as const;

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe.skipIf(!hasCurl)('a download that was cut, resumed with curl -C - (skipped without curl)', () => {
  const content = randomBytes(SIZE);
  const dataDir = join(temporaryFolder(afterAll), 'data');
  let edge: Edge;

  beforeAll(async () => {
    edge = await bootEdge(dataDir);
    await edge.put('30-mb.bin', content, 'application/octet-stream');
  });

  afterAll(() => edge?.close());

  const link = (key: string, expiresIn = 3600): string =>
    signUrl({ distributionUrl: edge.distributionUrl, key }, { ...edge, expiresIn });

  function partFile(bytes: Buffer): string {
    const file = join(temporaryFolder(), 'part');
    writeFileSync(file, bytes);
    return file;
  }

  it('goes on where curl was killed, and is the object', async () => {
    const part = await (await holdDownload(link('30-mb.bin'), CUT)).cut();
    expect(part.length).toBeLessThan(SIZE);
    const { exitCode, status, headers, body } = await curl('-C', '-', '-o', partFile(part), link('30-mb.bin'));
    expect([exitCode, status]).toEqual([0, 206]);
    expect(headers['content-range']).toBe(`bytes ${part.length}-${SIZE - 1}/${SIZE}`);
    expect(headers['content-length']).toBe(String(SIZE - part.length));
    expect(digest(body)).toBe(digest(content));
  });

  it('goes on, by the same link, after the local runtime was stopped in the middle and booted again', async () => {
    const url = link('30-mb.bin');
    const download = await holdDownload(url, CUT);
    await edge.stop();
    const { exitCode, body: part } = await download.finish();
    await edge.start();
    expect(exitCode).toBe(CURL.partialFile);
    expect(part.length).toBeLessThan(SIZE);
    const { status, body } = await curl('-C', '-', '-o', partFile(part), url);
    expect(status).toBe(206);
    expect(digest(body)).toBe(digest(content));
  });

  it('is left alone when there is nothing left', async () => {
    const { exitCode, status, body } = await curl('-C', '-', '-o', partFile(content), link('30-mb.bin'));
    expect([exitCode, status]).toEqual([0, 416]);
    expect(digest(body)).toBe(digest(content));
  });

  it('is refused once the link has ended, while one that runs then comes whole', async () => {
    const url = link('30-mb.bin', 600);
    const running = await holdDownload(url, CUT);
    edge.pass(600_000);
    expect((await curl('-I', url)).status).toBe(403);
    const { exitCode, body } = await running.finish();
    expect(exitCode).toBe(0);
    expect(digest(body)).toBe(digest(content));

    const part = content.subarray(0, CUT);
    const resumed = await curl('-C', '-', '--fail', '-o', partFile(part), url);
    expect([resumed.exitCode, resumed.status]).toEqual([CURL.httpReturnedError, 403]);
    expect(digest(resumed.body)).toBe(digest(part));
    const range = await curl('--range', `${CUT}-`, url);
    expect(range.status).toBe(403);
    expect(range.body.toString()).toContain('<Code>AccessDenied</Code><Message>Access denied</Message>');
  });

  describe('of an object that was overwritten in between', () => {
    const before = randomBytes(3_000_000);
    const after = randomBytes(4_000_000);
    const part = before.subarray(0, 1_000_000);

    async function overwrite(key: string, body = after): Promise<{ readonly url: string; readonly etag: string }> {
      const url = link(key);
      await edge.put(key, before, 'application/octet-stream');
      const { etag = '' } = (await curl('-I', url)).headers;
      await edge.put(key, body, 'application/octet-stream');
      return { url, etag };
    }

    it('is the object that it began with, as long as that is in the cache', async () => {
      const { url, etag } = await overwrite('cached.bin');
      for (const condition of [[], ['-H', `If-Range: ${etag}`]]) {
        const { status, headers, body } = await curl(...condition, '-C', '-', '-o', partFile(part), url);
        expect([status, headers.etag]).toEqual([206, etag]);
        expect(digest(body)).toBe(digest(before));
      }
    });

    it('is neither after an invalidation, because curl does not ask for the same version', async () => {
      const { url, etag } = await overwrite('mixed.bin');
      await edge.invalidate('/mixed.bin');
      const { exitCode, status, headers, body } = await curl('-C', '-', '-o', partFile(part), url);
      expect([exitCode, status]).toEqual([0, 206]);
      expect(headers.etag).not.toBe(etag);
      expect(headers['content-range']).toBe(`bytes ${part.length}-${after.length - 1}/${after.length}`);
      expect(digest(body)).toBe(digest(Buffer.concat([part, after.subarray(part.length)])));
    });

    it('is taken for whole by curl when the new version is shorter', async () => {
      const { url } = await overwrite('shorter.bin', after.subarray(0, part.length - 1));
      await edge.invalidate('/shorter.bin');
      const { exitCode, status, body } = await curl('--fail', '-C', '-', '-o', partFile(part), url);
      expect([exitCode, status]).toEqual([0, 416]);
      expect(digest(body)).toBe(digest(part));
    });

    it('is not resumed with If-Range: all of the new version is offered, and curl keeps what it has', async () => {
      const { url, etag } = await overwrite('asked-for.bin');
      await edge.invalidate('/asked-for.bin');
      const condition = ['-H', `If-Range: ${etag}`];
      const { exitCode, status, headers, body } = await curl(...condition, '-C', '-', '-o', partFile(part), url);
      expect([exitCode, status]).toEqual([CURL.rangeError, 200]);
      expect(headers['content-length']).toBe(String(after.length));
      expect(digest(body)).toBe(digest(part));
    });
  });
});
