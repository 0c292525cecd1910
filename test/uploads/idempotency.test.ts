import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { decodeUploadId } from '../../src/functions/upload/upload-id';
import { type Answered, BUCKET, call, createLarge, MIB, send, signParts, useBench } from './upload.fixture';

const bench = useBench();

async function uploadIdsInProgress(prefix: string): Promise<(string | undefined)[]> {
  const { Uploads = [] } = await bench().client.send(
    new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: prefix }),
  );
  return Uploads.map(({ UploadId }) => UploadId);
}

const create = (body: object, idempotencyKey: string, apiKeyId?: string): Promise<Answered> =>
  call('POST /uploads', body, { idempotencyKey, ...(apiKeyId !== undefined && { apiKeyId }) });

describe('an idempotency key', () => {
  it('answers a repeated call with the upload that the first one began', async () => {
    const body = { file: 'in/repeated', size: 9 * MIB, contentType: 'image/png' };
    const first = await createLarge(body, { idempotencyKey: 'repeated' });
    const again = await create({ contentType: 'image/png', size: 9 * MIB, file: 'in/repeated' }, 'repeated');
    expect(again).toEqual({ status: 201, body: first });
    expect(await uploadIdsInProgress('in/repeated')).toEqual([decodeUploadId(first.id).uploadId]);
  });

  it('begins another upload without a key, with another key, and for another caller', async () => {
    const body = { file: 'in/several', size: 9 * MIB };
    const answers = [
      await createLarge(body),
      await createLarge(body),
      await createLarge(body, { idempotencyKey: 'one' }),
      await createLarge(body, { idempotencyKey: 'two' }),
      await createLarge(body, { idempotencyKey: 'one', apiKeyId: 'key-2' }),
    ];
    expect(new Set(answers.map(({ id }) => id)).size).toBe(5);
    expect((await uploadIdsInProgress('in/several')).length).toBe(5);
  });

  it('begins one upload when several calls come at the same time; the others abort theirs', async () => {
    const body = { file: 'in/raced', size: 9 * MIB };
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(body, 'raced')));
    const ids = new Set(answers.map(({ body: { id } }) => id));
    expect([answers.map(({ status }) => status), ids.size]).toEqual([Array(8).fill(201), 1]);
    const [id = ''] = ids;
    expect(await uploadIdsInProgress('in/raced')).toEqual([decodeUploadId(id).uploadId]);
  });

  it.each([
    ['a large file', { file: 'in/reused', size: 9 * MIB }, { file: 'in/reused', size: 10 * MIB }],
    ['a small file', { file: 'in/reused', size: 1 }, { file: 'in/reused', size: 1, overwrite: true }],
  ])('refuses the key with another body after %s, and begins nothing', async (what, body, other) => {
    expect((await create(body, what.replaceAll(' ', '-'))).status).toBe(201);
    const before = await uploadIdsInProgress('in/reused');
    expect(await create(other, what.replaceAll(' ', '-'))).toMatchObject({
      status: 422,
      body: { code: 'ERR_IDEMPOTENCY_KEY_REUSED', field: 'Idempotency-Key' },
    });
    expect(await uploadIdsInProgress('in/reused')).toEqual(before);
  });

  it('signs a small file’s PUT anew, so that no record holds a URL', async () => {
    const body = { file: 'in/small', size: 1 };
    const first = await create(body, 'small');
    const again = await create(body, 'small');
    expect([first.status, again.status, again.body.headers]).toEqual([201, 201, first.body.headers]);
    const { client } = bench();
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: '_s/' }));
    expect(Contents.length).toBeGreaterThan(0);
    for (const { Key } of Contents) {
      expect(Key).toMatch(/^_s\/idempotency\/[0-9a-f]{64}$/);
      const record = await (await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }))).Body?.transformToString();
      expect(Object.keys(JSON.parse(record ?? ''))).toEqual(expect.arrayContaining(['request', 'startedAt']));
      expect(record).not.toContain('http');
    }
  });

  /** Hands requests on to S3, and hangs up instead of handing back the first answer to `method` below `path`. */
  async function losingAnswer(method: string, path: string): Promise<string> {
    const target = new URL(bench().s3.url);
    let isLost = false;
    const server = createServer((incoming, response) => {
      const { method: sent, url = '', headers } = incoming;
      const outgoing = request(
        { host: target.hostname, port: target.port, method: sent, path: url, headers },
        (answer) => {
          if (!isLost && sent === method && url.startsWith(path)) {
            isLost = true;
            response.destroy();
            return;
          }
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      incoming.pipe(outgoing);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      expect(isLost).toBe(true);
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('keeps its own upload when S3’s answer to the record was lost and the record is written twice', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', await losingAnswer('PUT', `/${BUCKET}/_s/idempotency/`));
    const { id } = await createLarge({ file: 'in/lost', size: 9 * MIB }, { idempotencyKey: 'lost' });
    expect(await uploadIdsInProgress('in/lost')).toEqual([decodeUploadId(id).uploadId]);
  });

  it('completes once when S3’s answer to the completion was lost', async () => {
    const bytes = new Uint8Array(9);
    const { id } = await createLarge({ file: 'in/lost-end', size: 9, multipart: true });
    const [part] = (await signParts(id, [{ number: 1 }])).parts;
    if (!part) throw new Error('no part was signed');
    const parts = [{ number: 1, etag: (await send(part, bytes)).etag }];
    vi.stubEnv('AWS_ENDPOINT_URL', await losingAnswer('POST', `/${BUCKET}/in/lost-end`));
    expect(await call('POST /uploads/{id}/complete', { parts }, { id })).toMatchObject({
      status: 200,
      body: { size: 9 },
    });
  });

  it.each(['', 'a b', 'ü', 'x'.repeat(129)])('refuses the key %j', async (key) => {
    expect(await create({ file: 'in/x', size: 1 }, key)).toMatchObject({
      status: 400,
      body: { code: 'ERR_INVALID_FIELD', field: 'Idempotency-Key' },
    });
  });
});
