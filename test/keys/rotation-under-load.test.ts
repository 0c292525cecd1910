import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ApiAuth } from 'edgepass/cdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { s3Client } from '../clients';
import { temporaryFolder } from '../run-home';
import { bootKeys, type KeysHome, MINUTE_MS } from './keys-home';

const SECONDS = process.env.EDGEPASS_NIGHTLY === '1' ? 30 : 6;
const CALLERS = 200;

let home: KeysHome;
const folder = temporaryFolder(afterAll);

beforeAll(async () => {
  home = await bootKeys(folder, { auth: ApiAuth.none() });
  const s3 = s3Client(home.environment);
  await s3.send(new PutObjectCommand({ Bucket: home.environment.EDGEPASS_BUCKET, Key: 'a.txt', Body: 'a' }));
  s3.destroy();
});
afterAll(() => home.close());

const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

it(`a key rotates while ${CALLERS} callers ask for links: none of them fails, and links of both keys open`, {
  timeout: 120_000,
}, async () => {
  const end = Date.now() + SECONDS * 1000;
  const statuses = new Map<number, number>();
  const links = new Map<string, string[]>();
  async function caller(): Promise<void> {
    while (Date.now() < end) {
      const answer = await fetch(`${home.environment.EDGEPASS_API_URL}urls`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"file":"a.txt"}',
      });
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const { signedUrl } = (await answer.json()) as { signedUrl: string };
      const keyPairId = new URL(signedUrl).searchParams.get('Key-Pair-Id') ?? '';
      links.set(keyPairId, [...(links.get(keyPairId) ?? []), signedUrl].slice(-50));
    }
  }
  async function rotation(): Promise<void> {
    await wait(SECONDS * 200);
    const { keys } = await home.keys({ operation: 'Rotate' });
    expect(keys.map(({ state }) => state)).toEqual(['next', 'signing']);
    await wait(SECONDS * 200);
    // The signers have read the new key by then; it takes over in the midst of requests.
    home.pass(2 * MINUTE_MS);
    await wait(SECONDS * 100);
    home.pass(9 * MINUTE_MS);
  }
  await Promise.all([rotation(), ...Array.from({ length: CALLERS }, caller)]);
  expect([...statuses.keys()]).toEqual([201]);
  expect(statuses.get(201)).toBeGreaterThan(CALLERS);
  expect(links.size).toBe(2);
  for (const url of [...links.values()].flat()) expect((await fetch(url)).status).toBe(200);
});
