import { describe, expect, test } from 'vitest';
import {
  createSigner,
  type Explanation,
  explain,
  generateKeyPair,
  type UrlWithCookies,
  type VerifyContext,
} from '../index';
import { importPrivateKey } from '../key/private-key';
import { cannedPolicy } from '../policy/policy';
import { signPolicy } from '../sign/sign-policy';

const keyPairId = 'K2JCJMDEHXQW5F';
const otherId = 'K3OTHEROTHER12';
const pair = generateKeyPair({ keyType: 'ECDSA' });
const otherPair = generateKeyPair({ keyType: 'ECDSA' });
const publicKeys = { [keyPairId]: pair.publicKey, [otherId]: otherPair.publicKey };
const signer = createSigner({ keyPairId, privateKey: pair.privateKey });
const now = new Date('2026-11-24T12:00:00Z');
const dateLessThan = new Date('2026-11-24T12:15:00Z');
const origin = 'https://d111111abcdef8.cloudfront.net';
const signed = signer.signUrl(`${origin}/report.pdf`, { now, dateLessThan });
const why = (input: string | UrlWithCookies, changes: Partial<VerifyContext> = {}): Explanation =>
  explain(input, { publicKeys, now, ...changes });
const failed = ({ checks }: Explanation): string[] =>
  checks.filter(({ outcome }) => outcome === 'failed').map(({ check, detail }) => `${check}: ${detail}`);

/** A URL whose signature is over a canned policy for another spelling, as faulty signers make them. */
function signedFor(signedUrl: string, requested: string, expires: number | string = 1_795_522_500): string {
  const identity = { keyPairId, privateKey: importPrivateKey(pair.privateKey), hashAlgorithm: 'SHA1' } as const;
  const signature = signPolicy(cannedPolicy(signedUrl, expires), identity);
  const mark = requested.includes('?') ? '&' : '?';
  return `${requested}${mark}Expires=1795522500&Signature=${signature}&Key-Pair-Id=${keyPairId}`;
}

describe('an explanation', () => {
  test('lists every check of a URL that is allowed, in CloudFront’s order', () => {
    const { verdict, code, checks } = why(signed);
    expect([verdict, code]).toEqual(['allowed', undefined]);
    expect(checks.map(({ check, outcome }) => [check, outcome])).toEqual(
      [
        'Request',
        'Key-Pair-Id',
        'Hash-Algorithm',
        'Signature encoding',
        'Policy',
        'Signature',
        'DateGreaterThan',
        'DateLessThan',
        'IpAddress',
        'Resource',
      ].map((check) => [check, 'passed']),
    );
  });

  test('decides as CloudFront does by the first failure, and tells the others too', () => {
    const bound = signer.signUrl(`${origin}/a`, { now, dateLessThan, ipAddress: '192.0.2.0/24' });
    const explanation = why(bound.replace('/a?', '/b?'), {
      now: new Date('2026-11-24T12:18:00Z'),
      ipAddress: '198.51.100.1',
    });
    expect([explanation.verdict, explanation.code]).toEqual(['AccessDenied', 'ERR_EXPIRED']);
    expect(failed(explanation)).toEqual([
      'DateLessThan: Expired 3 minutes ago',
      'IpAddress: The policy allows 192.0.2.0/24 only; the viewer comes from 198.51.100.1',
      `Resource: The policy covers ${origin}/a; requested was ${origin}/b`,
    ]);
  });

  describe('tells what is wrong with', () => {
    const from = (parameter: string, value: string): string =>
      signed.replace(new RegExp(`${parameter}=[^&]*`), `${parameter}=${value}`);
    test.each<[string, string | UrlWithCookies, string, string]>([
      ['a URL that is not signed', `${origin}/a`, 'MissingKey', 'Neither the URL nor the cookies are signed'],
      ['a presigned URL of S3', `${origin}/a?X-Amz-Signature=0`, 'MissingKey', 'S3 presigned URL'],
      ['a URL taken from HTML', signed.replaceAll('&', '&amp;'), 'MissingKey', '&amp;'],
      ['names in lower case', signed.toLowerCase(), 'MissingKey', 'case-sensitive'],
      [
        'cookies with names in lower case',
        { url: `${origin}/a`, cookies: 'cloudfront-policy=a' },
        'MissingKey',
        'case-sensitive',
      ],
      ['an unknown key', from('Key-Pair-Id', 'KUNKNOWN12345'), 'InvalidKey', 'no public key of the trusted key groups'],
      ['a key group’s id', from('Key-Pair-Id', '4b2d2ab8-5f2a-4f3a-8c3e-0c0e6a1f7c11'), 'InvalidKey', "key group's id"],
      ['an IAM key', from('Key-Pair-Id', 'AKIAIOSFODNN7EXAMPLE'), 'InvalidKey', 'IAM'],
      ['a PEM as key id', from('Key-Pair-Id', '-----BEGIN%20PUBLIC%20KEY-----'), 'MissingKey', 'PEM'],
      ['a signature in ordinary base64', from('Signature', 'a/b+c=='), 'MalformedSignature', 'base64'],
      ['a policy that is not base64', signed.replace(/Expires=\d+/, 'Policy=%7B'), 'MalformedPolicy', 'Policy is not'],
      ['an unknown hash', `${signed}&Hash-Algorithm=MD5`, 'AccessDenied', 'SHA1 or SHA256'],
      ['a hash that was not signed with', `${signed}&Hash-Algorithm=SHA256`, 'AccessDenied', 'Signed with SHA-1'],
      [
        'the key of another id',
        from('Key-Pair-Id', otherId),
        'AccessDenied',
        `Signed with the private key of ${keyPairId}`,
      ],
      ['no end', signed.replace(/Expires=\d+&/, ''), 'AccessDenied', 'Neither Expires nor Policy'],
    ])('%s', (_title, input, verdict, detail) => {
      const explanation = why(input);
      expect([explanation.verdict, failed(explanation).join('\n')]).toEqual([verdict, expect.stringContaining(detail)]);
    });
  });

  describe('finds what was signed in place of what was requested:', () => {
    test.each<[string, string, string, string]>([
      ['a space as "+"', '/a+b.txt', '/a%20b.txt', 'spaces as "+"'],
      ['a space as "%20"', '/a%20b.txt', '/a+b.txt', 'spaces as "%20"'],
      ['an apostrophe in the query', "/a?q='", '/a?q=%27', 'apostrophes as "\'"'],
      ['hex digits in lower case', '/%e6%97%a5', '/%E6%97%A5', 'hex digits in lower case'],
      ['no percent-encoding', '/a=b.txt', '/a%3Db.txt', 'no percent-encoding'],
      ['no query', '/a', '/a?size=large', 'no query'],
      ['a query that has gained a parameter', '/a?b=1', '/a?b=1&utm_source=x', 'no parameter utm_source'],
      ['a slash at the end', '/a/', '/a', 'a slash at the end'],
      ['no slash at the end', '/a', '/a/', 'no slash at the end'],
      [
        'a wildcard in a canned policy',
        '/videos/*',
        '/videos/a.ts',
        'a wildcard, which a canned policy takes literally',
      ],
      ['dot segments', '/b', '/a/../b', '".."'],
      ['double encoding', '/a%2520b', '/a%20b', 'percent-encoding done twice'],
    ])('%s', (_title, signedPath, requestedPath, difference) => {
      const explanation = why(signedFor(origin + signedPath, origin + requestedPath));
      expect(explanation.code).toBe('ERR_SIGNATURE_MISMATCH');
      expect(failed(explanation)).toEqual([
        expect.stringMatching(/^Signature: .*Signed for https:.*; requested https:/),
      ]);
      expect(failed(explanation)[0]).toContain(difference);
    });

    test('http for https', () => {
      const url = signedFor(`http${origin.slice(5)}/a`, `${origin}/a`);
      expect(failed(why(url))[0]).toContain('with http for https');
    });

    test('milliseconds for seconds', () => {
      expect(failed(why(signedFor(`${origin}/a`, `${origin}/a`, 1_795_522_500_000)))[0]).toContain('Unix seconds');
    });

    test('no link that another private key made', () => {
      const stranger = createSigner({ keyPairId, privateKey: generateKeyPair({ keyType: 'ECDSA' }).privateKey });
      const detail = failed(why(stranger.signUrl(`${origin}/a`, { now, dateLessThan })))[0];
      expect(detail).toContain('The private key is not the one of this Key-Pair-Id');
    });
  });

  describe('knows the circumstances:', () => {
    const bound = signer.signUrl(`${origin}/a`, { now, dateLessThan, dateGreaterThan: now, ipAddress: '192.0.2.1' });
    const soon = new Date(now.getTime() + 1000);
    test.each<[string, Partial<VerifyContext>, string, string]>([
      ['not yet valid', { ipAddress: '192.0.2.1' }, 'ERR_NOT_YET_VALID', 'begins in 1 second'],
      ['an IPv6 viewer', { now: soon, ipAddress: '2001:db8::1' }, 'ERR_IP_ADDRESS_IPV6', 'switch IPv6 off'],
      ['a viewer nobody knows', { now: soon }, 'ERR_IP_ADDRESS_UNKNOWN', 'not known'],
      [
        'expired',
        { now: new Date('2026-11-26T12:15:00Z'), ipAddress: '192.0.2.1' },
        'ERR_EXPIRED',
        'Expired 2 days ago',
      ],
    ])('%s', (_title, context, code, detail) => {
      const explanation = why(bound, context);
      expect([explanation.verdict, explanation.code]).toEqual(['AccessDenied', code]);
      expect(failed(explanation).join()).toContain(detail);
    });
  });

  test('a malformed policy is told by what is malformed in it', () => {
    const encode = (policy: unknown): string =>
      Buffer.from(JSON.stringify(policy))
        .toString('base64')
        .replace(/[+=/]/g, (c) => ({ '+': '-', '=': '_', '/': '~' })[c] ?? '');
    const end = { DateLessThan: { 'AWS:EpochTime': 1_795_522_500 } };
    const cases: [unknown, string][] = [
      [{ Statement: { Condition: end } }, 'Statement must be an array'],
      [{ Statement: [{ Condition: end }, { Condition: end }] }, 'one statement, not 2'],
      [{ Statement: [{ Condition: { DateLessThan: { 'AWS:EpochTime': '1795522500' } } }] }, 'must not be in quotes'],
      [{ Statement: [{ Condition: { DateLessThan: { 'AWS:EpochTime': 1_795_522_500_000 } } }] }, 'milliseconds'],
      [{ Statement: [{ Condition: { ...end, IpAddress: { 'AWS:SourceIp': '2001:db8::/32' } } }] }, 'IPv6'],
      [{ Statement: [{ condition: end }] }, 'case-sensitive'],
      [{ Statement: [{}] }, 'Condition must be an object'],
    ];
    for (const [policy, detail] of cases) {
      const explanation = why(`${origin}/a?Policy=${encode(policy)}&Signature=abcd&Key-Pair-Id=${keyPairId}`);
      expect([explanation.verdict, failed(explanation).join()]).toEqual([
        'MalformedPolicy',
        expect.stringContaining(detail),
      ]);
    }
  });

  test('never prints a signature, a policy or a token', () => {
    const custom = signer.signUrl(`${origin}/a?token=hunter2`, { now, dateLessThan, ipAddress: '192.0.2.1' });
    const secrets = [signed, custom].flatMap((url) =>
      [...new URL(url).searchParams].filter(([name]) => /Sig|Pol|tok/.test(name)),
    );
    const inputs = [
      signed,
      custom,
      custom.replace('/a?', '/b?'),
      signed.replace('report', 'other'),
      signed.replaceAll('&', '&amp;'),
    ];
    const told = JSON.stringify(inputs.map((url) => why(url)));
    expect(secrets.length).toBe(4);
    for (const [, value] of secrets) expect(told).not.toContain(value);
  });
});
