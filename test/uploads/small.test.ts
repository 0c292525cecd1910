import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutBucketCorsCommand } from '@aws-sdk/client-s3';
import { parse } from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { createUploadResponse } from '../../src/api/schemas/upload';
import { BUCKET, call, createSmall, send, setEnvironment, useBench } from './upload.fixture';

const bench = useBench();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

async function storedAt(Key: string): Promise<string | undefined> {
  const { client } = bench();
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: Key }));
  if (Contents.length === 0) return undefined;
  return (await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }))).Body?.transformToString();
}

describe('a small upload', () => {
  it('stores a small file by one presigned PUT, as the type it was announced as', async () => {
    const file = "in/a b/+ü%2F'(*).txt";
    const upload = await createSmall({
      file,
      size: 5,
      contentType: 'text/plain; charset=utf-8',
      sha256: sha256('hello'),
    });
    expect(parse(createUploadResponse, upload)).toEqual(upload);
    expect(upload.headers).toEqual({
      'content-type': 'text/plain; charset=utf-8',
      'x-amz-checksum-sha256': sha256('hello'),
      'if-none-match': '*',
    });
    expect(await send(upload, 'hello')).toEqual({ status: 200, etag: '"5d41402abc4b2a76b9719d911017c592"', code: '' });
    expect(await storedAt(file)).toBe('hello');
    const head = await bench().client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: file }));
    expect(head.ContentType).toBe('text/plain; charset=utf-8');
  });

  it('stores an empty file, and a key with dot segments under exactly that key', async () => {
    for (const file of ['in/empty', 'in/../in/./dots']) {
      const upload = await createSmall({ file, size: 0 });
      expect((await send(upload, '')).status).toBe(200);
      expect(await storedAt(file)).toBe('');
    }
  });

  it.each([
    ['another size', 'hello!', {}, 403, 'SignatureDoesNotMatch'],
    ['another type', 'hello', { 'content-type': 'text/html' }, 403, 'SignatureDoesNotMatch'],
    ['another checksum', 'olleh', { 'x-amz-checksum-sha256': sha256('olleh') }, 403, 'SignatureDoesNotMatch'],
    ['no checksum', 'hello', { 'x-amz-checksum-sha256': undefined }, 403, 'SignatureDoesNotMatch'],
    ['other bytes', 'olleh', {}, 400, 'BadDigest'],
    ['leave to overwrite', 'hello', { 'if-none-match': undefined }, 403, 'SignatureDoesNotMatch'],
    ['a tag', 'hello', { 'x-amz-tagging': 'a=b' }, 403, 'AccessDenied'],
  ])('is refused by S3 with %s, and nothing is stored', async (what, bytes, changed, status, code) => {
    const file = `in/refused/${what}`;
    const upload = await createSmall({ file, size: 5, contentType: 'text/plain', sha256: sha256('hello') });
    expect(await send(upload, bytes, changed)).toEqual({ status, etag: '', code });
    expect(await storedAt(file)).toBeUndefined();
  });

  it('is refused by S3 for another key, or when it has expired', async () => {
    const upload = await createSmall({ file: 'in/expected', size: 5 });
    const elsewhere = { ...upload, url: upload.url.replace('in/expected', 'in/elsewhere') };
    expect((await send(elsewhere, 'hello')).code).toBe('SignatureDoesNotMatch');
    const longer = { ...upload, url: upload.url.replace('X-Amz-Expires=3600', 'X-Amz-Expires=7200') };
    expect(longer.url).not.toBe(upload.url);
    expect((await send(longer, 'hello')).code).toBe('SignatureDoesNotMatch');
    expect([await storedAt('in/expected'), await storedAt('in/elsewhere')]).toEqual([undefined, undefined]);
  });

  it('leaves an object that is there as it is, unless it was told to overwrite', async () => {
    const file = 'in/there';
    const first = await createSmall({ file, size: 3 });
    expect((await send(first, 'one')).status).toBe(200);
    expect(await send(first, 'two')).toEqual({ status: 412, etag: '', code: 'PreconditionFailed' });
    expect(await storedAt(file)).toBe('one');
    const second = await createSmall({ file, size: 3, overwrite: true });
    expect((await send(second, 'two')).status).toBe(200);
    expect(await storedAt(file)).toBe('two');
  });

  it('may live only as long as the caller’s scope says', async () => {
    vi.stubEnv('SCOPES', 'upload:in/;max=60 upload:in/a/;max=90 upload:other/');
    expect((await createSmall({ file: 'in/x', size: 1 })).url).toContain('X-Amz-Expires=60&');
    const { url, expires } = await createSmall({ file: 'in/a/x', size: 1 });
    expect(url).toContain('X-Amz-Expires=90&');
    const [, year, month, day, hour, minute, second] =
      url.match(/X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/) ?? [];
    expect(Date.parse(expires) - Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)).toBe(90_000);
  });

  it('names the bucket’s own host on AWS', async () => {
    setEnvironment('');
    vi.stubEnv('AWS_SESSION_TOKEN', 'token+/=');
    const { url } = await createSmall({ file: 'in/a b', size: 1 });
    expect(url).toMatch(/^https:\/\/uploads-bucket\.s3\.us-east-1\.amazonaws\.com\/in\/a%20b\?/);
    const query = new URL(url).searchParams;
    expect(query.get('X-Amz-Security-Token')).toBe('token+/=');
    expect(query.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host;if-none-match');
  });

  it('writes one audit line, without the URL', async () => {
    const upload = await createSmall({ file: 'in/audited', size: 1 });
    const logged = vi.mocked(console.info).mock.calls;
    expect(logged).toEqual([
      [
        {
          audit: {
            who: 'key-1',
            action: 'upload',
            file: 'in/audited',
            size: 1,
            lifetime: 3600,
            requestId: 'request-1',
          },
        },
      ],
    ]);
    const signature = new URL(upload.url).searchParams.get('X-Amz-Signature') ?? 'none';
    expect(JSON.stringify(logged)).not.toContain(signature);
  });

  it('lets a page of another origin send it, with the CORS rule that the documentation has', async () => {
    const rule = {
      AllowedOrigins: ['https://app.example.com'],
      AllowedMethods: ['PUT'],
      AllowedHeaders: ['content-type', 'if-none-match', 'x-amz-checksum-sha256'],
      ExposeHeaders: ['ETag'],
    };
    await bench().client.send(new PutBucketCorsCommand({ Bucket: BUCKET, CORSConfiguration: { CORSRules: [rule] } }));
    const { url, headers } = await createSmall({ file: 'in/cors', size: 1, sha256: sha256('x') });
    const origin = 'https://app.example.com';
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': Object.keys(headers).sort().join(','),
      },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
    const put = await fetch(url, { method: 'PUT', headers: { ...headers, origin }, body: 'x' });
    expect([put.status, put.headers.get('access-control-expose-headers')]).toEqual([200, 'ETag']);
  });

  it('answers an unknown route with 404', async () => {
    expect(await call('GET /uploads')).toMatchObject({ status: 404, body: { code: 'ERR_UNKNOWN_ROUTE' } });
  });
});
