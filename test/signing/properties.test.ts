import { createPrivateKey, sign } from 'node:crypto';
import {
  createSigner,
  createVerificationCache,
  EdgepassError,
  encodeObjectKey,
  explain,
  generateKeyPair,
  type Signer,
  verifyCookies,
  verifyUrl,
} from 'edgepass';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** Of each property: a few thousand cases, or 160,000 of them. */
const runs = { numRuns: process.env.EDGEPASS_NIGHTLY === '1' ? 20_000 : 500 };

const keyPairId = 'K2JCJMDEHXQW5F';
const distributionUrl = 'https://d111111abcdef8.cloudfront.net';
const now = new Date('2026-11-24T12:00:00Z');
const ipAddress = '192.0.2.7';

const identities = (['RSA', 'ECDSA'] as const).flatMap((keyType) => {
  const { privateKey, publicKey } = generateKeyPair({ keyType });
  return (['SHA1', 'SHA256'] as const).map((hashAlgorithm) => ({
    signer: createSigner({ keyPairId, privateKey, hashAlgorithm }),
    context: { publicKeys: { [keyPairId]: publicKey }, now, ipAddress },
    privateKey: createPrivateKey(privateKey),
    hashAlgorithm,
  }));
});
const identity = fc.constantFrom(...identities);

const nasty = fc.constantFrom(
  ...' +#?%*\'"/\\&=;:@!$(),<>{}|^`~.\t\n',
  '..',
  '//',
  '日本語',
  'é',
  'e\u0301',
  '🗝️',
  '%2F',
);
const objectKey = fc
  .array(fc.oneof(nasty, fc.string({ unit: 'grapheme', maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 4 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((pieces) => pieces.join(''))
  .filter((key) => !isRefused(() => encodeObjectKey(key)));
const options = fc.record(
  {
    expiresIn: fc.integer({ min: 1, max: 10 * 365 * 86_400 }),
    dateGreaterThan: fc
      .integer({ min: 1, max: 20 * 365 * 86_400 })
      .map((back) => new Date(now.getTime() - back * 1000)),
    ipAddress: fc.constantFrom(ipAddress, `${ipAddress}/32`, '192.0.2.0/24', '0.0.0.0/0'),
  },
  { requiredKeys: ['expiresIn'] },
);
type Options = Parameters<Signer['signUrl']>[1];

function isRefused(work: () => unknown): boolean {
  try {
    work();
  } catch (error) {
    if (error instanceof EdgepassError) return true;
    throw error;
  }
  return false;
}

const signAt = (signer: Signer, key: string, terms: object): string =>
  signer.signUrl({ distributionUrl, key }, { ...terms, now } as Options);

/** Another character, visible and ASCII, in place of the one at `at`. */
function change(text: string, at: number, by: number): string {
  const code = ((text.charCodeAt(at) - 33 + by) % 94) + 33;
  return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
}
const position = fc.nat({ max: 1_000_000 });
const difference = fc.integer({ min: 1, max: 93 });

describe('for any object key, key type, hash and options', () => {
  it('the signed URL is what WHATWG URL writes, names that object and verifies', () => {
    fc.assert(
      fc.property(identity, objectKey, options, ({ signer, context }, key, terms) => {
        const url = signAt(signer, key, terms);
        const parsed = new URL(url);
        expect(parsed.href).toBe(url);
        expect(decodeURIComponent(parsed.pathname)).toBe(`/${key}`);
        const policy = verifyUrl(parsed.href, context);
        expect(policy.dateLessThan.getTime()).toBe(now.getTime() + terms.expiresIn * 1000);
        expect(explain(parsed.href, context).verdict).toBe('allowed');
      }),
      runs,
    );
  });

  it('the signed cookies verify for that URL', () => {
    fc.assert(
      fc.property(identity, objectKey, options, ({ signer, context }, key, terms) => {
        const cookies = signer.signCookies({ distributionUrl, key }, { ...terms, now } as Options);
        const url = `${distributionUrl}/${encodeObjectKey(key)}`;
        expect(verifyCookies({ url, cookies: { ...cookies } }, context).type).toBe(
          terms.ipAddress === undefined && terms.dateGreaterThan === undefined ? 'canned' : 'custom',
        );
      }),
      runs,
    );
  });

  it('a signed folder opens what is below its prefix, and nothing else', () => {
    fc.assert(
      fc.property(identity, objectKey, objectKey, objectKey, ({ signer, context }, prefix, below, other) => {
        const folder = signer.signFolder({ distributionUrl, prefix: `${prefix}/` }, { expiresIn: 60, now });
        fc.pre(!isRefused(() => folder.signUrl(`${prefix}/${below}`)));
        const url = folder.signUrl(`${prefix}/${below}`);
        expect(verifyUrl(url, context).type).toBe('custom');
        fc.pre(isRefused(() => folder.signUrl(other)));
        const elsewhere = `${distributionUrl}/${encodeObjectKey(other)}${url.slice(url.indexOf('?'))}`;
        expect(() => verifyUrl(elsewhere, context)).toThrow(expect.objectContaining({ code: 'ERR_RESOURCE_MISMATCH' }));
      }),
      runs,
    );
  });
});

describe('one changed byte is refused', () => {
  it('of the URL: scheme, host, path, query, key pair id, policy, signature', () => {
    const cache = createVerificationCache({ maxEntries: 100 });
    fc.assert(
      fc.property(identity, objectKey, options, position, difference, (who, key, terms, at, by) => {
        const url = signAt(who.signer, key, terms);
        verifyUrl(url, { ...who.context, cache });
        const changed = change(url, at % url.length, by);
        // A host is the same in any case; of another URL the scheme's or a letter's case is another URL.
        fc.pre(new RegExp(`^${distributionUrl}`, 'i').test(changed) === changed.startsWith(distributionUrl));
        expect(isRefused(() => verifyUrl(changed, { ...who.context, cache }))).toBe(true);
        expect(explain(changed, who.context).verdict).not.toBe('allowed');
      }),
      runs,
    );
  });

  it('of the policy text and of the signature, re-encoded', () => {
    const safe = (bytes: Buffer): string => bytes.toString('base64').replace(/[+=/]/g, (sign) => SAFE[sign] ?? '');
    const bytesOf = (text: string): Buffer =>
      Buffer.from(
        text.replace(/[-_~]/g, (sign) => UNSAFE[sign] ?? ''),
        'base64',
      );
    fc.assert(
      fc.property(
        identity,
        objectKey,
        fc.constantFrom('Policy', 'Signature'),
        position,
        fc.integer({ min: 1, max: 255 }),
        (who, key, name, at, by) => {
          const url = new URL(signAt(who.signer, key, { expiresIn: 60, ipAddress }));
          const bytes = bytesOf(url.searchParams.get(name) ?? '');
          const index = at % bytes.length;
          bytes.writeUInt8(((bytes[index] ?? 0) + by) % 256, index);
          const changed = url.href.replace(new RegExp(`${name}=[^&]*`), `${name}=${safe(bytes)}`);
          expect(isRefused(() => verifyUrl(changed, who.context))).toBe(true);
        },
      ),
      runs,
    );
  });
});
const SAFE: Record<string, string> = { '+': '-', '=': '_', '/': '~' };
const UNSAFE: Record<string, string> = { '-': '+', _: '=', '~': '/' };

describe('no input makes verify or explain throw anything but an EdgepassError', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.string({ unit: 'binary' }).map((text) => `${distributionUrl}/${text}`),
  );
  const parameter = fc
    .tuple(
      fc.constantFrom('Policy', 'Signature', 'Key-Pair-Id', 'Expires', 'Hash-Algorithm', 'x'),
      fc.oneof(fc.constantFrom(keyPairId, 'SHA256', '1796083200', '', '____', '%7E'), fc.base64String(), fc.string()),
    )
    .map(([name, value]) => `${name}=${value}`);
  const parameters = fc.array(parameter, { maxLength: 6 });
  const settles = (work: () => unknown): void => void isRefused(work);

  it('not a URL, its query or its cookies', () => {
    fc.assert(
      fc.property(identity, anything, parameters, parameters, ({ context }, url, query, cookies) => {
        const cookieHeader = cookies.map((cookie) => `CloudFront-${cookie}`).join('; ');
        for (const asked of [url, `${url}?${query.join('&')}`, `${distributionUrl}/a?${query.join('&')}`]) {
          settles(() => verifyUrl(asked, context));
          settles(() => verifyCookies({ url: asked, cookies: cookieHeader }, context));
          settles(() => explain(asked, context));
          settles(() => explain({ url: asked, cookies: cookieHeader }, context));
        }
      }),
      runs,
    );
  });

  it('not a policy that is signed, whatever it says', () => {
    const epoch = fc.record({ 'AWS:EpochTime': fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(null)) });
    const condition = fc.record(
      {
        DateLessThan: fc.oneof(epoch, fc.jsonValue()),
        DateGreaterThan: fc.oneof(epoch, fc.jsonValue()),
        IpAddress: fc.oneof(fc.record({ 'AWS:SourceIp': fc.oneof(fc.ipV4(), fc.string()) }), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const statement = fc.record(
      {
        Resource: fc.oneof(fc.constantFrom('*', `${distributionUrl}/*`), fc.string(), fc.jsonValue()),
        Condition: condition,
      },
      { requiredKeys: [] },
    );
    const policy = fc.oneof(
      fc.array(statement, { maxLength: 2 }).map((Statement) => JSON.stringify({ Statement })),
      fc.json(),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(identity, policy, (who, text) => {
        const digest = `RSA-${who.hashAlgorithm}`;
        const bytes = Buffer.from(text);
        const [encoded, signature] = [bytes, sign(digest, bytes, who.privateKey)].map((part) =>
          part.toString('base64').replace(/[+=/]/g, (sign) => SAFE[sign] ?? ''),
        );
        const hash = `Hash-Algorithm=${who.hashAlgorithm}`;
        const url = `${distributionUrl}/a?Policy=${encoded}&Signature=${signature}&Key-Pair-Id=${keyPairId}&${hash}`;
        settles(() => verifyUrl(url, who.context));
        settles(() => explain(url, who.context));
      }),
      runs,
    );
  });

  it('not an object key or a URL to sign', () => {
    fc.assert(
      fc.property(identity, anything, anything, ({ signer }, key, url) => {
        settles(() => signAt(signer, key, { expiresIn: 60 }));
        settles(() => signer.signUrl(url, { expiresIn: 60, now }));
      }),
      runs,
    );
  });
});
