import { describe, expect, test } from 'vitest';
import { createSigner, type EdgepassError, generateKeyPair, verifyCookies, verifyUrl } from '../index';

const keyPairId = 'K2JCJMDEHXQW5F';
const pair = generateKeyPair({ keyType: 'ECDSA' });
const publicKeys = { [keyPairId]: pair.publicKey };
const now = new Date('2026-11-24T12:00:00Z');
const options = { now, dateLessThan: new Date('2026-11-24T12:15:00Z') };
const distributionUrl = 'https://d111111abcdef8.cloudfront.net';
const signer = createSigner({ keyPairId, privateKey: pair.privateKey });

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Partial<EdgepassError>).code ?? (error as Error).name;
  }
  return 'nothing was refused';
}

describe('a signed folder', () => {
  const folder = signer.signFolder({ distributionUrl, prefix: 'videos/42 */' }, options);

  test('mints URLs below its prefix that all carry one signature', () => {
    expect(folder.resource).toBe(`${distributionUrl}/videos/42%20%2A/*`);
    const urls = folder.signUrls(['videos/42 */a.ts', 'videos/42 */deep/ü?.ts']);
    expect(new Set(urls.map((url) => new URL(url).searchParams.get('Signature'))).size).toBe(1);
    for (const url of urls) expect(verifyUrl(url, { publicKeys, now }).resource).toBe(folder.resource);
  });

  test('refuses a key outside it', () => {
    for (const key of ['videos/43/a.ts', 'videos/42 *', 'videos/42 */../43/a.ts']) {
      expect(
        refusal(() => folder.signUrl(key)),
        key,
      ).toBe('ERR_OBJECT_KEY_OUTSIDE_FOLDER');
    }
  });

  test('opens nothing outside it', () => {
    const url = folder.signUrl('videos/42 */a.ts');
    expect(refusal(() => verifyUrl(url.replace('42%20%2A', '42%20x'), { publicKeys, now }))).toBe(
      'ERR_RESOURCE_MISMATCH',
    );
  });

  test('with no prefix is the whole distribution, and no other', () => {
    const all = signer.signFolder({ distributionUrl, prefix: '' }, options);
    const url = all.signUrl('a');
    expect(verifyUrl(url, { publicKeys, now }).resource).toBe(`${distributionUrl}/*`);
    const elsewhere = url.replace('d111111abcdef8', 'd222222abcdef8');
    expect(refusal(() => verifyUrl(elsewhere, { publicKeys, now }))).toBe('ERR_RESOURCE_MISMATCH');
  });
});

describe('signed cookies', () => {
  test('for one URL carry a canned policy, for many a custom one', () => {
    expect(Object.keys(signer.signCookies(`${distributionUrl}/a`, options))).toEqual([
      'CloudFront-Expires',
      'CloudFront-Signature',
      'CloudFront-Key-Pair-Id',
    ]);
    for (const input of [`${distributionUrl}/a/*`, { distributionUrl, prefix: 'a/' }]) {
      const cookies = signer.signCookies(input, options);
      expect(Object.keys(cookies)).toEqual(['CloudFront-Policy', 'CloudFront-Signature', 'CloudFront-Key-Pair-Id']);
      const policy = verifyCookies(
        { url: `${distributionUrl}/a/b.ts?x=1`, cookies: { ...cookies } },
        { publicKeys, now },
      );
      expect(policy.resource).toBe(`${distributionUrl}/a/*`);
    }
  });

  test('say CloudFront-Hash-Algorithm when it is SHA256', () => {
    const sha256 = createSigner({ keyPairId, privateKey: pair.privateKey, hashAlgorithm: 'SHA256' });
    const cookies = sha256.signCookies(`${distributionUrl}/a`, options);
    expect(cookies['CloudFront-Hash-Algorithm']).toBe('SHA256');
    expect(verifyCookies({ url: `${distributionUrl}/a`, cookies: { ...cookies } }, { publicKeys, now }).type).toBe(
      'canned',
    );
  });
});
