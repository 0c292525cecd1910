import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Duration } from 'aws-cdk-lib';
import { ApiAuth } from 'edgepass/cdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../run-local';
import { bootKeys, HOUR_MS, type LocalKeys, MINUTE_MS } from './local-keys';

const MAX_LIFETIME_MS = 2 * HOUR_MS;
/** Until a new key signs; until its predecessor's last link is over, besides the links' own time. */
const [PROPAGATION_MS, SLACK_MS] = [10 * MINUTE_MS, 15 * MINUTE_MS];

let local: LocalKeys;
const folder = temporaryFolder(afterAll);

beforeAll(async () => {
  local = await bootKeys(folder, {
    auth: ApiAuth.none(),
    // Made in no time.
    signingKeyType: 'ECDSA',
    defaultLifetime: Duration.hours(1),
    maxLifetime: Duration.hours(2),
    keyRotationPeriod: Duration.days(1),
  });
  const { environment } = local;
  const s3 = new S3Client({
    region: environment.AWS_REGION,
    endpoint: environment.AWS_ENDPOINT_URL,
    credentials: { accessKeyId: environment.AWS_ACCESS_KEY_ID, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY },
    forcePathStyle: true,
  });
  await s3.send(new PutObjectCommand({ Bucket: environment.EDGEPASS_BUCKET, Key: 'a.txt', Body: 'a' }));
  s3.destroy();
});
afterAll(() => local.close());

/** Every test begins with one key, which the signer has read: it does a minute later, in the background. */
beforeEach(async () => {
  const { keys } = await local.keys({ operation: 'RotateNow' });
  local.pass(MINUTE_MS);
  await expect.poll(async () => (await sign()).keyPairId).toBe(keys[0]?.keyPairId);
});

interface Link {
  readonly url: string;
  readonly keyPairId: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

async function sign(body: object = {}): Promise<Link> {
  const answer = await fetch(`${local.environment.EDGEPASS_API_URL}urls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ file: 'a.txt', ...body }),
  });
  expect(answer.status).toBe(201);
  const { signedUrl, expires } = (await answer.json()) as { signedUrl: string; expires: string };
  const keyPairId = new URL(signedUrl).searchParams.get('Key-Pair-Id') ?? '';
  return { url: signedUrl, keyPairId, expires: Date.parse(expires) };
}

const open = async ({ url }: Link): Promise<string> => {
  const answer = await fetch(url);
  await answer.text();
  return `${answer.status} ${answer.headers.get('x-edgepass-reason') ?? ''}`.trim();
};
const OPEN = '200';

async function idsByState() {
  const { keys } = await local.keys({ operation: 'Describe' });
  return Object.fromEntries(keys.map(({ state, keyPairId }) => [state, keyPairId]));
}

describe('a rotation', () => {
  it('a link outlives two rotations, until its expiry and not a second longer', async () => {
    const link = await sign({ expiresIn: 7200 });
    for (const _rotation of [1, 2]) {
      await local.keys({ operation: 'Rotate' });
      local.pass(PROPAGATION_MS + MINUTE_MS);
      await local.keys({});
      expect(await open(link)).toBe(OPEN);
    }
    const latest = await sign();
    expect(latest.keyPairId).not.toBe(link.keyPairId);
    local.stopAt(link.expires - 1000);
    onTestFinished(() => local.goOn());
    await local.keys({});
    expect(await open(link)).toBe(OPEN);
    local.pass(1000);
    expect(await open(link)).toBe('403 ERR_EXPIRED');
  });

  it('signs at every moment of a rotation, with keys that CloudFront has known for as long as it may need', async () => {
    const before = await sign();
    const { keys } = await local.keys({ operation: 'Rotate' });
    const links: Link[] = [];
    for (let passed = 0; passed <= PROPAGATION_MS + 2 * MINUTE_MS; passed += MINUTE_MS) {
      const link = await sign();
      expect(await open(link)).toBe(OPEN);
      links.push(link);
      local.pass(MINUTE_MS);
    }
    const [next] = keys;
    const after = links.findIndex(({ keyPairId }) => keyPairId === next?.keyPairId);
    expect(after).toBeGreaterThanOrEqual(PROPAGATION_MS / MINUTE_MS);
    expect(links.slice(0, after).map(({ keyPairId }) => keyPairId)).toEqual(Array(after).fill(before.keyPairId));
    expect(new Set(links.slice(after).map(({ keyPairId }) => keyPairId)).size).toBe(1);
    for (const link of [before, ...links]) expect(await open(link)).toBe(OPEN);
  });

  it('retires a key once its last link is over, and refuses what it signs after that', async () => {
    const { signing: former } = await idsByState();
    const { keys } = await local.keys({ operation: 'Rotate' });
    const retiresAt = Date.parse(keys[1]?.retiresAt ?? '');
    expect(retiresAt).toBe(Date.parse(keys[0]?.signsFrom ?? '') + SLACK_MS + MAX_LIFETIME_MS);
    const longest = await sign({ expiresIn: MAX_LIFETIME_MS / 1000 });
    expect(longest.keyPairId).toBe(former);
    expect(retiresAt).toBeGreaterThan(longest.expires);

    local.pass(retiresAt - local.now().getTime() - MINUTE_MS);
    await local.keys({});
    expect((await local.places()).group).toContain(former);
    local.pass(2 * MINUTE_MS);
    await local.keys({});
    expect(await local.places()).toEqual({
      group: [keys[0]?.keyPairId],
      known: [keys[0]?.keyPairId],
      signing: [keys[0]?.keyPairId],
    });
    expect(await open(longest)).toBe('403 ERR_KEY_PAIR_ID_UNKNOWN');
  });

  it('a rotation for a compromise ends every link at once, also one that was open a moment ago', async () => {
    const link = await sign();
    expect(await open(link)).toBe(OPEN);
    const { keys } = await local.keys({ operation: 'RotateNow' });
    expect(await open(link)).toBe('403 ERR_KEY_PAIR_ID_UNKNOWN');
    expect(keys.map(({ state }) => state)).toEqual(['signing']);
    // The signers read their keys again after a minute.
    local.pass(MINUTE_MS + 1000);
    await sign();
    await expect.poll(async () => open(await sign())).toBe(OPEN);
  });

  it('refuses a second rotation while the first is under way, and one that the key group has no room for', async () => {
    await local.keys({ operation: 'Rotate' });
    const places = await local.places();
    expect(await local.keys({ operation: 'Rotate' })).toMatchObject({
      errorType: 'RotationUnderWay',
      errorMessage: expect.stringMatching(/^K[A-Z0-9]{13} takes over at 20.*; rotate again after that$/),
    });
    for (let count = 3; count <= 5; count += 1) {
      local.pass(PROPAGATION_MS + 1000);
      await local.keys({ operation: 'Rotate' });
    }
    local.pass(PROPAGATION_MS + 1000);
    expect(await local.keys({ operation: 'Rotate' })).toMatchObject({
      errorType: 'TooManyPublicKeysInKeyGroup',
      errorMessage: expect.stringMatching(/holds 5 keys: the oldest retires at 20/),
    });
    const { group } = await local.places();
    expect(group).toHaveLength(5);
    expect(group).toEqual(expect.arrayContaining(places.group));
  });

  it('rotates by itself when the key has signed for as long as it may, not before', async () => {
    local.pass(23 * HOUR_MS);
    expect((await local.keys({})).keys.map(({ state }) => state)).toEqual(['signing']);
    local.pass(HOUR_MS);
    expect((await local.keys({})).keys.map(({ state }) => state)).toEqual(['next', 'signing']);
  });

  it('no private key stays readable longer than it signs', async () => {
    await local.keys({ operation: 'Rotate' });
    expect((await local.places()).signing).toHaveLength(2);
    local.pass(PROPAGATION_MS + 1000);
    await local.keys({});
    const { signing } = await idsByState();
    expect((await local.places()).signing).toEqual([signing]);
  });
});
