import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIALS, REGION, type RunningS3, startS3 } from './s3.test.fixture';

const Bucket = 'signed';
let running: RunningS3;
let clock = Date.now();
const clients: S3Client[] = [];

function clientWith(config: S3ClientConfig = {}): S3Client {
  const client = new S3Client({
    endpoint: running.url,
    region: REGION,
    credentials: CREDENTIALS,
    forcePathStyle: true,
    maxAttempts: 1,
    ...config,
  });
  clients.push(client);
  return client;
}

beforeAll(async () => {
  running = await startS3({ now: () => new Date(clock) });
  await clientWith().send(new CreateBucketCommand({ Bucket }));
  await clientWith().send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' }));
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await running.close();
});

describe('a request signed', () => {
  const get = (config: S3ClientConfig): Promise<unknown> =>
    clientWith(config).send(new GetObjectCommand({ Bucket, Key: 'a' }));
  const secretAccessKey = 'another';

  it.each<[string, S3ClientConfig, string, number]>([
    ['with a wrong secret', { credentials: { ...CREDENTIALS, secretAccessKey } }, 'SignatureDoesNotMatch', 403],
    ['by nobody', { credentials: { ...CREDENTIALS, accessKeyId: 'AKIANOBODY' } }, 'InvalidAccessKeyId', 403],
    ['with a token that was never given', { credentials: { ...CREDENTIALS, sessionToken: 't' } }, 'InvalidToken', 400],
    ['for another region', { region: 'eu-west-1' }, 'AuthorizationHeaderMalformed', 400],
    ['16 minutes ago', { systemClockOffset: -16 * 60_000 }, 'RequestTimeTooSkewed', 403],
    ['in 16 minutes', { systemClockOffset: 16 * 60_000 }, 'RequestTimeTooSkewed', 403],
  ])('%s is refused', async (_title, config, name, httpStatusCode) => {
    await expect(get(config)).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
  });

  it('14 minutes ago is answered', async () => {
    await expect(get({ systemClockOffset: -14 * 60_000 })).resolves.toBeDefined();
  });
});

describe('a presigned URL', () => {
  const sign = (): Promise<string> =>
    getSignedUrl(clientWith(), new GetObjectCommand({ Bucket, Key: 'a' }), { expiresIn: 60 });
  const answer = async (url: string, init?: RequestInit): Promise<[number, string | undefined]> => {
    const response = await fetch(url, init);
    return [
      response.status,
      /<Code>(\w+)<.*<Message>([^<]*)/
        .exec(await response.text())
        ?.slice(1)
        .join(': '),
    ];
  };

  it.each<[string, (url: string) => string, number, string]>([
    ['for another key', (url) => url.replace('/a?', '/b?'), 403, 'SignatureDoesNotMatch'],
    ['with a longer life', (url) => url.replace('Expires=60', 'Expires=61'), 403, 'SignatureDoesNotMatch'],
    ['with a parameter more', (url) => `${url}&versionId=1`, 403, 'SignatureDoesNotMatch'],
    [
      'with an altered signature',
      (url) => url.replace(/Signature=[0-9a-f]{4}/, 'Signature=0000'),
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'for more than a week',
      (url) => url.replace('Expires=60', 'Expires=604801'),
      400,
      'AuthorizationQueryParametersError',
    ],
    [
      'without its signature',
      (url) => url.replace(/&X-Amz-Signature=[0-9a-f]+/, ''),
      400,
      'AuthorizationQueryParametersError',
    ],
    [
      'of signature version 2',
      (url) => `${url.split('?')[0]}?AWSAccessKeyId=a&Expires=1&Signature=b`,
      400,
      'InvalidRequest',
    ],
  ])('%s is refused', async (_title, alter, status, code) => {
    expect(await answer(alter(await sign()))).toEqual([status, expect.stringContaining(code)]);
  });

  it('for a GET does not PUT', async () => {
    expect(await answer(await sign(), { method: 'PUT', body: 'x' })).toEqual([
      403,
      expect.stringContaining('SignatureDoesNotMatch'),
    ]);
  });

  it('ends when it says', async () => {
    const url = await sign();
    expect((await answer(url))[0]).toBe(200);
    clock = Date.now() + 62_000;
    expect(await answer(url)).toEqual([403, 'AccessDenied: Request has expired']);
    clock = Date.now();
  });
});

describe("S3's signatures", () => {
  it('nobody is anonymous', async () => {
    const answer = await fetch(`${running.url}/${Bucket}/a`);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
  });
});
