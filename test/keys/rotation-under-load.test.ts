import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ApiAuth } from 'edgepass/cdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Client } from '../clients';
import { temporaryFolder } from '../run-local';
import { bootKeys, type LocalKeys, MINUTE_MS } from './local-keys';

const CALLERS = 200;
let local: LocalKeys;
const folder = temporaryFolder(afterAll);

beforeAll(async () => {
  local = await bootKeys(folder, { auth: ApiAuth.none() });
  const s3 = s3Client(local.environment);
  await s3.send(new PutObjectCommand({ Bucket: local.environment.EDGEPASS_BUCKET, Key: 'a.txt', Body: 'a' }));
  s3.destroy();
});
afterAll(() => local.close());

describe('a rotation under load', () => {
  it(`a key rotates while ${CALLERS} callers ask for links: none of them fails, and links of both keys open`, async () => {
    let [isOver, answered] = [false, 0];
    const statuses = new Set<number>();
    const links = new Map<string, string[]>();
    async function caller(): Promise<void> {
      while (!isOver) {
        const answer = await fetch(`${local.environment.EDGEPASS_API_URL}urls`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"file":"a.txt"}',
        });
        answered += 1;
        statuses.add(answer.status);
        const { signedUrl } = (await answer.json()) as { signedUrl: string };
        const keyPairId = new URL(signedUrl).searchParams.get('Key-Pair-Id') ?? '';
        links.set(keyPairId, [...(links.get(keyPairId) ?? []), signedUrl].slice(-50));
      }
    }
    /** About one for each caller. */
    async function moreAnswers(): Promise<void> {
      const before = answered;
      await expect.poll(() => answered).toBeGreaterThan(before + CALLERS);
    }
    async function rotation(): Promise<void> {
      await moreAnswers();
      const { keys } = await local.keys({ operation: 'Rotate' });
      expect(keys.map(({ state }) => state)).toEqual(['next', 'signing']);
      const [next] = keys;
      await moreAnswers();
      // The signers read their keys again, in the midst of requests.
      local.pass(2 * MINUTE_MS);
      await moreAnswers();
      expect([...links.keys()]).not.toContain(next?.keyPairId);
      local.pass(9 * MINUTE_MS);
      await expect.poll(() => [...links.keys()]).toContain(next?.keyPairId);
      await moreAnswers();
    }
    const rotated = rotation().finally(() => {
      isOver = true;
    });
    await Promise.all([rotated, ...Array.from({ length: CALLERS }, caller)]);
    expect([...statuses]).toEqual([201]);
    expect(links.size).toBe(2);
    for (const url of [...links.values()].flat()) expect((await fetch(url)).status).toBe(200);
  });
});
