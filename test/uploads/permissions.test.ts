import { describe, expect, it } from 'vitest';
import { call, createLarge, createSmall, MIB, STATEMENTS, send, useBench } from './upload.fixture';

const [uploads, records] = STATEMENTS;
const without = (statement: { readonly Action: readonly string[] }, action: string): object => ({
  ...statement,
  Action: statement.Action.filter((one) => one !== action),
});

const denied = (action: string): object => ({
  status: 502,
  body: {
    code: 'AccessDenied',
    detail: expect.stringContaining(`is not authorized to perform: ${action} on resource`),
  },
});

describe('without s3:PutObject', () => {
  useBench([without(uploads, 's3:PutObject'), records]);

  it('S3 takes no presigned PUT, and begins no upload in parts', async () => {
    const upload = await createSmall({ file: 'in/a', size: 1 });
    expect(await send(upload, 'x')).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(await call('POST /uploads', { file: 'in/a', size: 9 * MIB })).toMatchObject(denied('s3:PutObject'));
  });
});

describe('without s3:AbortMultipartUpload', () => {
  useBench([without(uploads, 's3:AbortMultipartUpload'), records]);

  it('nothing is aborted', async () => {
    const { id } = await createLarge({ file: 'in/a', size: 9 * MIB });
    const answer = await call('DELETE /uploads/{id}', undefined, { id });
    expect(answer).toMatchObject(denied('s3:AbortMultipartUpload'));
  });
});

describe('without s3:GetObject on the records', () => {
  useBench([uploads, without(records, 's3:GetObject')]);

  it('a first call with an Idempotency-Key succeeds, a repeated one fails', async () => {
    const body = { file: 'in/a', size: 1 };
    expect((await call('POST /uploads', body, { idempotencyKey: 'k' })).status).toBe(201);
    expect(await call('POST /uploads', body, { idempotencyKey: 'k' })).toMatchObject(denied('s3:GetObject'));
  });
});

describe('without s3:PutObject on the records', () => {
  useBench([uploads, without(records, 's3:PutObject')]);

  it('only calls with an Idempotency-Key fail', async () => {
    const body = { file: 'in/a', size: 1 };
    expect((await call('POST /uploads', body)).status).toBe(201);
    expect(await call('POST /uploads', body, { idempotencyKey: 'k' })).toMatchObject(denied('s3:PutObject'));
  });
});
