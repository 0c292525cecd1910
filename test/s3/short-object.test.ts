import { randomBytes } from 'node:crypto';
import { truncateSync } from 'node:fs';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Client } from '../clients';
import { blobsOf, type LocalEdge, startLocalEdge } from '../edge/local-edge';
import { converse } from '../edge/viewer';

let local: LocalEdge;
beforeAll(async () => {
  local = await startLocalEdge();
});
afterAll(() => local?.close());

describe('S3 with a damaged file', () => {
  it('an object that is cut short on the disk is not filled up with the next answer of the connection', async () => {
    const [blob = ''] = await blobsOf(local, () => local.put('short', randomBytes(5_000)));
    await local.put('next', 'next');
    const s3 = s3Client(local.environment);
    const requestOf = async (Key: string, ...lines: string[]): Promise<string> => {
      const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: local.environment.EDGEPASS_BUCKET, Key }));
      const { pathname, search, host } = new URL(url);
      return [`GET ${pathname}${search} HTTP/1.1`, `Host: ${host}`, ...lines, '', ''].join('\r\n');
    };
    const requests = [await requestOf('short'), await requestOf('next', 'Connection: close')];
    s3.destroy();
    truncateSync(blob, 100);
    const { port } = new URL(local.environment.AWS_ENDPOINT_URL);
    const answers = await converse({ port: Number(port) }, requests.join(''));
    const [, length = '0'] = /\r\ncontent-length: (\d+)\r\n/i.exec(answers) ?? [];
    const end = answers.indexOf('\r\n\r\n') + 4 + Number(length);
    expect(answers.slice(1, end).includes('HTTP/1.1 ')).toBe(false);
  });
});
