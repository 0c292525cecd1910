import { type ChildProcess, fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { open } from 'lmdb';
import { afterAll, expect } from 'vitest';
import { temporaryFolder } from '../run-local';

const Bucket = 'crash';
const CREDENTIALS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
const dir = temporaryFolder(afterAll);
let child: ChildProcess;
afterAll(() => void child?.kill('SIGKILL'));

/** S3 alone in a process of its own, on a data folder that outlives it. */
async function start(folder = dir): Promise<S3Client> {
  child = fork(join(__dirname, 'serve-s3.mjs'), [folder, JSON.stringify(CREDENTIALS)]);
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(message as number));
    child.once('exit', (code) => reject(new Error(`S3 ended with ${code} before it listened`)));
  });
  return new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    forcePathStyle: true,
    maxAttempts: 1,
  });
}

const kill = (): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What was acknowledged, by key: the digest, or null for a delete. What was asked for and not answered may have happened or not. */
const acknowledged = new Map<string, string | null>();
const unanswered = new Map<string, Set<string | null>>();
let acknowledgements = 0;

async function attempt(key: string, outcome: string | null, work: () => Promise<unknown>): Promise<void> {
  unanswered.set(key, (unanswered.get(key) ?? new Set()).add(outcome));
  await work();
  acknowledgements += 1;
  acknowledged.set(key, outcome);
  unanswered.delete(key);
}

async function put(client: S3Client, key: string, size: number): Promise<void> {
  const Body = randomBytes(size);
  await attempt(key, digest(Body), () => client.send(new PutObjectCommand({ Bucket, Key: key, Body })));
}

const part = randomBytes(5 * 1024 * 1024);
async function multipart(client: S3Client, key: string): Promise<void> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: key }));
  const last = randomBytes(1000);
  const parts = await Promise.all(
    [part, last].map((Body, at) =>
      client.send(new UploadPartCommand({ Bucket, Key: key, UploadId, PartNumber: at + 1, Body })),
    ),
  );
  const Parts = parts.map(({ ETag }, at) => ({ ETag, PartNumber: at + 1 }));
  await attempt(key, digest(Buffer.concat([part, last])), () =>
    client.send(new CompleteMultipartUploadCommand({ Bucket, Key: key, UploadId, MultipartUpload: { Parts } })),
  );
}

const remove = (client: S3Client, key: string): Promise<void> =>
  attempt(key, null, () => client.send(new DeleteObjectCommand({ Bucket, Key: key })));

async function read(client: S3Client, key: string): Promise<string | null> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
    return digest((await Body?.transformToByteArray()) ?? Buffer.alloc(0));
  } catch (error) {
    if ((error as Error).name === 'NoSuchKey') return null;
    throw error;
  }
}

async function expectAllThere(client: S3Client): Promise<void> {
  for (const [key, value] of acknowledged) {
    const found = await read(client, key);
    const allowed = new Set([value, ...(unanswered.get(key) ?? [])]);
    expect(allowed.has(found), `${key} is neither what was acknowledged nor what was on its way`).toBe(true);
    acknowledged.set(key, found);
    unanswered.delete(key);
  }
}

const blobsOnDisk = (folder: string): string[] =>
  readdirSync(join(folder, 'blobs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();

/** Of every version, and of every part of an upload that was cut off. */
function blobsInIndex(folder: string): string[] {
  const root = open({ path: join(folder, 'index'), maxDbs: 8, readOnly: true });
  const table = <T>(name: string) => root.openDB<T, Buffer>({ name, keyEncoding: 'binary' });
  const versions = [...table<{ pieces?: { blob: string }[] }>('versions').getRange()];
  const parts = [...table<{ blob: string }>('parts').getRange()];
  const blobs = [...versions.flatMap(({ value }) => value.pieces ?? []), ...parts.map(({ value }) => value)];
  return blobs.map(({ blob }) => blob).sort();
}

/**
 * Kills S3 again and again during uploads, completions and deletes, and expects after each start that all is there that was acknowledged;
 * in the end also on a copy of the data folder, where nothing is that nobody refers to.
 */
export async function expectNothingLost(kills: number): Promise<void> {
  let client = await start();
  let steps = 0;
  await client.send(new CreateBucketCommand({ Bucket }));
  for (let round = 0; round < kills; round++) {
    const worker = async (id: number): Promise<void> => {
      for (;;) {
        steps += 1;
        const at = steps;
        const key = `${id}/${at % 7}`;
        if (id === 3) await multipart(client, key);
        else if (at % 5 === 4) await remove(client, key);
        else await put(client, key, [10, 100_000, 2_000_000][id] ?? 10);
      }
    };
    const workers = [0, 1, 2, 3].map((id) => worker(id).catch(() => undefined));
    const enough = acknowledgements + 2 + Math.random() * 12;
    await expect.poll(() => acknowledgements, { interval: 1 }).toBeGreaterThan(enough);
    await kill();
    await Promise.all(workers);
    client.destroy();
    client = await start();
    await expectAllThere(client);
  }
  expect(acknowledged.size).toBeGreaterThan(4);

  // The copy of a running data folder is what a power cut leaves of it, and what nothing refers to is gone after a start.
  const copy = temporaryFolder();
  cpSync(dir, copy, { recursive: true });
  writeFileSync(join(copy, 'blobs', '00', '00'.repeat(16)), 'a blob that was never committed');
  await kill();
  client.destroy();
  client = await start(copy);
  await expectAllThere(client);
  expect(blobsOnDisk(copy)).toEqual(blobsInIndex(copy));
  await kill();
  client.destroy();
}
