import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { decodeUploadId } from '../../src/functions/upload-id';
import { type Answered, BUCKET, call, createLarge, MIB, useBench } from './upload.fixture';

const bench = useBench();

async function uploadIdsInProgress(prefix: string): Promise<(string | undefined)[]> {
  const { Uploads = [] } = await bench().client.send(
    new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: prefix }),
  );
  return Uploads.map(({ UploadId }) => UploadId);
}

const create = (body: object, idempotencyKey: string, apiKeyId?: string): Promise<Answered> =>
  call('POST /uploads', body, { idempotencyKey, ...(apiKeyId !== undefined && { apiKeyId }) });

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

it('signs a small file’s PUT anew, so that no marker holds a URL', async () => {
  const body = { file: 'in/small', size: 1 };
  const first = await create(body, 'small');
  const again = await create(body, 'small');
  expect([first.status, again.status, again.body.headers]).toEqual([201, 201, first.body.headers]);
  const { client } = bench();
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: '_s/' }));
  expect(Contents.length).toBeGreaterThan(0);
  for (const { Key } of Contents) {
    expect(Key).toMatch(/^_s\/idempotency\/[0-9a-f]{64}$/);
    const marker = await (await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }))).Body?.transformToString();
    expect(Object.keys(JSON.parse(marker ?? ''))).toEqual(expect.arrayContaining(['request', 'startedAt']));
    expect(marker).not.toContain('http');
  }
});

it.each(['', 'a b', 'ü', 'x'.repeat(129)])('refuses the key %j', async (key) => {
  expect(await create({ file: 'in/x', size: 1 }, key)).toMatchObject({
    status: 400,
    body: { code: 'ERR_INVALID_FIELD', field: 'Idempotency-Key' },
  });
});
