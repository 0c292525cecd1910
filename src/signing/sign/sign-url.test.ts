import { describe, expect, test } from 'vitest';
import {
  createSigner,
  type EdgepassError,
  generateKeyPair,
  importPrivateKey,
  type PolicyOptions,
  type SigningInput,
  signUrl,
  verifyUrl,
} from '../index';

const keyPairId = 'K2JCJMDEHXQW5F';
const pair = generateKeyPair({ keyType: 'ECDSA' });
const privateKey = importPrivateKey(pair.privateKey);
const publicKeys = { [keyPairId]: pair.publicKey };
const signer = createSigner({ keyPairId, privateKey });
const now = new Date('2026-11-24T12:00:00Z');
const dateLessThan = new Date('2026-11-24T12:15:00Z');
const distributionUrl = 'https://d111111abcdef8.cloudfront.net';
const sign = (input: SigningInput, options: PolicyOptions = {}): string =>
  signer.signUrl(input, { now, ...(options.expiresIn === undefined && { dateLessThan }), ...options });

/** The code of the error, or the name of a TypeError. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Partial<EdgepassError>).code ?? (error as Error).name;
  }
  return 'nothing was refused';
}

describe('a canned policy', () => {
  test('has Expires, Signature and Key-Pair-Id, in the order of the documentation', () => {
    const url = sign(`${distributionUrl}/report.pdf`);
    expect(url).toMatch(
      /^https:\/\/d111111abcdef8\.cloudfront\.net\/report\.pdf\?Expires=1795522500&Signature=[\w~-]+&Key-Pair-Id=K2JCJMDEHXQW5F$/,
    );
  });

  test('follows the query of the application', () => {
    const url = sign(`${distributionUrl}/image.jpg?color=red&size=medium`);
    expect(url).toContain('/image.jpg?color=red&size=medium&Expires=1795522500&Signature=');
    expect(verifyUrl(url, { publicKeys, now }).resource).toBe(`${distributionUrl}/image.jpg?color=red&size=medium`);
  });

  test('lasts as many seconds as expiresIn says', () => {
    expect(sign(`${distributionUrl}/a`, { expiresIn: 900 })).toContain('Expires=1795522500&');
  });

  test('says Hash-Algorithm only when it is not the default', () => {
    const options = { keyPairId, privateKey, now, dateLessThan };
    expect(signUrl(`${distributionUrl}/a`, options)).not.toContain('Hash-Algorithm');
    expect(signUrl(`${distributionUrl}/a`, { ...options, hashAlgorithm: 'SHA256' })).toMatch(/&Hash-Algorithm=SHA256$/);
  });
});

describe('a custom policy', () => {
  test.each<[string, PolicyOptions, object]>([
    ['a start', { dateGreaterThan: now }, { dateGreaterThan: now }],
    ['an address, written with its mask', { ipAddress: '203.0.113.7' }, { ipAddress: '203.0.113.7/32' }],
    ['a CIDR block', { ipAddress: '192.0.2.0/24' }, { ipAddress: '192.0.2.0/24' }],
    [
      'a resource with wildcards',
      { resource: `${distributionUrl}/videos/*` },
      { resource: `${distributionUrl}/videos/*` },
    ],
  ])('carries %s', (_title, options, carried) => {
    const url = sign(`${distributionUrl}/videos/a.ts`, options);
    expect(url).not.toContain('Expires=');
    const ipAddress = options.ipAddress === undefined ? undefined : (options.ipAddress.split('/')[0] ?? '');
    const at = new Date(now.getTime() + 1000);
    expect(verifyUrl(url, { publicKeys, now: at, ipAddress })).toMatchObject({ type: 'custom', ...carried });
  });
});

describe('an object by its key', () => {
  test('is signed under its one canonical path', () => {
    const url = sign({ distributionUrl, key: 'a b/+#%.txt' });
    expect(url.startsWith(`${distributionUrl}/a%20b/%2B%23%25.txt?Expires=`)).toBe(true);
  });

  test('with * and ? in its key is one object, also under a custom policy', () => {
    const url = sign({ distributionUrl, key: 'a*?.txt' }, { ipAddress: '203.0.113.7' });
    const other = url.replace('a%2A%3F.txt', 'abc.txt');
    const context = { publicKeys, now, ipAddress: '203.0.113.7' };
    expect(verifyUrl(url, context).resource).toBe(`${distributionUrl}/a%2A%3F.txt`);
    expect(refusal(() => verifyUrl(other, context))).toBe('ERR_RESOURCE_MISMATCH');
  });
});

describe('refuses to sign', () => {
  const at = (path: string): string => `${distributionUrl}${path}`;
  test.each<[string, () => unknown, string]>([
    ['a URL that is signed already', () => sign(sign(at('/a'))), 'ERR_ALREADY_SIGNED'],
    ['a parameter with CloudFront’s name', () => sign(at('/a?Policy=1')), 'ERR_ALREADY_SIGNED'],
    ['a wildcard in a canned policy', () => sign(at('/videos/*')), 'ERR_WILDCARD_IN_URL'],
    [
      'a resource that does not cover the URL',
      () => sign(at('/a'), { resource: at('/b/*') }),
      'ERR_RESOURCE_EXCLUDES_URL',
    ],
    ['a resource that is no URL', () => sign(at('/a'), { resource: '/a' }), 'ERR_RESOURCE_INVALID'],
    ['a URL of S3', () => sign('https://bucket.s3.us-east-1.amazonaws.com/a'), 'ERR_URL_OF_S3'],
    ['a presigned URL', () => sign(at('/a?X-Amz-Signature=0')), 'ERR_URL_OF_S3'],
    ['a relative URL', () => sign('/a'), 'ERR_URL_INVALID'],
    ['another scheme', () => sign('ftp://d111111abcdef8.cloudfront.net/a'), 'ERR_URL_INVALID'],
    ['a user name in the URL', () => sign('https://me@d111111abcdef8.cloudfront.net/a'), 'ERR_URL_INVALID'],
    ['a fragment', () => sign(at('/a#b')), 'ERR_URL_INVALID'],
    ['a bare question mark', () => sign(at('/a?')), 'ERR_URL_INVALID'],
    ['a space, which clients send as %20', () => sign(at('/a b')), 'ERR_URL_NOT_CANONICAL'],
    ['an apostrophe in the query, which browsers send as %27', () => sign(at("/a?b='")), 'ERR_URL_NOT_CANONICAL'],
    ['letters outside ASCII', () => sign(at('/ü')), 'ERR_URL_NOT_CANONICAL'],
    ['dot segments, which clients remove', () => sign(at('/a/../b')), 'ERR_URL_NOT_CANONICAL'],
    ['a URL without a path', () => sign(distributionUrl), 'ERR_URL_NOT_CANONICAL'],
    ['a host in capitals', () => sign('https://D111111abcdef8.cloudfront.net/a'), 'ERR_URL_NOT_CANONICAL'],
    ['a URL beyond 8,192 bytes', () => sign(at(`/${'a'.repeat(8_100)}`)), 'ERR_URL_TOO_LONG'],
    ['an empty key', () => sign({ distributionUrl, key: '' }), 'ERR_OBJECT_KEY_INVALID'],
    ['the key ..', () => sign({ distributionUrl, key: '..' }), 'ERR_OBJECT_KEY_INVALID'],
    ['half a surrogate pair', () => sign({ distributionUrl, key: '\ud800' }), 'ERR_OBJECT_KEY_INVALID'],
    ['a key beyond 1,024 bytes', () => sign({ distributionUrl, key: 'é'.repeat(513) }), 'ERR_OBJECT_KEY_INVALID'],
    ['a distribution URL with a path', () => sign({ distributionUrl: at('/a'), key: 'b' }), 'ERR_URL_INVALID'],
    ['an end that has passed', () => sign(at('/a'), { dateLessThan: now }), 'ERR_DATE_IN_PAST'],
    ['an invalid end', () => sign(at('/a'), { dateLessThan: new Date('soon') }), 'ERR_DATE_INVALID'],
    ['an invalid start', () => sign(at('/a'), { dateGreaterThan: new Date('soon') }), 'ERR_DATE_INVALID'],
    ['a start behind the end', () => sign(at('/a'), { dateGreaterThan: dateLessThan }), 'ERR_DATE_ORDER'],
    ['seconds for milliseconds', () => sign(at('/a'), { dateLessThan: new Date(1_795_522_500) }), 'ERR_DATE_UNIT'],
    [
      'milliseconds times 1,000',
      () => sign(at('/a'), { dateLessThan: new Date(1_795_522_500_000_000) }),
      'ERR_DATE_UNIT',
    ],
    ['a point in time as lifetime', () => sign(at('/a'), { expiresIn: 1_795_522_500 }), 'ERR_DATE_UNIT'],
    ['no lifetime at all', () => sign(at('/a'), { expiresIn: 0 }), 'ERR_DATE_INVALID'],
    ['half seconds', () => sign(at('/a'), { expiresIn: 1.5 }), 'ERR_DATE_INVALID'],
    ['IPv6', () => sign(at('/a'), { ipAddress: '2001:db8::1' }), 'ERR_IP_RANGE_IPV6'],
    ['an address that is none', () => sign(at('/a'), { ipAddress: '300.1.1.1' }), 'ERR_IP_RANGE_INVALID'],
    ['a mask that is none', () => sign(at('/a'), { ipAddress: '192.0.2.0/33' }), 'ERR_IP_RANGE_INVALID'],
    ['a PEM as key pair id', () => createSigner({ keyPairId: pair.publicKey, privateKey }), 'ERR_KEY_PAIR_ID_INVALID'],
    [
      'a key group’s id',
      () => createSigner({ keyPairId: '4b2d2ab8-5f2a-4f3a-8c3e-0c0e6a1f7c11', privateKey }),
      'ERR_KEY_PAIR_ID_INVALID',
    ],
    [
      'an IAM key as key pair id',
      () => createSigner({ keyPairId: 'AKIAIOSFODNN7EXAMPLE', privateKey }),
      'ERR_KEY_PAIR_ID_INVALID',
    ],
  ])('%s', (_title, work, code) => {
    expect(refusal(work)).toBe(code);
  });

  test('signs an end in the past when asked to', () => {
    const url = sign(`${distributionUrl}/a`, { dateLessThan: now, allowExpired: true });
    expect(refusal(() => verifyUrl(url, { publicKeys, now }))).toBe('ERR_EXPIRED');
  });
});

describe('tells a programmer’s mistake by a TypeError:', () => {
  test.each<[string, () => unknown]>([
    ['no options', () => signUrl(`${distributionUrl}/a`, undefined as never)],
    ['a number as URL', () => sign(5 as never)],
    ['an object without a key', () => sign({ distributionUrl } as never)],
    ['a number as key', () => sign({ distributionUrl, key: 5 as never })],
    ['a string as date', () => sign(`${distributionUrl}/a`, { dateLessThan: '2026-11-24' as never })],
    ['both ends', () => sign(`${distributionUrl}/a`, { dateLessThan, expiresIn: 5 })],
    ['no end', () => signer.signUrl(`${distributionUrl}/a`, {})],
    ['a string as lifetime', () => sign(`${distributionUrl}/a`, { expiresIn: '900' as never })],
    ['a number as address', () => sign(`${distributionUrl}/a`, { ipAddress: 5 as never })],
    ['an unknown hash', () => createSigner({ keyPairId, privateKey, hashAlgorithm: 'SHA512' as never })],
    ['no key', () => createSigner({ keyPairId, privateKey: undefined as never })],
    ['no key pair id', () => createSigner({ keyPairId: undefined as never, privateKey })],
  ])('%s', (_title, work) => {
    expect(work).toThrow(TypeError);
  });
});

describe('many at once', () => {
  const keys = Array.from({ length: 50 }, (_, index) => ({ distributionUrl, key: `photo ${index}.jpg` }));

  test('keeps the order, synchronously and on the thread pool', async () => {
    const paths = keys.map(({ key }) => key.replace(' ', '%20'));
    const options = { now, dateLessThan };
    for (const urls of [signer.signUrls(keys, options), await signer.signUrlsAsync(keys, options)]) {
      expect(urls.map((url) => new URL(url).pathname.slice(1))).toEqual(paths);
      for (const url of urls) verifyUrl(url, { publicKeys, now });
    }
  });

  test('one bad key fails the whole batch, and nothing goes on signing', async () => {
    const bad = [...keys, { distributionUrl, key: '..' }, ...keys];
    const code = 'ERR_OBJECT_KEY_INVALID';
    await expect(signer.signUrlsAsync(bad, { now, dateLessThan })).rejects.toMatchObject({ code });
    expect(refusal(() => signer.signUrls(bad, { now, dateLessThan }))).toBe(code);
  });

  test('the asynchronous form refuses what the synchronous one does, by rejecting', async () => {
    await expect(signer.signUrlAsync(`${distributionUrl}/*`, { now, dateLessThan })).rejects.toMatchObject({
      code: 'ERR_WILDCARD_IN_URL',
    });
    const url = await signer.signUrlAsync(`${distributionUrl}/a`, { now, dateLessThan });
    expect(verifyUrl(url, { publicKeys, now }).resource).toBe(`${distributionUrl}/a`);
  });
});
