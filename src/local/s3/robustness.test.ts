import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SignatureError } from '../iam/signature-error';
import { verifySignature } from '../iam/signature-v4';
import { decodeChunks, STREAMING, type StreamingPayload } from './body/aws-chunked';
import { CREDENTIALS, clientOf, REGION, type RunningS3, startS3 } from './s3.test.fixture';
import { S3Error } from './s3-error';

const Bucket = 'robust';
let running: RunningS3;
let client: S3Client;
beforeAll(async () => {
  running = await startS3();
  client = clientOf(running);
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  client.destroy();
  await running.close();
});
const blobCount = (): number => [...running.s3.store.blobs.list()].length;
const putUrl = (Key: string): Promise<string> => getSignedUrl(client, new PutObjectCommand({ Bucket, Key }));

/** Writes raw bytes to the port and resolves with what comes back until the connection ends. */
function raw(bytes: string, options: { end?: boolean; after?: number; until?: string } = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(running.url).port), '127.0.0.1', () => {
      socket.write(bytes);
      if (options.after !== undefined) setTimeout(() => socket.destroy(), options.after);
      else if (options.end) socket.end();
    });
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      if (options.until !== undefined && text.includes(options.until)) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

describe('a body that is not what was said', () => {
  async function sendPut(key: string, length: number, body: string, options = {}): Promise<string> {
    const { host, pathname, search } = new URL(await putUrl(key));
    return raw(
      `PUT ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`,
      options,
    );
  }

  it('is refused when it is cut off, and leaves nothing', async () => {
    const before = blobCount();
    await sendPut('cut', 1000, 'x'.repeat(10), { after: 50 });
    await expect.poll(blobCount).toBe(before);
    expect(running.s3.store.find(Bucket, 'cut')).toBeUndefined();
  });

  it('leaves the old object whole', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'old' }));
    await sendPut('kept', 1000, 'new', { after: 50 });
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'kept' }));
    expect(await Body?.transformToString()).toBe('old');
  });

  it('is refused without a length, or with one too large', async () => {
    const { host, pathname, search } = new URL(await putUrl('none'));
    const head = `PUT ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`;
    expect(await raw(`${head}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`)).toContain('MissingContentLength');
    expect(await sendPut('large', 6 * 1024 ** 3, '', { until: '</Error>' })).toContain('EntityTooLarge');
  });

  it('is asked for only after the signature held', async () => {
    const { host, pathname, search } = new URL(await putUrl('continued'));
    const head = (query: string): string =>
      `PUT ${pathname}${query} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`;
    expect(await raw(`${head(search)}x`)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    expect(await raw(head(`${search}0`), { end: true })).toMatch(/^HTTP\/1\.1 403/);
  });
});

describe('S3 under load', () => {
  it('serves others while a client is slow and a thousand are idle', async () => {
    const port = Number(new URL(running.url).port);
    const idle = await Promise.all(
      Array.from(
        { length: 1000 },
        () =>
          new Promise<ReturnType<typeof connect>>((resolve) => {
            const socket = connect(port, '127.0.0.1', () => resolve(socket));
          }),
      ),
    );
    await client.send(new PutObjectCommand({ Bucket, Key: 'big', Body: Buffer.alloc(8_000_000) }));
    const { host, pathname, search } = new URL(
      await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'big' })),
    );
    const slow = connect(port, '127.0.0.1').pause();
    slow.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await client.send(new PutObjectCommand({ Bucket, Key: 'beside', Body: 'x' }));
    const { ContentLength } = await client.send(new GetObjectCommand({ Bucket, Key: 'beside' }));
    expect(ContentLength).toBe(1);
    for (const socket of [...idle, slow]) socket.destroy();
  });

  it('keeps an object whole for who reads it while it is replaced and deleted', async () => {
    const bytes = Buffer.alloc(3_000_000, 7);
    await client.send(new PutObjectCommand({ Bucket, Key: 'replaced', Body: bytes }));
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'replaced' }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'replaced', Body: 'new' }));
    expect(
      createHash('md5')
        .update((await Body?.transformToByteArray()) ?? '')
        .digest('hex'),
    ).toBe(createHash('md5').update(bytes).digest('hex'));
  });

  describe('whatever the bytes', () => {
    const kinds = Object.keys(STREAMING) as StreamingPayload[];
    const signing = {
      seedSignature: '0'.repeat(64),
      signingKey: Buffer.from('k'),
      amzDate: '20260101T000000Z',
      scope: 'scope',
    };
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '0',
        '5',
        'a;chunk-signature=',
        `3;chunk-signature=${'0'.repeat(64)}`,
        'x-amz-checksum-crc32:AAAA',
        '',
      ),
    );

    it('the aws-chunked decoder yields or throws an S3Error', async () => {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...kinds), fc.array(line), fc.nat(20), async (kind, lines, cut) => {
          const text = lines.join('\r\n');
          const pieces = [text.slice(0, cut), text.slice(cut)]
            .filter((piece) => piece !== '')
            .map((piece) => Buffer.from(piece));
          try {
            for await (const _bytes of decodeChunks(Readable.from(pieces), kind, signing, new Map())) {
              // What it yields is not trusted before the end.
            }
          } catch (error) {
            expect(error).toBeInstanceOf(S3Error);
          }
        }),
        { numRuns: 2000 },
      );
    });

    it('a request whose signature nobody made is refused with a SignatureError', () => {
      const header = fc.oneof(
        fc.string(),
        fc.constantFrom(
          'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=',
          'AWS AKIAIOSFODNN7EXAMPLE:abc',
        ),
      );
      const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
      const options = {
        region: REGION,
        services: ['s3'],
        now: new Date('2026-01-01T00:00:00Z'),
        findAccessKey: () => ({ ...CREDENTIALS, principal: () => ({}) as never }),
      };
      fc.assert(
        fc.property(header, hex, fc.webPath(), fc.webQueryParameters(), (start, signature, rawPath, rawQuery) => {
          const headers = {
            host: 'h',
            'x-amz-date': '20260101T000000Z',
            'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
            authorization: start + signature,
          };
          expect(() => verifySignature({ method: 'GET', rawPath, rawQuery, headers }, options)).toThrow(SignatureError);
        }),
        { numRuns: 2000 },
      );
    });
  });

  describe('browser forms', () => {
    async function post(change: (form: FormData) => void = () => {}): Promise<Response> {
      const { url, fields } = await createPresignedPost(client, {
        Bucket,
        Key: `forms/\${filename}`,
        Conditions: [
          ['content-length-range', 1, 10],
          ['starts-with', '$Content-Type', 'text/'],
          { success_action_status: '201' },
        ],
        Fields: { 'Content-Type': 'text/plain', success_action_status: '201' },
        Expires: 60,
      });
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      form.set('file', new File(['hello'], 'hello.txt'));
      change(form);
      return fetch(url, { method: 'POST', body: form });
    }

    it('upload what their policy allows', async () => {
      const answer = await post();
      expect([answer.status, await answer.text()]).toEqual([
        201,
        expect.stringContaining('<Key>forms/hello.txt</Key>'),
      ]);
      const object = await client.send(new GetObjectCommand({ Bucket, Key: 'forms/hello.txt' }));
      expect([object.ContentType, await object.Body?.transformToString()]).toEqual(['text/plain', 'hello']);
    });

    it.each([
      ['a larger file', (form: FormData) => form.set('file', new File(['x'.repeat(11)], 'a')), 400, 'EntityTooLarge'],
      ['an empty file', (form: FormData) => form.set('file', new File([], 'a')), 400, 'EntityTooSmall'],
      ['another type', (form: FormData) => form.set('Content-Type', 'image/png'), 403, 'Policy Condition failed'],
      ['a field of their own', (form: FormData) => form.set('x-amz-meta-a', 'b'), 403, 'Extra input fields'],
      ['an altered policy', (form: FormData) => form.set('Policy', 'e30='), 403, 'SignatureDoesNotMatch'],
      ['no file', (form: FormData) => form.delete('file'), 400, 'exactly one file'],
    ])('are refused with %s, and leave nothing', async (_title, change, status, text) => {
      const before = blobCount();
      const answer = await post((form) => {
        const file = form.get('file');
        form.delete('file');
        change(form);
        // The file comes last, as S3 wants it.
        if (!form.has('file') && file && text !== 'exactly one file') form.set('file', file);
      });
      expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(text)]);
      await expect.poll(blobCount).toBe(before);
    });
  });

  it('answers cross-origin requests as the bucket’s CORS configuration says', async () => {
    const rule = {
      allowedOrigins: ['https://*.example.com'],
      allowedMethods: ['GET'],
      allowedHeaders: ['x-*'],
      exposedHeaders: ['etag'],
      maxAge: 60,
    };
    running.s3.store.changeBucket(Bucket, { cors: [rule] });
    const preflight = (origin: string, method: string) =>
      fetch(`${running.url}/${Bucket}/a`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'x-a' },
      });
    const allowed = await preflight('https://www.example.com', 'GET');
    expect([
      allowed.status,
      allowed.headers.get('access-control-allow-origin'),
      allowed.headers.get('access-control-max-age'),
    ]).toEqual([200, 'https://www.example.com', '60']);
    expect((await preflight('https://www.example.com', 'PUT')).status).toBe(403);
    expect((await preflight('https://example.org', 'GET')).status).toBe(403);
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'beside' }));
    const answer = await fetch(url, { headers: { origin: 'https://www.example.com' } });
    expect(answer.headers.get('access-control-expose-headers')).toBe('etag');
  });
});
