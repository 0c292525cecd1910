import { join } from 'node:path';
import type { ListedFolder, ListedObject } from 'edgepass/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openObjectStore } from '../../src/local/s3/store/object-store';
import { temporaryFolder } from '../run-local';
import { bootApi, type LocalApi, synthesizeApi } from './boot-api';

const COUNT = 25_000;
/** In no order; some have what S3's XML and URLs escape. */
const KEYS = Array.from({ length: COUNT }, (_none, at) => {
  const number = String((at * 7919) % COUNT).padStart(5, '0');
  return `${['a', 'b & c', 'ü/x+y'][at % 3]}/${number} <é>.txt`;
});

const folder = temporaryFolder(afterAll);
let api: LocalApi;

beforeAll(async () => {
  const assembly = synthesizeApi(folder, {});
  const first = await bootApi(folder, assembly);
  const bucket = first.environment.EDGEPASS_BUCKET;
  await first.close();
  // As the store writes them: so many uploads would take minutes.
  const store = openObjectStore(join(first.dataDir, 's3'));
  const draft = {
    headers: {},
    metadata: {},
    tags: {},
    storageClass: 'STANDARD',
    pieces: [],
    size: 0,
    etag: 'e',
    lastModified: 0,
  };
  await Promise.all(KEYS.map((key) => store.put(bucket, key, draft)));
  await store.close();
  api = await bootApi(folder, assembly);
});
afterAll(() => api?.close());

async function all(query: Parameters<LocalApi['client']['listAll']>[0]): Promise<string[]> {
  const names: string[] = [];
  for await (const item of api.client.listAll(query))
    names.push((item as ListedObject).Key ?? (item as ListedFolder).Prefix);
  return names;
}

const inOrder = (keys: readonly string[]): string[] =>
  keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

describe('a listing', () => {
  it('lists 25,000 objects completely through the cursor, in order, each once', async () => {
    expect(await all({})).toEqual(inOrder(KEYS));
  });

  it('lists them the same in pages of 777', async () => {
    expect(await all({ limit: 777, prefix: 'b & c/' })).toEqual(
      inOrder(KEYS.filter((key) => key.startsWith('b & c/'))),
    );
  });

  it('finds what the keys hold, in whatever case, wherever it is', async () => {
    const wanted = inOrder(KEYS.filter((key) => key.includes('99')));
    expect(await all({ search: '99' })).toEqual(wanted);
    expect(await all({ search: '<É>', prefix: 'ü/' })).toEqual(inOrder(KEYS.filter((key) => key.startsWith('ü/'))));
  });

  it('rolls up folders, in order with the objects beside them', async () => {
    expect(await all({ delimiter: '/' })).toEqual(inOrder(['a/', 'b & c/', 'ü/']));
    expect(await all({ delimiter: '/', prefix: 'ü/' })).toEqual(['ü/x+y/']);
  });

  it('refuses a cursor of another query', async () => {
    const { nextCursor } = await api.client.list({ prefix: 'a/', limit: 10 });
    expect(nextCursor).toBeDefined();
    await expect(api.client.list({ prefix: 'b', cursor: nextCursor ?? '' })).rejects.toMatchObject({
      code: 'ERR_INVALID_CURSOR',
      status: 400,
    });
  });
});
