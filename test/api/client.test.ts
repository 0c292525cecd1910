import { createHash, randomBytes } from 'node:crypto';
import { GetObjectCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { createClient, EdgepassApiError, type ListedObject } from 'edgepass/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Client } from '../clients';
import { temporaryFolder } from '../run-local';
import { bootApi, type LocalApi, synthesizeApi } from './boot-api';

const folder = temporaryFolder(afterAll);
let api: LocalApi;
let s3: ReturnType<typeof s3Client>;

beforeAll(async () => {
  api = await bootApi(folder, synthesizeApi(folder, { uploads: {}, deletes: true }));
  s3 = s3Client(api.environment);
});
afterAll(async () => {
  s3?.destroy();
  await api?.close();
});

const stored = async (Key: string): Promise<Buffer> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: api.environment.EDGEPASS_BUCKET, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('edgepass/client', () => {
  it('uploads a small file, signs it, and the link gives the bytes under the name asked for', async () => {
    await expect(api.client.upload('docs/é 1.txt', 'hello', { checksum: true })).resolves.toMatchObject({ size: 5 });
    const { signedUrl, expires } = await api.client.signUrl('docs/é 1.txt', {
      expiresIn: 60,
      downloadAs: 'Näme.txt',
      mustExist: true,
    });
    const answer = await fetch(signedUrl);
    expect([answer.status, await answer.text()]).toEqual([200, 'hello']);
    expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''N%C3%A4me.txt");
    expect(Date.parse(expires) - Date.now()).toBeLessThanOrEqual(60_000);
  });

  it('uploads 30 MB in parts, with a checksum of each, and tells how far it is', async () => {
    const bytes = randomBytes(30_000_000);
    const progress: number[] = [];
    const uploaded = await api.client.upload('large.bin', bytes, {
      checksum: true,
      contentType: 'application/x-large',
      onProgress: (sent) => progress.push(sent),
    });
    expect(uploaded).toMatchObject({ file: 'large.bin', size: bytes.length });
    expect(digest(await stored('large.bin'))).toBe(digest(bytes));
    expect(progress.at(-1)).toBe(bytes.length);
    expect(progress).toHaveLength(4);
  });

  it('does not overwrite unless asked', async () => {
    await api.client.upload('once.txt', 'first');
    await expect(api.client.upload('once.txt', 'second')).rejects.toMatchObject({
      name: 'EdgepassApiError',
      code: 'PreconditionFailed',
      message: expect.stringContaining('overwrite: true'),
    });
    expect((await stored('once.txt')).toString()).toBe('first');
    await api.client.upload('once.txt', 'second', { overwrite: true });
    expect((await stored('once.txt')).toString()).toBe('second');
  });

  it('leaves nothing of an upload in parts that is broken off', async () => {
    const controller = new AbortController();
    const upload = api.client.upload('broken.bin', randomBytes(40_000_000), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
      concurrency: 1,
    });
    await expect(upload).rejects.toThrow();
    const { Uploads = [] } = await s3.send(
      new ListMultipartUploadsCommand({ Bucket: api.environment.EDGEPASS_BUCKET }),
    );
    expect(Uploads).toEqual([]);
    await expect(stored('broken.bin')).rejects.toThrow();
  });

  it('lists, in pages and in folders, signs many in their order, explains and deletes', async () => {
    for (const key of ['list/a', 'list/b/1', 'list/b/2', 'list/c']) await api.client.upload(key, key);
    const all: string[] = [];
    for await (const item of api.client.listAll({ prefix: 'list/', limit: 1 })) all.push((item as ListedObject).Key);
    expect(all).toEqual(['list/a', 'list/b/1', 'list/b/2', 'list/c']);
    const { items } = await api.client.list({ prefix: 'list/', delimiter: '/' });
    expect(items.map((item) => ('Key' in item ? item.Key : item.Prefix))).toEqual(['list/a', 'list/b/', 'list/c']);
    const { signedUrls } = await api.client.signUrls(['list/c', 'list/a']);
    expect(signedUrls.map(({ file }) => file)).toEqual(['list/c', 'list/a']);
    const [link] = signedUrls;
    expect((await api.client.explain(link?.signedUrl ?? '')).verdict).toBe('allowed');
    await api.client.delete('list/b/1');
    await expect(api.client.signUrl('list/b/1', { mustExist: true })).rejects.toMatchObject({
      code: 'ERR_NO_SUCH_OBJECT',
      status: 404,
      field: 'file',
    });
    const open = await api.client.signFolder('list/');
    expect(await (await fetch(`${open.baseUrl}b/2?${open.query}`)).text()).toBe('list/b/2');
    expect(await api.client.health()).toMatchObject({ status: 'ok' });
  });

  it('deletes the object of exactly this key, whatever a URL parser would make of it', async () => {
    const others = ['exact', 'exact/b.txt', 'exact/reports'];
    const keys = ['exact/a/../b.txt', 'exact/reports/', 'exact/./', 'exact//', 'exact/..'];
    for (const key of [...others, ...keys]) await api.client.upload(key, key);
    for (const key of keys) await api.client.delete(key);
    const { items } = await api.client.list({ prefix: 'exact' });
    expect(items.map((item) => ('Key' in item ? item.Key : item.Prefix))).toEqual(others);
  });

  it('throws the API’s own code, and holds no URL in what it says', async () => {
    const stranger = createClient({ url: api.environment.EDGEPASS_API_URL, apiKey: 'wrong' });
    const error = await stranger.signUrl('a').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EdgepassApiError);
    expect(error).toMatchObject({ code: 'ERR_INVALID_API_KEY', status: 403 });
    expect(String(error)).not.toContain('http');
  });
});
