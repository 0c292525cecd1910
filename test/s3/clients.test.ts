import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIALS, REGION, type RunningS3, startS3 } from '../../src/local/s3/s3.test.fixture';
import { run } from '../run-local';

const Bucket = 'clients';
const MIB = 1024 * 1024;
let running: RunningS3;
let client: S3Client;

beforeAll(async () => {
  running = await startS3();
  client = new S3Client({ endpoint: running.url, region: REGION, credentials: CREDENTIALS, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  client.destroy();
  await running.close();
});

describe('AWS SDK v3', () => {
  it('uploads with its default checksums, buffers and streams', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'buffer', Body: Buffer.from('buffer') }));
    const Body = Readable.from([Buffer.alloc(70_000, 1), Buffer.alloc(70_000, 2)]);
    await client.send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: 140_000 }));
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'stream', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ ContentLength: 140_000, ChecksumCRC32: expect.any(String) });
  });

  it('uploads 100 MB in parts by lib-storage, and reads them back', async () => {
    const bytes = Buffer.alloc(100 * MIB, randomBytes(1 * MIB));
    const upload = new Upload({ client, params: { Bucket, Key: 'hundred', Body: Readable.from(pieces(bytes)) } });
    await upload.done();
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'hundred' }));
    const hash = createHash('sha256');
    for await (const chunk of Body as Readable) hash.update(chunk);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('presigns a GET and a PUT that fetch can use', async () => {
    const put = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'presigned' }));
    expect((await fetch(put, { method: 'PUT', body: 'by link' })).status).toBe(200);
    const get = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'presigned' }));
    expect(await (await fetch(get)).text()).toBe('by link');
    const altered = await fetch(get.replace('presigned', 'buffer'));
    expect([altered.status, await altered.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
  });

  it('speaks virtual-hosted style', async () => {
    const { port } = new URL(running.url);
    const answer = await fetch(`${running.url}/small`, { headers: { host: `${Bucket}.localhost:${port}` } });
    expect(answer.status).toBe(403);
    const hosted = new S3Client({ endpoint: `http://localhost:${port}`, region: REGION, credentials: CREDENTIALS });
    const url = await getSignedUrl(hosted, new GetObjectCommand({ Bucket, Key: 'buffer' }));
    expect(new URL(url).host).toBe(`${Bucket}.localhost:${port}`);
    const { host, pathname, search } = new URL(url);
    // fetch does not let the Host header differ from the URL.
    const { stdout } = await run('curl', ['-s', '-H', `Host: ${host}`, running.url + pathname + search]);
    expect(stdout).toBe('buffer');
    hosted.destroy();
  });
});

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 300_000) yield bytes.subarray(at, at + 300_000);
}
