import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getSignedCookies, getSignedUrl } from '@aws-sdk/cloudfront-signer';
import { getSignedUrl as getSignedUrlOfPackage } from 'aws-cloudfront-sign';
import { createSigner, generateKeyPair, type HashAlgorithm, verifyCookies, verifyUrl } from 'edgepass';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run, temporaryFolder } from '../run-local';

const keyPairId = 'K2JCJMDEHXQW5F';
const pairs = { RSA: generateKeyPair({ keyType: 'RSA' }), ECDSA: generateKeyPair({ keyType: 'ECDSA' }) };
const origin = 'https://d111111abcdef8.cloudfront.net';
const now = new Date('2026-11-24T12:00:00Z');
const dateLessThan = new Date('2026-12-01T00:00:00Z');
const isoEnd = dateLessThan.toISOString();
const safe = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');
const unsafe = (text: string): Buffer =>
  Buffer.from(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64');
const has = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

/** Parameters in whatever order; the application's own stay where they are. */
const parametersOf = (url: string): Record<string, string> => Object.fromEntries(new URL(url).searchParams);

describe('@aws-sdk/cloudfront-signer', () => {
  const paths = ['/report.pdf', '/a%20b.txt', '/a?b=c&d=e', '/%E6%97%A5%E6%9C%AC.txt', '/a/b/c~d-e_f.g'];

  it.each(['SHA1', 'SHA256'] as const)('signs with RSA and %s as we do, byte for byte', (hashAlgorithm) => {
    const signer = createSigner({ keyPairId, privateKey: pairs.RSA.privateKey, hashAlgorithm });
    const theirs = { keyPairId, privateKey: pairs.RSA.privateKey, algorithm: hashAlgorithm };
    for (const path of paths) {
      const url = origin + path;
      const canned = getSignedUrl({ ...theirs, url, dateLessThan: isoEnd });
      expect(parametersOf(signer.signUrl(url, { now, dateLessThan })), path).toEqual(parametersOf(canned));
      const custom = getSignedUrl({
        ...theirs,
        url,
        dateLessThan: isoEnd,
        dateGreaterThan: now.toISOString(),
        ipAddress: '192.0.2.0/24',
      });
      const ours = signer.signUrl(url, { now, dateLessThan, dateGreaterThan: now, ipAddress: '192.0.2.0/24' });
      expect(parametersOf(ours), path).toEqual(parametersOf(custom));
    }
  });

  it('signs cookies as we do', () => {
    const { privateKey } = pairs.RSA;
    const url = `${origin}/videos/a.ts`;
    const ours = createSigner({ keyPairId, privateKey }).signCookies(url, { now, dateLessThan });
    const theirs = getSignedCookies({ keyPairId, privateKey, url, dateLessThan: isoEnd });
    expect(Object.fromEntries(Object.entries(theirs).map(([name, value]) => [name, String(value)]))).toEqual(ours);
  });

  it.each(['SHA1', 'SHA256'] as const)('signs with ECDSA and %s what we verify', (algorithm) => {
    const { privateKey, publicKey } = pairs.ECDSA;
    const publicKeys = { [keyPairId]: publicKey };
    const theirs = { keyPairId, privateKey, algorithm, dateLessThan: isoEnd };
    for (const path of paths) {
      const url = getSignedUrl({ ...theirs, url: origin + path });
      expect(verifyUrl(url, { publicKeys, now }).resource, path).toBe(origin + path);
      const cookies = getSignedCookies({ ...theirs, url: origin + path }) as unknown as Record<string, string>;
      expect(verifyCookies({ url: origin + path, cookies }, { publicKeys, now }).type).toBe('canned');
    }
  });

  it('signs a wildcard as a canned policy, which opens nothing; we refuse to', () => {
    const { privateKey, publicKey } = pairs.RSA;
    const url = getSignedUrl({ keyPairId, privateKey, url: `${origin}/videos/*`, dateLessThan: isoEnd });
    const context = { publicKeys: { [keyPairId]: publicKey }, now };
    expect(() => verifyUrl(url.replace('*', 'a.ts'), context)).toThrow(
      expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }),
    );
    const signer = createSigner({ keyPairId, privateKey });
    expect(() => signer.signUrl(`${origin}/videos/*`, { now, dateLessThan })).toThrow(
      expect.objectContaining({ code: 'ERR_WILDCARD_IN_URL' }),
    );
  });

  it('rewrites escapes that need not be there, in the URL it returns as in the policy; we sign what was given', () => {
    const { privateKey, publicKey } = pairs.RSA;
    const url = `${origin}/%28x%29`;
    const publicKeys = { [keyPairId]: publicKey };
    const theirs = getSignedUrl({ keyPairId, privateKey, url, dateLessThan: isoEnd });
    expect(verifyUrl(theirs, { publicKeys, now }).resource).toBe(`${origin}/(x)`);
    const ours = createSigner({ keyPairId, privateKey }).signUrl(url, { now, dateLessThan });
    expect(verifyUrl(ours, { publicKeys, now }).resource).toBe(url);
  });

  it('takes seconds for milliseconds and signs a link that ended in 1970; we refuse to', () => {
    const { privateKey } = pairs.RSA;
    const seconds = dateLessThan.getTime() / 1000;
    const url = getSignedUrl({ keyPairId, privateKey, url: `${origin}/a`, dateLessThan: seconds });
    expect(new Date(Number(parametersOf(url).Expires) * 1000).getUTCFullYear()).toBe(1970);
    expect(() =>
      createSigner({ keyPairId, privateKey }).signUrl(`${origin}/a`, { now, dateLessThan: new Date(seconds) }),
    ).toThrow(expect.objectContaining({ code: 'ERR_DATE_UNIT' }));
  });
});

describe('aws-cloudfront-sign', () => {
  it("signs with RSA as we do, though it writes the signature's ~ as %7E and adds the canned policy as a Policy", () => {
    const { privateKey, publicKey } = pairs.RSA;
    const expireTime = dateLessThan.getTime();
    const publicKeys = { [keyPairId]: publicKey };
    const canned = getSignedUrlOfPackage(`${origin}/a.txt`, {
      keypairId: keyPairId,
      privateKeyString: privateKey,
      expireTime,
    });
    expect(verifyUrl(canned, { publicKeys, now }).dateLessThan).toEqual(dateLessThan);
    const ours = createSigner({ keyPairId, privateKey }).signUrl(`${origin}/a.txt`, { now, dateLessThan });
    expect(canned).toContain('%7E');
    expect(parametersOf(canned)).toMatchObject(parametersOf(ours));
  });
});

describe.skipIf(!has('openssl', 'version'))('openssl (skipped where it is not installed)', () => {
  it.each([
    ['RSA', 'SHA1'],
    ['RSA', 'SHA256'],
    ['ECDSA', 'SHA1'],
    ['ECDSA', 'SHA256'],
  ] as [keyof typeof pairs, HashAlgorithm][])('verifies what we sign with %s and %s', async (type, hashAlgorithm) => {
    const folder = temporaryFolder();
    const { privateKey, publicKey } = pairs[type];
    const signer = createSigner({ keyPairId, privateKey, hashAlgorithm });
    const url = signer.signUrl(`${origin}/a`, { now, dateLessThan, ipAddress: '192.0.2.1' });
    const { Policy = '', Signature = '' } = parametersOf(url);
    const files = { 'key.pem': publicKey, 'policy.json': unsafe(Policy), signature: unsafe(Signature) };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const at = (name: string): string => join(folder, name);
    const args = ['dgst', `-${hashAlgorithm.toLowerCase()}`, '-verify', at('key.pem'), '-signature', at('signature')];
    expect((await run('openssl', [...args, at('policy.json')])).stdout).toBe('Verified OK\n');
    writeFileSync(at('policy.json'), `${unsafe(Policy)} `);
    expect((await run('openssl', [...args, at('policy.json')])).stdout).toContain('Verification failure');
  });

  it('signs by the commands of the CloudFront guide what we verify', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'private_key.pem'), pairs.RSA.privateKey);
    const policy = `{"Statement":[{"Resource":"${origin}/a","Condition":{"DateLessThan":{"AWS:EpochTime":${dateLessThan.getTime() / 1000}}}}]}`;
    writeFileSync(join(folder, 'policy'), policy);
    const script = `cd "${folder}" && cat policy | tr -d "\\n" | tr -d " \\t\\n\\r" | openssl sha1 -sign private_key.pem | openssl base64 -A | tr -- '+=/' '-_~'`;
    const { stdout } = await run('bash', ['-c', script]);
    const url = `${origin}/a?Expires=${dateLessThan.getTime() / 1000}&Signature=${stdout}&Key-Pair-Id=${keyPairId}`;
    expect(verifyUrl(url, { publicKeys: { [keyPairId]: pairs.RSA.publicKey }, now }).type).toBe('canned');
  });
});

describe.skipIf(!has('aws', '--version'))('aws cloudfront sign (skipped where aws is not installed)', () => {
  const sign = async (...args: string[]): Promise<string> => {
    const key = join(temporaryFolder(), 'private_key.pem');
    // Version 1 of the command takes PKCS#1 only.
    const pem = createPrivateKey(pairs.RSA.privateKey).export({ type: 'pkcs1', format: 'pem' });
    writeFileSync(key, pem);
    const fixed = ['--key-pair-id', keyPairId, '--private-key', `file://${key}`, '--date-less-than', isoEnd];
    const { code, stdout, stderr } = await run('aws', ['cloudfront', 'sign', ...fixed, ...args]);
    expect(code, stderr).toBe(0);
    return stdout.trim();
  };

  it('signs a canned policy as we do, byte for byte', async () => {
    const url = `${origin}/a%20b.txt?size=large`;
    const ours = createSigner({ keyPairId, privateKey: pairs.RSA.privateKey }).signUrl(url, { now, dateLessThan });
    expect(parametersOf(await sign('--url', url))).toEqual(parametersOf(ours));
  });

  it('signs a custom policy that we verify', async () => {
    const url = await sign('--url', `${origin}/a`, '--ip-address', '192.0.2.0/24');
    const context = { publicKeys: { [keyPairId]: pairs.RSA.publicKey }, now, ipAddress: '192.0.2.9' };
    expect(verifyUrl(url, context)).toMatchObject({ type: 'custom', ipAddress: '192.0.2.0/24' });
  });
});

describe('clients', () => {
  const KEYS = ["it's a+b#c?d%e*.txt", 'a//b', 'a/../b', './c', '日本語 🗝️', 'x\\y|z^{}`<>"', 'a%2Fb', '&=;,:@!$()'];

  /** A server that keeps the request targets it was sent. */
  async function listener(): Promise<{ url: string; targets: string[] }> {
    const targets: string[] = [];
    const server = createServer((request, response) => {
      targets.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, targets };
  }

  const signAll = (distributionUrl: string): string[] => {
    const signer = createSigner({ keyPairId, privateKey: pairs.ECDSA.privateKey });
    return KEYS.map((key) => signer.signUrl({ distributionUrl, key }, { now, dateLessThan }));
  };

  it('fetch sends the URL of any key unchanged', async () => {
    const { url, targets } = await listener();
    const urls = signAll(url);
    for (const signed of urls) await (await fetch(signed)).arrayBuffer();
    expect(targets).toEqual(urls.map((signed) => signed.slice(url.length)));
  });

  it.skipIf(!has('curl', '--version'))('curl sends the URL of any key unchanged (skipped without curl)', async () => {
    const { url, targets } = await listener();
    const urls = signAll(url);
    for (const signed of urls) expect((await run('curl', ['-sS', signed])).code).toBe(0);
    expect(targets).toEqual(urls.map((signed) => signed.slice(url.length)));
  });
});

describe("signing next to AWS's own signers", () => {
  it('safe base64 maps what the guide says it maps', () => {
    expect(safe(Buffer.from([0xfb, 0xff, 0xbe, 0x00]))).toBe('-~--AA__');
  });
});
