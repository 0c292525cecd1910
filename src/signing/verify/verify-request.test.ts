import { describe, expect, test } from 'vitest';
import {
  createSigner,
  createVerificationCache,
  EdgepassError,
  generateKeyPair,
  importPublicKey,
  type RequestToVerify,
  verifyRequest,
} from '../index';

const keyPairId = 'K2JCJMDEHXQW5F';
const pair = generateKeyPair({ keyType: 'ECDSA' });
const publicKeys = { [keyPairId]: importPublicKey(pair.publicKey) };
const signer = createSigner({ keyPairId, privateKey: pair.privateKey });
const now = new Date('2026-11-24T12:00:00Z');
const later = new Date('2026-11-24T12:15:00Z');
const origin = 'https://d111111abcdef8.cloudfront.net';

/** The request that a client would make for a URL. */
function requestFor(url: string, changes: Partial<RequestToVerify> = {}): RequestToVerify {
  const { host, pathname, search } = new URL(url);
  return { scheme: 'https', host, target: pathname + search, publicKeys, now, ...changes };
}

function refusalOf(request: RequestToVerify): { code: string; cloudFrontCode: string | undefined } {
  try {
    verifyRequest(request);
  } catch (error) {
    if (error instanceof EdgepassError) return { code: error.code, cloudFrontCode: error.cloudFrontCode };
    throw error;
  }
  throw new Error('the request was not refused');
}

describe('verifyRequest', () => {
  const url = signer.signUrl(`${origin}/report.pdf?size=large`, { dateLessThan: later, now });

  test('returns the policy and the target without the signature', () => {
    expect(verifyRequest(requestFor(url))).toEqual({
      policy: { type: 'canned', resource: `${origin}/report.pdf?size=large`, dateLessThan: later },
      keyPairId,
      hashAlgorithm: 'SHA1',
      signedBy: 'url',
      targetWithoutSigning: '/report.pdf?size=large',
    });
  });

  test("reads a signature's - _ ~ percent-encoded, as URLSearchParams writes them, but not its + = /", () => {
    const rsa = generateKeyPair({ keyType: 'RSA' });
    const trusted = { publicKeys: { [keyPairId]: rsa.publicKey } };
    const rsaUrl = createSigner({ keyPairId, privateKey: rsa.privateKey }).signUrl(`${origin}/a`, {
      expiresIn: 60,
      now,
    });
    const escaped = rsaUrl.replace(/[-_~](?=[^?]*&Key-Pair-Id)/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
    expect(escaped).toContain('%5f%5f&Key-Pair-Id');
    expect(verifyRequest(requestFor(escaped, trusted)).policy.resource).toBe(`${origin}/a`);
    const plain = rsaUrl.replace('__&', '%3D%3D&');
    expect(refusalOf(requestFor(plain, trusted)).code).toBe('ERR_SIGNATURE_MALFORMED');
  });

  test('takes the parameters in any order and rebuilds the query in the order received', () => {
    const [base = '', query = ''] = signer.signUrl(`${origin}/a?x=1&y=2`, { dateLessThan: later, now }).split('?');
    const [x, y, ...signing] = query.split('&');
    const mixed = `${base}?${[...signing.slice(1), x, signing[0], y].join('&')}`;
    expect(verifyRequest(requestFor(mixed)).targetWithoutSigning).toBe('/a?x=1&y=2');
  });

  test.each([
    ['a request with no signature', '/report.pdf', 'ERR_NOT_SIGNED', 'MissingKey'],
    ['a lone Expires of the application', '/report.pdf?Expires=1', 'ERR_KEY_PAIR_ID_MISSING', 'MissingKey'],
    ['an empty key pair id', '/report.pdf?Key-Pair-Id=', 'ERR_KEY_PAIR_ID_MISSING', 'MissingKey'],
    ['a PEM as key pair id', '/a?Key-Pair-Id=-----BEGIN%20PUBLIC%20KEY-----', 'ERR_KEY_PAIR_ID_MISSING', 'MissingKey'],
    ['a key pair id outside the key groups', '/a?Key-Pair-Id=KOTHER', 'ERR_KEY_PAIR_ID_UNKNOWN', 'InvalidKey'],
    ['a key pair id that every object has', '/a?Key-Pair-Id=constructor', 'ERR_KEY_PAIR_ID_UNKNOWN', 'InvalidKey'],
    ['a missing signature', `/a?Expires=1&Key-Pair-Id=${keyPairId}`, 'ERR_SIGNATURE_MISSING', 'AccessDenied'],
    [
      'an undecodable signature',
      `/a?Expires=1&Signature=a+b=&Key-Pair-Id=${keyPairId}`,
      'ERR_SIGNATURE_MALFORMED',
      'MalformedSignature',
    ],
    ['a missing policy', `/a?Signature=abcd&Key-Pair-Id=${keyPairId}`, 'ERR_POLICY_MISSING', 'AccessDenied'],
    [
      'an Expires that is no number',
      `/a?Expires=soon&Signature=abcd&Key-Pair-Id=${keyPairId}`,
      'ERR_EXPIRES_MALFORMED',
      'MalformedPolicy',
    ],
    [
      'an Expires in milliseconds',
      `/a?Expires=1795489166000&Signature=abcd&Key-Pair-Id=${keyPairId}`,
      'ERR_EXPIRES_MALFORMED',
      'MalformedPolicy',
    ],
    [
      'a policy that is not base64',
      `/a?Policy=%7B%7D&Signature=abcd&Key-Pair-Id=${keyPairId}`,
      'ERR_POLICY_MALFORMED',
      'MalformedPolicy',
    ],
    [
      'an unknown hash algorithm',
      `/a?Expires=1&Signature=abcd&Hash-Algorithm=SHA512&Key-Pair-Id=${keyPairId}`,
      'ERR_HASH_ALGORITHM_UNKNOWN',
      'AccessDenied',
    ],
    [
      'a parameter that is there twice',
      `/a?Expires=1&Expires=2&Key-Pair-Id=${keyPairId}`,
      'ERR_PARAMETER_DUPLICATED',
      'AccessDenied',
    ],
    [
      'a signature over something else',
      `/a?Expires=1&Signature=abcd&Key-Pair-Id=${keyPairId}`,
      'ERR_SIGNATURE_MISMATCH',
      'AccessDenied',
    ],
    ['a target that is a whole URL', 'http://x/a', 'ERR_REQUEST_INVALID', 'AccessDenied'],
    ['a target with a quote', '/a"b', 'ERR_REQUEST_INVALID', 'AccessDenied'],
  ])('refuses %s', (_, target, code, cloudFrontCode) => {
    expect(refusalOf(requestFor(origin, { target }))).toEqual({ code, cloudFrontCode });
  });

  test('refuses an added, removed or changed query, another path, host or scheme', () => {
    const { target } = requestFor(url);
    const changes: Partial<RequestToVerify>[] = [
      { target: `${target}&added=1` },
      { target: target.replace('size=large&', '') },
      { target: target.replace('large', 'small') },
      { target: target.replace('report', 'Report') },
      { host: 'd222222abcdef8.cloudfront.net' },
      { scheme: 'http' },
    ];
    for (const change of changes) {
      expect(refusalOf(requestFor(url, change)).code).toBe('ERR_SIGNATURE_MISMATCH');
    }
  });

  test('refuses from the second of DateLessThan on, and up to the second of DateGreaterThan', () => {
    const dateGreaterThan = new Date('2026-11-24T12:05:00Z');
    const bounded = signer.signUrl(`${origin}/a`, { dateLessThan: later, dateGreaterThan, now });
    const at = (time: string): RequestToVerify => requestFor(bounded, { now: new Date(time) });
    expect(refusalOf(at('2026-11-24T12:05:00.999Z')).code).toBe('ERR_NOT_YET_VALID');
    expect(verifyRequest(at('2026-11-24T12:05:01Z')).policy.type).toBe('custom');
    expect(verifyRequest(at('2026-11-24T12:14:59.999Z')).policy.type).toBe('custom');
    expect(refusalOf(at('2026-11-24T12:15:00Z'))).toEqual({ code: 'ERR_EXPIRED', cloudFrontCode: 'AccessDenied' });
  });

  test('holds an address range against the viewer, IPv4-mapped or not', () => {
    const bound = signer.signUrl(`${origin}/a`, { dateLessThan: later, ipAddress: '192.0.2.0/24', now });
    const from = (ipAddress?: string): RequestToVerify => requestFor(bound, { ipAddress });
    expect(verifyRequest(from('192.0.2.255')).policy.ipAddress).toBe('192.0.2.0/24');
    expect(verifyRequest(from('::ffff:192.0.2.1')).policy.ipAddress).toBe('192.0.2.0/24');
    expect(refusalOf(from('192.0.3.0')).code).toBe('ERR_IP_ADDRESS_MISMATCH');
    expect(refusalOf(from('2001:db8::1')).code).toBe('ERR_IP_ADDRESS_IPV6');
    expect(refusalOf(from('')).code).toBe('ERR_IP_ADDRESS_UNKNOWN');
    expect(refusalOf(from()).code).toBe('ERR_IP_ADDRESS_UNKNOWN');
  });

  test('looks at the cookies only when the URL has none of the parameters', () => {
    const cookies = signer.signCookies({ distributionUrl: origin, prefix: 'videos/' }, { dateLessThan: later, now });
    const cookieHeader = `theme=dark; ${Object.entries(cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ')}`;
    const request = requestFor(`${origin}/videos/a.ts?part=1`, { cookieHeader });
    expect(verifyRequest(request)).toMatchObject({ signedBy: 'cookies', targetWithoutSigning: '/videos/a.ts?part=1' });
    expect(refusalOf({ ...request, target: '/videos/a.ts?Expires=1' }).code).toBe('ERR_KEY_PAIR_ID_MISSING');
    expect(refusalOf({ ...request, target: '/music/a.ts' }).code).toBe('ERR_RESOURCE_MISMATCH');
    expect(refusalOf({ ...request, cookieHeader: `${cookieHeader}; CloudFront-Policy=x` }).code).toBe(
      'ERR_PARAMETER_DUPLICATED',
    );
  });

  test('throws a TypeError for a missing clock', () => {
    const { now: _, ...request } = requestFor(url);
    expect(() => verifyRequest(request as RequestToVerify)).toThrow(TypeError);
  });
});

describe('verifyRequest with a cache', () => {
  const url = signer.signUrl(`${origin}/a`, { dateLessThan: later, ipAddress: '192.0.2.1', now });

  test('answers the same at a hit as before', () => {
    const cache = createVerificationCache({ maxEntries: 10 });
    const request = requestFor(url, { ipAddress: '192.0.2.1', cache });
    const first = verifyRequest(request);
    expect(cache.size).toBe(1);
    expect(verifyRequest(request)).toEqual(first);
    expect(cache.size).toBe(1);
  });

  test('checks key, time, address and resource again at a hit', () => {
    const cache = createVerificationCache({ maxEntries: 10 });
    const request = requestFor(url, { ipAddress: '192.0.2.1', cache });
    verifyRequest(request);
    const other = importPublicKey(generateKeyPair({ keyType: 'ECDSA' }).publicKey);
    expect(refusalOf({ ...request, now: later }).code).toBe('ERR_EXPIRED');
    expect(refusalOf({ ...request, ipAddress: '192.0.2.2' }).code).toBe('ERR_IP_ADDRESS_MISMATCH');
    expect(refusalOf({ ...request, target: request.target.replace('/a', '/b') }).code).toBe('ERR_RESOURCE_MISMATCH');
    expect(refusalOf({ ...request, publicKeys: {} }).code).toBe('ERR_KEY_PAIR_ID_UNKNOWN');
    expect(refusalOf({ ...request, publicKeys: { [keyPairId]: other } }).code).toBe('ERR_SIGNATURE_MISMATCH');
  });

  test('never remembers a refusal', () => {
    const cache = createVerificationCache({ maxEntries: 10 });
    const { target } = requestFor(url);
    const altered = { ...requestFor(url, { cache }), target: target.replace('Signature=M', 'Signature=N') };
    expect(refusalOf(altered).cloudFrontCode).toBe('AccessDenied');
    expect(refusalOf(altered).cloudFrontCode).toBe('AccessDenied');
    expect(cache.size).toBe(0);
  });
});
