import { createHash, randomBytes } from 'node:crypto';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { parse } from 'valibot';
import { describe, expect, it } from 'vitest';
import type { MultipartUpload } from '../../src/api/bodies';
import { completedUpload, createUploadResponse, signedParts } from '../../src/api/schemas/upload';
import { BUCKET, call, createLarge, createSmall, MIB, send, signParts, useBench } from './upload.fixture';

const bench = useBench();
type Bytes = Uint8Array<ArrayBuffer>;

const slice = (bytes: Bytes, { partSize }: MultipartUpload, number: number): Bytes =>
  bytes.subarray((number - 1) * partSize, number * partSize);
const sha256 = (bytes: Bytes): string => createHash('sha256').update(bytes).digest('base64');
const randomFile = (size: number): Bytes => new Uint8Array(randomBytes(size));
const numbers = ({ parts }: MultipartUpload): number[] => Array.from({ length: parts }, (_none, at) => at + 1);

/** Sends some parts, one after the other, and tells the completion's row of each. */
async function sendParts(upload: MultipartUpload, bytes: Bytes, which: number[]) {
  const { parts } = await signParts(
    upload.id,
    which.map((number) => ({ number })),
  );
  const rows: { number: number; etag: string }[] = [];
  for (const part of parts) {
    const { status, etag } = await send(part, slice(bytes, upload, part.number));
    expect(status).toBe(200);
    rows.push({ number: part.number, etag });
  }
  return rows;
}

const complete = (upload: MultipartUpload, parts: object[], more: object = {}) =>
  call('POST /uploads/{id}/complete', { parts, ...more }, { id: upload.id });

async function uploadsInProgress(prefix: string): Promise<(string | undefined)[]> {
  const { Uploads = [] } = await bench().client.send(
    new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: prefix }),
  );
  return Uploads.map(({ Key }) => Key);
}

async function exists(prefix: string): Promise<boolean> {
  return (await bench().client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }))).KeyCount === 1;
}

describe('a large upload', () => {
  it('puts 100 MB together from parts that came in parallel and out of order', async () => {
    const file = 'in/films/übung.mp4';
    const bytes = randomFile(100_000_000);
    const upload = await createLarge({ file, size: bytes.length, contentType: 'video/mp4' });
    expect(parse(createUploadResponse, upload)).toEqual(upload);
    expect([upload.partSize, upload.parts]).toEqual([8 * MIB, 12]);

    const signed = await signParts(
      upload.id,
      numbers(upload)
        .reverse()
        .map((number) => ({ number })),
    );
    expect(parse(signedParts, signed)).toEqual(signed);
    expect(signed.parts.map(({ size }) => size)).toEqual([100_000_000 - 11 * 8 * MIB, ...Array(11).fill(8 * MIB)]);
    const waiting = [...signed.parts];
    const rows: { number: number; etag: string }[] = [];
    const sender = async (): Promise<void> => {
      for (let part = waiting.shift(); part; part = waiting.shift()) {
        const { status, etag } = await send(part, slice(bytes, upload, part.number));
        expect(status).toBe(200);
        rows.push({ number: part.number, etag });
      }
    };
    await Promise.all([sender(), sender(), sender(), sender()]);

    const { status, body } = await complete(upload, rows);
    expect([status, parse(completedUpload, body)]).toEqual([
      200,
      { file, etag: expect.stringMatching(/^"[0-9a-f]{32}-12"$/), size: 100_000_000 },
    ]);
    expect(await complete(upload, rows)).toEqual({ status, body });

    const stored = await bench().client.send(new GetObjectCommand({ Bucket: BUCKET, Key: file }));
    const digest = createHash('sha256');
    for await (const chunk of stored.Body as AsyncIterable<Uint8Array>) digest.update(chunk);
    expect(digest.digest('base64')).toBe(sha256(bytes));
    expect([stored.ContentType, stored.ETag]).toEqual(['video/mp4', body.etag]);
    expect(await uploadsInProgress(file)).toEqual([]);
  });

  it('takes a part of exactly its size, and only as that part', async () => {
    const bytes = randomFile(9 * MIB);
    const upload = await createLarge({ file: 'in/sizes', size: bytes.length });
    const [first, last] = (await signParts(upload.id, [{ number: 1 }, { number: 2 }])).parts;
    if (!first || !last) throw new Error('two parts were asked for');
    expect(last.size).toBe(MIB);
    expect((await send(last, bytes.subarray(0, MIB - 1))).code).toBe('SignatureDoesNotMatch');
    expect((await send(last, bytes.subarray(0, MIB + 1))).code).toBe('SignatureDoesNotMatch');
    const renumbered = { ...last, url: last.url.replace('partNumber=2', 'partNumber=3') };
    expect(renumbered.url).not.toBe(last.url);
    expect((await send(renumbered, bytes.subarray(0, MIB))).code).toBe('SignatureDoesNotMatch');
  });

  it('leaves nothing when it is aborted', async () => {
    const bytes = randomFile(9 * MIB);
    const upload = await createLarge({ file: 'in/aborted', size: bytes.length });
    const rows = await sendParts(upload, bytes, [1, 2]);
    expect(await uploadsInProgress('in/aborted')).toEqual(['in/aborted']);
    expect(await call('DELETE /uploads/{id}', undefined, { id: upload.id })).toEqual({ status: 204, body: undefined });
    expect([await uploadsInProgress('in/aborted'), await exists('in/aborted')]).toEqual([[], false]);
    const gone = { status: 404, body: { code: 'ERR_NO_SUCH_UPLOAD', field: 'id' } };
    expect(await call('DELETE /uploads/{id}', undefined, { id: upload.id })).toMatchObject(gone);
    expect(await complete(upload, rows)).toMatchObject(gone);
  });

  it('does not replace an object that came while it was under way, unless it is told to', async () => {
    const bytes = randomFile(9 * MIB);
    const upload = await createLarge({ file: 'in/raced', size: bytes.length });
    const rows = await sendParts(upload, bytes, [2, 1]);
    const other = await createSmall({ file: 'in/raced', size: 5 });
    expect((await send(other, 'other')).status).toBe(200);
    expect(await complete(upload, rows)).toMatchObject({ status: 409, body: { code: 'ERR_OBJECT_EXISTS' } });
    expect((await bench().client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'in/raced' }))).ContentLength).toBe(
      5,
    );
    expect(await complete(upload, rows, { overwrite: true })).toMatchObject({ status: 200, body: { size: 9 * MIB } });
  });

  it('replaces an object when that was said at the beginning', async () => {
    const other = await createSmall({ file: 'in/replaced', size: 5 });
    expect((await send(other, 'other')).status).toBe(200);
    const upload = await createLarge({ file: 'in/replaced', size: 6, multipart: true, overwrite: true });
    expect([upload.parts, upload.partSize]).toEqual([1, 8 * MIB]);
    const rows = await sendParts(upload, new Uint8Array(6), [1]);
    expect((await complete(upload, rows, { overwrite: false })).status).toBe(409);
    expect((await complete(upload, rows)).status).toBe(200);
  });

  it('checks the SHA-256 of every part when that was said at the beginning', async () => {
    const bytes = randomFile(9 * MIB);
    const upload = await createLarge({ file: 'in/checked', size: bytes.length, checksumAlgorithm: 'SHA256' });
    const digests = numbers(upload).map((number) => ({ number, sha256: sha256(slice(bytes, upload, number)) }));
    expect(await call('POST /uploads/{id}/parts', { parts: [{ number: 1 }] }, { id: upload.id })).toMatchObject({
      status: 400,
      body: { code: 'ERR_INVALID_FIELD', field: 'parts[0].sha256' },
    });
    const { parts } = await signParts(upload.id, digests);
    const [first] = parts;
    if (!first) throw new Error('no part was signed');
    expect(await send(first, slice(bytes, upload, 1).toReversed())).toMatchObject({ status: 400, code: 'BadDigest' });
    const rows = [];
    for (const [at, part] of parts.entries()) {
      const { etag } = await send(part, slice(bytes, upload, part.number));
      rows.push({ ...digests[at], etag });
    }
    const altered = rows.map((row) => ({ ...row, sha256: sha256(new Uint8Array(1)) }));
    expect(await complete(upload, altered)).toMatchObject({ status: 400, body: { code: 'ERR_INVALID_PART' } });
    expect(await complete(upload, rows)).toMatchObject({ status: 200, body: { file: 'in/checked' } });
  });

  it('refuses to complete parts that are not all there, or not as they came', async () => {
    const bytes = randomFile(9 * MIB);
    const upload = await createLarge({ file: 'in/incomplete', size: bytes.length });
    const rows = await sendParts(upload, bytes, [1]);
    const refused = async (parts: object[]) => {
      const { status, body } = await complete(upload, parts);
      return [status, body.code, body.field];
    };
    const twice = [...rows, ...rows];
    const beyond = [...rows, { number: 3, etag: 'a' }];
    const missing = [...rows, { number: 2, etag: '"5d41402abc4b2a76b9719d911017c592"' }];
    const injected = [...rows, { number: 2, etag: 'a</ETag>' }];
    expect(await refused(rows)).toEqual([400, 'ERR_INVALID_FIELD', 'parts']);
    expect(await refused(twice)).toEqual([400, 'ERR_INVALID_FIELD', 'parts']);
    expect(await refused(beyond)).toEqual([400, 'ERR_INVALID_FIELD', 'parts']);
    expect(await refused(missing)).toEqual([400, 'ERR_INVALID_PART', 'parts']);
    expect(await refused(injected)).toEqual([400, 'ERR_INVALID_FIELD', 'parts[1].etag']);
    expect(await exists('in/incomplete')).toBe(false);
  });
});
