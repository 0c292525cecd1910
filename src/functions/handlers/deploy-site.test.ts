import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CREDENTIALS, clientOf, REGION, type RunningS3, startS3 } from '../../local/s3/s3.test.fixture';
import { handler } from './deploy-site';

const BUCKET = 'site-bucket';
/** What URLs, signatures and XML each write differently. */
const ODD = `a+b 'c' (1)!*~&=;%41,@<>"#?.png`;
let s3: RunningS3;

beforeEach(async () => {
  await useS3();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await s3.close();
});

async function useS3(options: Parameters<typeof startS3>[0] = {}): Promise<void> {
  s3 = await startS3(options);
  s3.s3.store.createBucket(BUCKET, Date.now());
  vi.stubEnv('AWS_REGION', REGION);
  vi.stubEnv('AWS_ACCESS_KEY_ID', CREDENTIALS.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', CREDENTIALS.secretAccessKey);
  vi.stubEnv('AWS_ENDPOINT_URL', s3.url);
  vi.stubEnv('BUCKET_NAME', BUCKET);
}

type Files = Readonly<Record<string, string | Buffer>>;

/** Lets the function's code carry these files, by their paths. */
function carry(digest: string, files: Files): void {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-site-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, body] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'site', path)), { recursive: true });
    writeFileSync(join(folder, 'site', path), body);
  }
  const objects = Object.keys(files).map((path) => ({
    key: `_app/${path}`,
    path,
    contentType: path.endsWith('.html') ? 'text/html; charset=utf-8' : 'image/png',
    cacheControl: path.endsWith('.html') ? 'no-cache' : 'public, max-age=31536000, immutable',
  }));
  writeFileSync(join(folder, 'site.json'), JSON.stringify({ digest, objects }));
  vi.stubEnv('LAMBDA_TASK_ROOT', folder);
}

interface Answer {
  readonly Status: string;
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
}

/** Sends CloudFormation's event, and resolves with what it is answered. */
async function send(
  RequestType: 'Create' | 'Update' | 'Delete',
  Digest: string,
  PhysicalResourceId = `${BUCKET}/_app/`,
): Promise<Answer> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const event = {
    RequestType,
    ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    StackId: 'stack',
    RequestId: 'request-1',
    LogicalResourceId: 'SiteFiles',
    ResourceType: 'Custom::EdgepassSite',
    ServiceToken: 'function',
    ResourceProperties: { ServiceToken: 'function', Digest },
    ...(RequestType !== 'Create' && { PhysicalResourceId }),
  };
  await handler(event as unknown as CloudFormationCustomResourceEvent);
  await new Promise((resolve) => server.close(resolve));
  expect(bodies).toHaveLength(1);
  return JSON.parse(bodies[0] ?? '') as Answer;
}

const SUCCESS = { Status: 'SUCCESS', PhysicalResourceId: `${BUCKET}/_app/` };

async function keys(): Promise<string[]> {
  const client = clientOf(s3);
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  client.destroy();
  return Contents.map(({ Key = '' }) => Key);
}

async function read(key: string): Promise<{ bytes: Buffer; type: string | undefined; cache: string | undefined }> {
  const client = clientOf(s3);
  const answer = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  const bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
  client.destroy();
  return { bytes, type: answer.ContentType, cache: answer.CacheControl };
}

const textOf = async (key: string): Promise<string> => (await read(key)).bytes.toString();

/** Every request that S3 gets from now on: `PUT _app/index.html`. */
function watchRequests(): string[] {
  const seen: string[] = [];
  s3.server.prependListener('request', ({ method, url = '' }) => {
    const path = decodeURIComponent(url.split('?')[0] ?? '').replace(`/${BUCKET}`, '');
    seen.push(`${method} ${path.replace(/^\//, '')}`.trim());
  });
  return seen;
}

describe("the site's function", () => {
  it('puts every file as it is, with its type and how long it may be kept', async () => {
    const bytes = Buffer.from([0, 255, 254, 128, 10, 13]);
    carry('one', { 'index.html': 'page', 'images/ü b.png': bytes, 'empty.png': '', [ODD]: 'odd' });
    expect(await send('Create', 'one')).toMatchObject(SUCCESS);
    expect(await keys()).toEqual([`_app/${ODD}`, '_app/empty.png', '_app/images/ü b.png', '_app/index.html']);
    expect(await textOf(`_app/${ODD}`)).toBe('odd');
    expect(await read('_app/images/ü b.png')).toEqual({
      bytes,
      type: 'image/png',
      cache: 'public, max-age=31536000, immutable',
    });
    expect(await read('_app/index.html')).toEqual({
      bytes: Buffer.from('page'),
      type: 'text/html; charset=utf-8',
      cache: 'no-cache',
    });
    expect((await read('_app/empty.png')).bytes).toHaveLength(0);
  });

  it('replaces and removes files in an update, and is the same resource', async () => {
    carry('one', { 'index.html': 'old', 'old.png': 'a', 'kept.png': 'b' });
    await send('Create', 'one');
    carry('two', { 'index.html': 'new', 'new.png': 'c', 'kept.png': 'b' });
    expect(await send('Update', 'two')).toMatchObject(SUCCESS);
    expect(await keys()).toEqual(['_app/index.html', '_app/kept.png', '_app/new.png']);
    expect(await textOf('_app/index.html')).toBe('new');
  });

  it('puts a page after all that it needs, and removes what the page before needed last', async () => {
    carry('one', { 'index.html': 'old', 'old.png': 'a' });
    await send('Create', 'one');
    carry('two', { 'a/index.html': 'new', 'index.html': 'new', '1.png': '1', '2.png': '2', 'z.png': 'z' });
    const seen = watchRequests();
    await send('Update', 'two');
    expect(seen.slice(0, 3).sort()).toEqual(['PUT _app/1.png', 'PUT _app/2.png', 'PUT _app/z.png']);
    expect(seen.slice(3, 5).sort()).toEqual(['PUT _app/a/index.html', 'PUT _app/index.html']);
    expect(seen.slice(5)).toEqual(['GET', 'DELETE _app/old.png']);
  });

  it('takes the same event again, also at the same time', async () => {
    carry('one', { 'index.html': 'page', '1.png': '1', '2.png': '2' });
    const answers = await Promise.all([send('Create', 'one'), send('Create', 'one')]);
    answers.push(await send('Create', 'one'), await send('Update', 'one'));
    for (const answer of answers) expect(answer).toMatchObject(SUCCESS);
    expect(await keys()).toEqual(['_app/1.png', '_app/2.png', '_app/index.html']);
  });

  it('touches nothing for an event about other files than its own, which came late, and fails it', async () => {
    carry('two', { 'index.html': 'new', 'new.png': 'c' });
    await send('Update', 'two');
    const seen = watchRequests();
    for (const type of ['Create', 'Update'] as const) {
      expect(await send(type, 'one')).toMatchObject({
        Status: 'FAILED',
        Reason: 'Error: the event is about the site one, and this function has two: deploy the stack again',
      });
    }
    expect(seen).toEqual([]);
    expect(await keys()).toEqual(['_app/index.html', '_app/new.png']);
    expect(await textOf('_app/index.html')).toBe('new');
  });

  it('goes back to the files of before when their code is there again', async () => {
    const one = { 'index.html': 'old', 'old.png': 'a' };
    carry('one', one);
    await send('Create', 'one');
    carry('two', { 'index.html': 'new', 'new.png': 'c' });
    await send('Update', 'two');
    carry('one', one);
    expect(await send('Update', 'one')).toMatchObject(SUCCESS);
    expect(await keys()).toEqual(['_app/index.html', '_app/old.png']);
    expect(await textOf('_app/index.html')).toBe('old');
  });

  it('leaves an empty bucket when it is deleted, however much was there, and once more', async () => {
    // S3 lists a thousand keys at a time.
    carry('one', Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`${at} &.png`, 'a'])));
    await send('Create', 'one');
    expect(await keys()).toHaveLength(1_000);
    expect(await send('Delete', 'one')).toMatchObject(SUCCESS);
    expect(await keys()).toEqual([]);
    expect(await send('Delete', 'one')).toMatchObject(SUCCESS);
  });

  it('removes what a failed Create has left, whatever the resource is called, and whichever site the code has', async () => {
    carry('one', { 'index.html': 'page' });
    await send('Create', 'one');
    carry('two', { 'index.html': 'page' });
    const named = await send('Delete', 'one', 'CloudFormation-s-own');
    expect(named).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'CloudFormation-s-own' });
    expect(await keys()).toEqual([]);
  });

  it('leaves the old page and its files when a new file cannot be put, and says why', async () => {
    await s3.close();
    const Resource = `arn:aws:s3:::${BUCKET}/_app/new.png`;
    await useS3({
      policies: [
        {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: '*', Resource: '*' },
            { Effect: 'Deny', Action: 's3:PutObject', Resource },
          ],
        },
      ],
    });
    carry('one', { 'index.html': 'old', 'old.png': 'a' });
    await send('Create', 'one');
    carry('two', { 'index.html': 'new', 'new.png': 'c' });
    expect(await send('Update', 'two')).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(/^AwsCallError: .*is not authorized to perform: s3:PutObject on resource/),
      PhysicalResourceId: `${BUCKET}/_app/`,
    });
    expect(await keys()).toEqual(['_app/index.html', '_app/old.png']);
    expect(await textOf('_app/index.html')).toBe('old');
  });
});
