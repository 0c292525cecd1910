import { readFileSync } from 'node:fs';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi, listObjects, postUrls, s3Client, signedUrl } from './clients';
import { ANY_PORTS, type Environment, environmentOf, type RunningDev, startDev, temporaryFolder } from './run-local';

/** `npm run test:aws` names a file with the environment of a stack that is there already. */
const { EDGEPASS_TARGET } = process.env;
let dev: RunningDev | undefined;
let environment: Environment;
let s3: S3Client;

beforeAll(async () => {
  environment = EDGEPASS_TARGET ? JSON.parse(readFileSync(EDGEPASS_TARGET, 'utf8')) : await bootLocal();
  s3 = s3Client(environment);
});
const dataDir = temporaryFolder(afterAll);
async function bootLocal(): Promise<Environment> {
  dev = await startDev('--data-dir', dataDir, ...ANY_PORTS);
  return environmentOf(dataDir);
}
afterAll(async () => {
  s3.destroy();
  if (!dev) return;
  dev.process.kill('SIGTERM');
  expect(await dev.ended).toBe(0);
});

/** The tutorial's two files. */
const putFiles = () =>
  Promise.all([put('testfile1.txt', "I'm the first test file\n"), put('testfile2.txt', "I'm the second test file\n")]);
const put = (Key: string, Body: string) =>
  s3.send(new PutObjectCommand({ Bucket: environment.EDGEPASS_BUCKET, Key, Body }));
const get = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`${environment.EDGEPASS_DISTRIBUTION_URL}${path}`, init);

const MISSING_KEY =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>MissingKey</Code><Message>Missing Key-Pair-Id query parameter or cookie value</Message></Error>';
const ACCESS_DENIED =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>';

describe('the tutorial, with the AWS SDK and fetch', () => {
  it('an empty bucket lists as []', async () => {
    expect(await listObjects(environment)).toEqual([]);
  });

  it('lists what was put, in the shape the tutorial shows', async () => {
    await putFiles();
    const date = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const rest = { LastModified: date, StorageClass: 'STANDARD' };
    expect(await listObjects(environment)).toEqual([
      { ETag: '"5472b570c2e878e3adc891451b8d21d9"', Key: 'testfile1.txt', Size: 24, ...rest },
      { ETag: '"92c9265c51ade84a8bbc76f902e6f6ac"', Key: 'testfile2.txt', Size: 25, ...rest },
    ]);
  });

  it('signs a URL of the distribution, good for 12 hours, that opens the file', async () => {
    await putFiles();
    const url = new URL(await signedUrl(environment, 'testfile2.txt'));
    expect(url.origin + url.pathname).toBe(`${environment.EDGEPASS_DISTRIBUTION_URL}/testfile2.txt`);
    expect([...url.searchParams.keys()].sort()).toEqual(['Expires', 'Key-Pair-Id', 'Signature']);
    const hours = (Number(url.searchParams.get('Expires')) * 1000 - Date.now()) / 3_600_000;
    expect(Math.round(hours * 100) / 100).toBe(12);
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, "I'm the second test file\n"]);
  });

  it('answers an unsigned request with CloudFront’s own 403 MissingKey', async () => {
    const answer = await get('/testfile2.txt');
    expect([answer.status, await answer.text()]).toEqual([403, MISSING_KEY]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-length': '146',
      'content-type': 'text/xml',
      server: 'CloudFront',
      'x-cache': 'Error from cloudfront',
      via: expect.stringMatching(/cloudfront\.net \(CloudFront\)$/),
      'x-amz-cf-id': expect.stringMatching(/^[\w-]{54}==$/),
      'x-amz-cf-pop': expect.any(String),
    });
  });

  it('refuses a URL whose path, expiry or query was altered', async () => {
    await putFiles();
    const url = await signedUrl(environment, 'testfile2.txt');
    const altered = [
      url.replace('testfile2', 'testfile1'),
      url.replace(/Expires=(\d+)/, (_all, expires) => `Expires=${Number(expires) + 60}`),
      `${url}&download=1`,
    ];
    for (const target of altered) {
      const answer = await fetch(target);
      expect([answer.status, await answer.text()]).toEqual([403, ACCESS_DENIED]);
    }
  });

  it('serves ranges and HEAD of a signed URL', async () => {
    await putFiles();
    const url = await signedUrl(environment, 'testfile2.txt');
    const range = await fetch(url, { headers: { range: 'bytes=4-6' } });
    expect([range.status, range.headers.get('content-range'), await range.text()]).toEqual([
      206,
      'bytes 4-6/25',
      'the',
    ]);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '25', '']);
  });

  it('refuses to write through a signed URL', async () => {
    await putFiles();
    const url = await signedUrl(environment, 'testfile2.txt');
    for (const method of ['PUT', 'POST', 'DELETE']) {
      const answer = await fetch(url, { method, ...(method !== 'DELETE' && { body: 'x' }) });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([403, 'text/html']);
    }
    expect(await (await fetch(url)).text()).toBe("I'm the second test file\n");
  });

  it('lets nobody into the bucket without credentials', async () => {
    const answer = await fetch(`${environment.AWS_ENDPOINT_URL}/${environment.EDGEPASS_BUCKET}/testfile2.txt`);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
  });
});

describe('object keys', () => {
  const KEYS = [
    'a b.txt',
    'a+b.txt',
    'a#b.txt',
    'a?b=c.txt',
    '100%.txt',
    'a%20b.txt',
    `it's "quoted".txt`,
    'ünïcödé.txt',
    '日本語/ファイル.txt',
    '🗝️.txt',
    'a//b.txt',
    '/leading.txt',
    '//two.txt',
    'a/../b.txt',
    './a.txt',
    'star*.txt',
    'and&equals=.txt',
    'comma,semi;colon:at@.txt',
    '<tag>.txt',
    'back\\slash.txt',
    'trailing/',
    `${'k'.repeat(1020)}.txt`,
  ];

  it('are put, listed, signed and fetched intact, each the right object', async () => {
    await Promise.all(KEYS.map((key) => put(key, `content of ${key}`)));
    const listed = (await listObjects(environment)).map(({ Key }) => Key);
    expect(listed.filter((key) => KEYS.includes(key)).sort()).toEqual([...KEYS].sort());
    for (const key of KEYS) {
      const url = await signedUrl(environment, key);
      expect(new URL(url).href, key).toBe(url);
      const answer = await fetch(url);
      expect([key, answer.status, await answer.text()]).toEqual([key, 200, `content of ${key}`]);
    }
  });
});

describe('the walkthrough', () => {
  it('a bucket of more than 1,000 objects lists page after page, each object once, in order', async () => {
    const keys = Array.from({ length: 1_050 }, (_, index) => `many/${String(index).padStart(4, '0')} +%.txt`);
    for (let from = 0; from < keys.length; from += 50) {
      await Promise.all(keys.slice(from, from + 50).map((key) => put(key, key)));
    }
    const first = await callApi(environment, 's3objects');
    expect((await first.json()) as unknown[]).toHaveLength(1_000);
    expect(first.headers.get('link')).toMatch(/^<\/v1\/s3objects\?cursor=[^>]+>; rel="next"$/);
    const listed = (await listObjects(environment)).map(({ Key }) => Key);
    expect(listed.filter((key) => key.startsWith('many/'))).toEqual(keys);
  });
});

describe('bad input', () => {
  const problem = (code: string) => ({ code, detail: expect.any(String), requestId: expect.any(String) });

  it.each([
    ['not JSON', 'file=a', 'ERR_INVALID_JSON'],
    ['no body', '', 'ERR_MISSING_BODY'],
    ['{}', {}, 'ERR_MISSING_FILE'],
    ['a number as file', { file: 5 }, 'ERR_INVALID_FILE'],
    ['null as file', { file: null }, 'ERR_INVALID_FILE'],
    ['an empty file', { file: '' }, 'ERR_INVALID_FILE'],
    ['an array as file', { file: ['a'] }, 'ERR_INVALID_FILE'],
    ['half a surrogate pair', '{"file":"\\ud800"}', 'ERR_INVALID_FILE'],
    ['a key of 2,000 characters', { file: 'k'.repeat(2_000) }, 'ERR_KEY_TOO_LONG'],
    ['an array', ['a'], 'ERR_INVALID_BODY'],
    ['a string', '"a"', 'ERR_INVALID_BODY'],
    ['null', 'null', 'ERR_INVALID_BODY'],
    ['a field it does not know', { file: 'a', expiresln: 60 }, 'ERR_UNKNOWN_FIELD'],
    ['the key ".."', { file: '..' }, 'ERR_OBJECT_KEY_INVALID'],
  ])('%s is a 400 that says what to do', async (_title, body, code) => {
    const answer = await postUrls(environment, body);
    expect(answer.headers.get('content-type')).toContain('json');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining(problem(code))]);
  });

  it.each([
    ['an unknown path', 'GET', 'nothing', {}, 404, 'ERR_UNKNOWN_ROUTE'],
    ['a wrong method', 'DELETE', 'urls', {}, 404, 'ERR_UNKNOWN_ROUTE'],
    ['no API key', 'GET', 's3objects', { 'x-api-key': '' }, 403, 'ERR_INVALID_API_KEY'],
    ['a wrong API key', 'GET', 's3objects', { 'x-api-key': 'x'.repeat(40) }, 403, 'ERR_INVALID_API_KEY'],
    ['an unknown cursor', 'GET', 's3objects?cursor=nonsense', {}, 400, 'ERR_INVALID_CURSOR'],
    ['an unknown parameter', 'GET', 's3objects?perfix=a', {}, 400, 'ERR_UNKNOWN_PARAMETER'],
  ])('%s is refused with a body that says what to do', async (_title, method, path, headers, status, code) => {
    const answer = await callApi(environment, path, { method, headers });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining(problem(code))]);
  });

  it('a preflight is answered without an API key', async () => {
    const answer = await fetch(`${environment.EDGEPASS_API_URL}urls`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://example.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-api-key',
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('x-api-key');
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });
});
