import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../run-local';

const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };

describe('S3 with a full disk', () => {
  it('a disk that takes no more fails the upload, keeps the old object and leaves nothing', async () => {
    const dir = temporaryFolder();
    // A bound on the size of a file stands for a full disk: the write fails in the middle. 2,048 blocks of 1,024 bytes.
    const script = `ulimit -f 2048; trap '' XFSZ; exec "${process.execPath}" "$@"`;
    const args = [join(__dirname, 'serve-s3.mjs'), dir, JSON.stringify(credentials)];
    const child = spawn('bash', ['-c', script, 'bash', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const url = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk) => resolve(String(chunk).trim())),
    );
    const client = new S3Client({
      endpoint: url,
      region: 'us-east-1',
      credentials,
      forcePathStyle: true,
      maxAttempts: 1,
    });
    onTestFinished(() => client.destroy());
    const Bucket = 'full';
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'old' }));

    const upload = client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: Buffer.alloc(8 * 1024 * 1024) }));
    await expect(upload).rejects.toMatchObject({ name: 'InternalError' });
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'a' }));
    expect(await Body?.transformToString()).toBe('old');
    const blobs = readdirSync(join(dir, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(blobs).toHaveLength(1);
  });
});
