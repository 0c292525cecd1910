import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { Duration } from 'aws-cdk-lib';
import { ApiAuth } from 'edgepass/cdk';
import { createClient } from 'edgepass/client';
import { startLocal } from 'edgepass/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootApi, type LocalApi, synthesizeApi } from '../api/boot-api';
import { s3Client } from '../clients';
import { edgepass, temporaryFolder } from '../run-local';

const [MINUTE_MS, HOUR_MS] = [60_000, 3_600_000];
const folder = temporaryFolder(afterAll);
let assembly: string;
let api: LocalApi;
let offset = 0;
const pass = (milliseconds: number): void => {
  offset += milliseconds;
};

beforeAll(async () => {
  const auth = ApiAuth.jwt({ issuer: 'https://issuer.example.com', audience: 'files' });
  const lifetimes = { defaultLifetime: Duration.minutes(10), maxLifetime: Duration.hours(2) };
  assembly = synthesizeApi(folder, { auth, signingKeyType: 'ECDSA', ...lifetimes });
  api = await bootApi(folder, assembly, () => new Date(Date.now() + offset));
  const s3 = s3Client(api.environment);
  await s3.send(new PutObjectCommand({ Bucket: api.environment.EDGEPASS_BUCKET, Key: 'a.txt', Body: 'a' }));
  s3.destroy();
});
afterAll(() => api.close());

describe("the local runtime's clock", () => {
  it('links and tokens are over when the local runtime’s clock says so, and functions sign by it', async () => {
    const args = ['token', '--data-dir', api.dataDir, '--scope', 'sign', '--expires-in', '3600', '--json'];
    const { access_token: token } = JSON.parse((await edgepass(...args)).stdout) as { access_token: string };
    const client = createClient({ url: api.environment.EDGEPASS_API_URL, token, retries: 0 });
    const open = async (url: string) => (await fetch(url)).status;

    const first = await client.signUrl('a.txt');
    expect(await open(first.signedUrl)).toBe(200);
    pass(9 * MINUTE_MS);
    expect(await open(first.signedUrl)).toBe(200);
    pass(2 * MINUTE_MS);
    expect(await open(first.signedUrl)).toBe(403);

    const second = await client.signUrl('a.txt');
    expect(Date.parse(second.expires)).toBeGreaterThan(Date.now() + 19 * MINUTE_MS);
    expect(await open(second.signedUrl)).toBe(200);
    pass(HOUR_MS);
    await expect(client.signUrl('a.txt')).rejects.toMatchObject({ status: 401, code: 'ERR_UNAUTHORIZED' });
  });

  it('edge workers go by the machine’s clock, so a clock is refused together with them, and nothing runs on', async () => {
    const options = { dataDir: join(folder, 'other'), assembly, ports: { aws: 0, api: 0, distribution: 0 } };
    await expect(startLocal({ ...options, clock: () => new Date(0), edgeWorkers: 1 })).rejects.toThrow(
      'with a clock, edgeWorkers has to be 0',
    );
    // Its data folder is free again.
    await (await startLocal(options)).close();
  });
});
