import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { decodeUploadId, encodeUploadId, type UploadId } from '../../src/functions/upload/upload-id';
import { BUCKET, call, createLarge, MIB, setEnvironment, useBench } from './upload.fixture';

const bench = useBench();

async function refused(body: unknown): Promise<[number, string, string | undefined]> {
  const answer = await call('POST /uploads', body);
  return [answer.status, answer.body.code, answer.body.field];
}

const MOST = 200 * MIB;

describe("an upload's limits", () => {
  it.each([
    ['no body', '', 400, 'ERR_MISSING_BODY', undefined],
    ['no JSON', '{', 400, 'ERR_INVALID_JSON', undefined],
    ['a list', [], 400, 'ERR_INVALID_BODY', undefined],
    ['an unknown field', { file: 'in/a', size: 1, acl: 'public-read' }, 400, 'ERR_UNKNOWN_FIELD', 'acl'],
    ['no key', { size: 1 }, 400, 'ERR_MISSING_FILE', 'file'],
    ['an empty key', { file: '', size: 1 }, 400, 'ERR_INVALID_FILE', 'file'],
    ['a key that is no string', { file: 1, size: 1 }, 400, 'ERR_INVALID_FILE', 'file'],
    ['half of a surrogate pair', '{"file":"in/\\ud800","size":1}', 400, 'ERR_INVALID_FILE', 'file'],
    ['a key too long for S3', { file: `in/${'é'.repeat(511)}`, size: 1 }, 400, 'ERR_KEY_TOO_LONG', 'file'],
    ['a key that no URL can name', { file: '..', size: 1 }, 400, 'ERR_OBJECT_KEY_INVALID', 'file'],
    ['a key of the API', { file: '_api/x', size: 1 }, 400, 'ERR_KEY_RESERVED', 'file'],
    ['a key of the web page', { file: '_app', size: 1 }, 400, 'ERR_KEY_RESERVED', 'file'],
    ['another call’s record', { file: '_s/idempotency/x', size: 1 }, 400, 'ERR_KEY_RESERVED', 'file'],
    ['a key outside the prefix', { file: 'out/a', size: 1 }, 400, 'ERR_KEY_OUTSIDE_UPLOAD_PREFIX', 'file'],
    ['a key that only begins like the prefix', { file: 'in', size: 1 }, 400, 'ERR_KEY_OUTSIDE_UPLOAD_PREFIX', 'file'],
    ['no size', { file: 'in/a' }, 400, 'ERR_MISSING_FIELD', 'size'],
    ['half a byte', { file: 'in/a', size: 0.5 }, 400, 'ERR_INVALID_FIELD', 'size'],
    ['less than nothing', { file: 'in/a', size: -1 }, 400, 'ERR_INVALID_FIELD', 'size'],
    ['a size in words', { file: 'in/a', size: '1' }, 400, 'ERR_INVALID_FIELD', 'size'],
    ['a byte too many', { file: 'in/a', size: MOST + 1 }, 400, 'ERR_UPLOAD_TOO_LARGE', 'size'],
    [
      'a type with a line break',
      { file: 'in/a', size: 1, contentType: 'a/b\r\nx: y' },
      400,
      'ERR_INVALID_FIELD',
      'contentType',
    ],
    ['a checksum in hex', { file: 'in/a', size: 1, sha256: '0'.repeat(64) }, 400, 'ERR_INVALID_FIELD', 'sha256'],
    ['null', { file: 'in/a', size: 1, overwrite: null }, 400, 'ERR_INVALID_FIELD', 'overwrite'],
    [
      'a large file in one piece',
      { file: 'in/a', size: 9 * MIB, multipart: false },
      400,
      'ERR_INVALID_FIELD',
      'multipart',
    ],
    [
      'a SHA-256 over parts',
      { file: 'in/a', size: 9 * MIB, sha256: `${'A'.repeat(43)}=` },
      400,
      'ERR_INVALID_FIELD',
      'sha256',
    ],
    [
      'checksums of no parts',
      { file: 'in/a', size: 1, checksumAlgorithm: 'SHA256' },
      400,
      'ERR_INVALID_FIELD',
      'checksumAlgorithm',
    ],
    [
      'an unknown checksum',
      { file: 'in/a', size: 9 * MIB, checksumAlgorithm: 'MD5' },
      400,
      'ERR_INVALID_FIELD',
      'checksumAlgorithm',
    ],
  ])('refuses %s', async (_what, body, status, code, field) => {
    expect(await refused(body)).toEqual([status, code, field]);
  });

  it('takes exactly the largest size, and has begun nothing for what it refused', async () => {
    const { id } = await createLarge({ file: 'in/largest', size: MOST });
    const { client } = bench();
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
    expect(Uploads.map(({ UploadId }) => UploadId)).toEqual([decodeUploadId(id).uploadId]);
    expect((await client.send(new ListObjectsV2Command({ Bucket: BUCKET }))).KeyCount).toBe(0);
  });

  it.each([
    ['image/png', 201],
    ['Image/SVG+xml', 201],
    ['application/pdf', 201],
    ['application/PDF; charset=binary', 201],
    ['imagery/png', 400],
    ['application/pdfx', 400],
    ['text/html', 400],
    [undefined, 400],
  ])('with a list of allowed types, answers %s with %d', async (contentType, status) => {
    vi.stubEnv('UPLOAD_CONTENT_TYPES', 'image/*, application/pdf');
    const { status: answered, body } = await call('POST /uploads', { file: 'in/a', size: 1, contentType });
    expect([answered, body.code]).toEqual([status, status === 201 ? undefined : 'ERR_CONTENT_TYPE_NOT_ALLOWED']);
  });

  it.each([
    ['list sign', 'in/a', 403],
    ['upload:in/a/', 'in/a', 403],
    ['upload:in/b/ upload:in/a/', 'in/a/x', 201],
    ['upload:in/a%20b/', 'in/a b/x', 201],
    ['upload', 'in/a', 201],
  ])('with the scopes %s, answers the key %s with %d', async (scopes, file, status) => {
    vi.stubEnv('SCOPES', scopes);
    const { status: answered, body } = await call('POST /uploads', { file, size: 1 });
    expect([answered, body.code]).toEqual([status, status === 201 ? undefined : 'ERR_SCOPE_MISSING']);
  });

  it('holds the caller of a part, a completion and an abort to the scopes of now', async () => {
    const { id } = await createLarge({ file: 'in/withdrawn', size: 9 * MIB });
    vi.stubEnv('SCOPES', 'list upload:in/other/');
    const missing = { status: 403, body: { code: 'ERR_SCOPE_MISSING' } };
    const parts = [1, 2].map((number) => ({ number, etag: 'a' }));
    expect(await call('POST /uploads/{id}/parts', { parts: [{ number: 1 }] }, { id })).toMatchObject(missing);
    expect(await call('POST /uploads/{id}/complete', { parts }, { id })).toMatchObject(missing);
    expect(await call('DELETE /uploads/{id}', undefined, { id })).toMatchObject(missing);
  });

  it('completes no upload under another key or of another size than S3 knows', async () => {
    const upload = await createLarge({ file: 'in/forged', size: 9 * MIB });
    const honest = decodeUploadId(upload.id);
    const parts = [1, 2].map((number) => ({ number, etag: '5d41402abc4b2a76b9719d911017c592' }));
    const other = encodeUploadId({ ...honest, file: 'in/forged-2' });
    const answer = await call('POST /uploads/{id}/complete', { parts }, { id: other });
    expect(answer).toMatchObject({ status: 404, body: { code: 'ERR_NO_SUCH_UPLOAD' } });
    const { parts: signed } = (await call('POST /uploads/{id}/parts', { parts: [{ number: 1 }] }, { id: other })).body;
    const put = await fetch(signed[0].url, { method: 'PUT', body: new Uint8Array(8 * MIB) });
    expect([put.status, await put.text()]).toEqual([404, expect.stringContaining('<Code>NoSuchUpload</Code>')]);

    const own = (await call('POST /uploads/{id}/parts', { parts: [{ number: 1 }] }, { id: upload.id })).body.parts[0];
    const sent = await fetch(own.url, { method: 'PUT', body: new Uint8Array(8 * MIB) });
    const smaller = encodeUploadId({ ...honest, size: 7 * MIB });
    const one = [{ number: 1, etag: sent.headers.get('etag') }];
    expect(await call('POST /uploads/{id}/complete', { parts: one }, { id: smaller })).toMatchObject({
      status: 400,
      body: { code: 'ERR_INVALID_PART' },
    });
  });

  /** Ids that a caller could write: of fields of its own, of an honest id with some replaced, and of bytes that are none. */
  const honest: UploadId = { file: 'in/mine/film.mp4', uploadId: 'upload-1', size: 100 * MIB };
  const keys = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      'in/mine/',
      'in/mine',
      'in/',
      'in/mine/../../_s/x',
      '_s/x',
      '_api/x',
      '/in/mine/x',
      '../in/mine/x',
      'in/MINE/x',
    ),
    fc.constant(honest.file),
    fc.string({ unit: 'grapheme' }).map((rest) => `in/mine/${rest}`),
  );
  const sizes = fc.oneof(
    { weight: 4, arbitrary: fc.nat(MOST + MIB) },
    { weight: 1, arbitrary: fc.maxSafeInteger() },
    { weight: 1, arbitrary: fc.double() },
    { weight: 2, arbitrary: fc.constantFrom(MOST, MOST + 1, 0, -1, '1', null) },
  );
  const fields = fc.record({
    file: fc.oneof({ weight: 5, arbitrary: keys }, { weight: 1, arbitrary: fc.jsonValue() }),
    uploadId: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(honest.uploadId, 'upload-2') },
      { weight: 1, arbitrary: fc.constantFrom('x&partNumber=9', '../x', '') },
    ),
    size: fc.oneof({ weight: 5, arbitrary: sizes }, { weight: 1, arbitrary: fc.jsonValue() }),
    more: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom({}, { overwrite: true }) },
      { weight: 1, arbitrary: fc.constantFrom({ partSize: 1e12 }, { parts: 10_000 }, { contentType: 'text/html' }) },
    ),
  });
  const ids = fc.oneof(
    {
      weight: 3,
      arbitrary: fields.map(({ more, ...value }) =>
        Buffer.from(JSON.stringify({ ...value, ...more })).toString('base64url'),
      ),
    },
    fc.record({ at: fc.nat(200), by: fc.base64String({ minLength: 1, maxLength: 4 }) }).map(({ at, by }) => {
      const id = encodeUploadId(honest);
      return id.slice(0, at % id.length) + by + id.slice((at % id.length) + by.length);
    }),
    fc.string(),
  );

  const partNumbers = fc.oneof(
    fc.constant([1]),
    fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
  );

  it('grants for no altered id more than the caller’s scope and the limits', async () => {
    setEnvironment('http://127.0.0.1:9');
    vi.stubEnv('SCOPES', 'list upload:in/mine/');
    let granted = 0;
    await fc.assert(
      fc.asyncProperty(ids, partNumbers, async (id, numbers) => {
        const parts = numbers.map((number) => ({ number }));
        const { status, body } = await call('POST /uploads/{id}/parts', { parts }, { id });
        if (status !== 200) {
          expect([400, 403]).toContain(status);
          return;
        }
        granted++;
        for (const { url, size, number } of body.parts) {
          const { pathname, searchParams } = new URL(url);
          const key = decodeURIComponent(pathname).slice(`/${BUCKET}/`.length);
          expect(key.startsWith('in/mine/')).toBe(true);
          expect(searchParams.getAll('partNumber')).toEqual([String(number)]);
          expect(searchParams.get('X-Amz-SignedHeaders')).toContain('content-length');
          // Where the part ends in the file: whatever is sent of its parts, the file is not larger.
          expect((number - 1) * 8 * MIB + size).toBeLessThanOrEqual(MOST);
        }
      }),
      { numRuns: 2_000 },
    );
    // The property says something only when it met ids that are good for something.
    expect(granted).toBeGreaterThan(40);
  });
});
