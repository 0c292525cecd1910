import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler as deleter } from '../../src/functions/handlers/delete-object';
import {
  type ApiResponse,
  apiEvent,
  audits,
  call,
  useFunction,
} from '../../src/functions/handlers/function.test.fixture';
import { handler } from '../../src/functions/handlers/list-objects';
import { CREDENTIALS, clientOf, REGION, type RunningS3, startS3 } from '../../src/local/s3/s3.test.fixture';

const KEYS = ['A.txt', '_s/link', 'a b.txt', 'a/1', 'a/2', 'a/b/1', 'b/1', 'z.TXT', '\uffee', '🗝️/1', '🗝️/2'];
let s3: RunningS3;
let client: S3Client;

useFunction();
beforeAll(async () => {
  s3 = await startS3();
  client = clientOf(s3);
  await client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  for (const Key of KEYS) await client.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body: Key }));
});
afterAll(async () => {
  client.destroy();
  await s3.close();
});
beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', s3.url);
  vi.stubEnv('AWS_REGION', REGION);
  vi.stubEnv('AWS_ACCESS_KEY_ID', CREDENTIALS.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', CREDENTIALS.secretAccessKey);
});

const list = (query: Record<string, string | string[]> = {}): Promise<ApiResponse> => {
  const parameters = Object.entries(query).map(([name, value]) => [name, [value].flat()]);
  return call(handler, apiEvent('GET /s3objects', { multiValueQueryStringParameters: Object.fromEntries(parameters) }));
};
const names = ({ body }: ApiResponse): string[] =>
  body.map((item: { Key?: string; Prefix?: string }) => item.Key ?? `${item.Prefix} (folder)`);
const cursorOf = ({ headers }: ApiResponse): string => String(headers['X-Next-Cursor'] ?? '');

/** Every page by its names, along the `Link` headers. */
async function pages(query: Record<string, string>): Promise<string[][]> {
  const found: string[][] = [];
  for (let next: Record<string, string> | undefined = query; next; ) {
    const answer: ApiResponse = await list(next);
    expect(answer.status).toBe(200);
    found.push(names(answer));
    const [, link] = /^<\/v1\/s3objects\?([^>]+)>; rel="next"$/.exec(String(answer.headers.Link)) ?? [];
    expect(link === undefined).toBe(cursorOf(answer) === '');
    next = link === undefined ? undefined : Object.fromEntries(new URLSearchParams(link));
  }
  return found;
}

const LISTED = KEYS.filter((key) => !key.startsWith('_s/'));

describe('GET /s3objects', () => {
  it('lists every object but edgepass’s own, in the order of their bytes', async () => {
    expect(names(await list())).toEqual(LISTED);
    expect(names(await list({ prefix: '_s/' }))).toEqual([]);
  });

  it('lists what is below a prefix, and folders in order with the objects', async () => {
    expect(names(await list({ prefix: 'a/' }))).toEqual(['a/1', 'a/2', 'a/b/1']);
    expect(names(await list({ delimiter: '/' }))).toEqual([
      'A.txt',
      'a b.txt',
      'a/ (folder)',
      'b/ (folder)',
      'z.TXT',
      '\uffee',
      '🗝️/ (folder)',
    ]);
    expect(names(await list({ prefix: 'a/', delimiter: '/' }))).toEqual(['a/1', 'a/2', 'a/b/ (folder)']);
  });

  it.each([1, 2, 3, 100])('lists each item once in pages of %d', async (limit) => {
    const flat = await pages({ limit: String(limit) });
    expect(flat.flat()).toEqual(LISTED);
    expect(Math.max(...flat.map(({ length }) => length))).toBeLessThanOrEqual(limit);
    expect((await pages({ limit: String(limit), delimiter: '/' })).flat()).toEqual(
      names(await list({ delimiter: '/' })),
    );
    expect((await pages({ limit: String(limit), search: 'TX' })).flat()).toEqual(['A.txt', 'a b.txt', 'z.TXT']);
  });

  it('searches below the prefix, in whatever case', async () => {
    expect(names(await list({ search: 'a' }))).toEqual(['A.txt', 'a b.txt', 'a/1', 'a/2', 'a/b/1']);
    expect(names(await list({ prefix: 'a/', search: 'A' }))).toEqual([]);
    expect(names(await list({ prefix: 'a/', search: 'B' }))).toEqual(['a/b/1']);
  });

  it('binds a cursor to its query', async () => {
    const cursor = cursorOf(await list({ limit: '2', prefix: 'a' }));
    expect(names(await list({ limit: '3', prefix: 'a', cursor }))).toEqual(['a/2', 'a/b/1']);
    for (const query of [{ cursor }, { prefix: 'b', cursor }, { prefix: 'a', delimiter: '/', cursor }]) {
      expect((await list(query)).body).toMatchObject({ status: 400, code: 'ERR_INVALID_CURSOR', field: 'cursor' });
    }
  });

  it.each([
    [{ perfix: 'a' }, 'ERR_UNKNOWN_PARAMETER', 'perfix'],
    [{ limit: '0' }, 'ERR_INVALID_PARAMETER', 'limit'],
    [{ limit: '1001' }, 'ERR_INVALID_PARAMETER', 'limit'],
    [{ limit: '1e2' }, 'ERR_INVALID_PARAMETER', 'limit'],
    [{ limit: '' }, 'ERR_INVALID_PARAMETER', 'limit'],
    [{ limit: ['1', '2'] }, 'ERR_INVALID_PARAMETER', 'limit'],
    [{ delimiter: '-' }, 'ERR_INVALID_PARAMETER', 'delimiter'],
    [{ search: '' }, 'ERR_INVALID_PARAMETER', 'search'],
    [{ prefix: 'p'.repeat(1_025) }, 'ERR_INVALID_PARAMETER', 'prefix'],
    [{ cursor: '' }, 'ERR_INVALID_CURSOR', 'cursor'],
    [{ cursor: 'nonsense' }, 'ERR_INVALID_CURSOR', 'cursor'],
  ])('refuses %j with %s', async (query, code, field) => {
    expect((await list(query as Record<string, string>)).body).toMatchObject({ status: 400, code, field });
  });

  it('keeps a caller to the prefix of the scope', async () => {
    vi.stubEnv('SCOPES', 'list:a/');
    expect(names(await list({ prefix: 'a/b/' }))).toEqual(['a/b/1']);
    for (const query of [{}, { prefix: 'a' }, { prefix: 'b/' }] as Record<string, string>[]) {
      expect((await list(query)).body).toMatchObject({ status: 403, code: 'ERR_SCOPE_MISSING', field: 'prefix' });
    }
  });
});

describe('DELETE /s3objects/{key+}', () => {
  const remove = (key: string): Promise<ApiResponse> =>
    call(deleter, apiEvent('DELETE /s3objects/{key+}', { pathParameters: { key } }));

  it('deletes exactly the object that the path names, percent-encoded', async () => {
    for (const Key of ['d/a+b%20c.txt', 'd/a b c.txt', 'd/../x']) {
      await client.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body: 'x' }));
    }
    expect((await remove('d/a%2Bb%2520c.txt')).status).toBe(204);
    expect(names(await list({ prefix: 'd/' }))).toEqual(['d/../x', 'd/a b c.txt']);
    expect((await remove('d%2F..%2Fx')).status).toBe(204);
    expect(names(await list({ prefix: 'd/' }))).toEqual(['d/a b c.txt']);
    expect(audits()).toMatchObject([{ action: 'delete', file: 'd/a+b%20c.txt', who: 'key-1' }, { file: 'd/../x' }]);
    await client.send(new DeleteObjectCommand({ Bucket: 'bucket', Key: 'd/a b c.txt' }));
  });

  it('is content with an object that is not there', async () => {
    expect((await remove('never')).status).toBe(204);
  });

  it('refuses what is no key, and a caller without the scope', async () => {
    vi.stubEnv('SCOPES', 'list sign delete:d/');
    expect((await remove('%zz')).body).toMatchObject({ status: 400, code: 'ERR_INVALID_FIELD', field: 'key' });
    expect((await remove('_s/link')).body).toMatchObject({ status: 400, code: 'ERR_KEY_RESERVED' });
    expect((await remove('a/1')).body).toMatchObject({ status: 403, code: 'ERR_SCOPE_MISSING' });
    expect(audits()).toEqual([]);
  });
});
