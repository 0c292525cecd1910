import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createSigner,
  EdgepassError,
  encodeObjectKey,
  explain,
  importPublicKey,
  type SigningInput,
  verifyCookies,
  verifyUrl,
} from 'edgepass';
import { describe, expect, it } from 'vitest';
import { matchesResource } from '../../src/signing/policy/resource-pattern';

const read = <T>(name: string): T[] =>
  JSON.parse(readFileSync(join(__dirname, '..', 'vectors', `${name}.json`), 'utf8')) as T[];

const keys = read<{ keyPairId: string; privateKey: string; publicKey: string }>('keys');
const publicKeys = Object.fromEntries(keys.map(({ keyPairId, publicKey }) => [keyPairId, importPublicKey(publicKey)]));

interface Verdict {
  readonly name: string;
  readonly verdict: string;
  readonly now: number;
  readonly url: string;
  readonly cookies?: string;
  readonly ipAddress?: string;
}

describe('a verdict:', () => {
  it.each(read<Verdict>('verdicts'))('$name: $verdict', ({ url, cookies, verdict, now, ipAddress }) => {
    const context = { publicKeys, now: new Date(now * 1000), ipAddress };
    const decide = (): string => {
      try {
        if (cookies === undefined) verifyUrl(url, context);
        else verifyCookies({ url, cookies }, context);
        return 'allowed';
      } catch (error) {
        if (error instanceof EdgepassError) return error.cloudFrontCode ?? error.code;
        throw error;
      }
    };
    expect(decide()).toBe(verdict);
    expect(explain(cookies === undefined ? url : { url, cookies }, context).verdict).toBe(verdict);
  });
});

interface Signed {
  readonly name: string;
  readonly keyPairId: string;
  readonly input: SigningInput;
  readonly options: {
    dateLessThan: number;
    dateGreaterThan?: number;
    ipAddress?: string;
    resource?: string;
    hashAlgorithm?: 'SHA1' | 'SHA256';
  };
  readonly url: string;
}

describe('a signed URL, byte for byte:', () => {
  const toDate = (seconds: number | undefined): Date | undefined =>
    seconds === undefined ? undefined : new Date(seconds * 1000);

  it.each(read<Signed>('signed-urls'))('$name', async ({ keyPairId, input, options, url }) => {
    const privateKey = keys.find((key) => key.keyPairId === keyPairId)?.privateKey ?? '';
    const { hashAlgorithm, dateLessThan, dateGreaterThan, ...rest } = options;
    const signer = createSigner({ keyPairId, privateKey, hashAlgorithm });
    const policyOptions = {
      ...rest,
      dateLessThan: toDate(dateLessThan),
      dateGreaterThan: toDate(dateGreaterThan),
      now: new Date('2023-11-14T00:00:00Z'),
    };
    expect(signer.signUrl(input, policyOptions)).toBe(url);
    expect(await signer.signUrlAsync(input, policyOptions)).toBe(url);
  });
});

describe('a resource', () => {
  it.each(read<{ resource: string; url: string; matches: boolean }>('resources'))(
    '$resource covers $url: $matches',
    ({ resource, url, matches }) => {
      expect(matchesResource(resource, url)).toBe(matches);
    },
  );
});

describe('an object key', () => {
  it.each(read<{ key: string; path: string }>('object-keys'))('$key is at /$path', ({ key, path }) => {
    expect(encodeObjectKey(key)).toBe(path);
    const url = `https://d111111abcdef8.cloudfront.net/${path}`;
    expect(new URL(url).href).toBe(url);
    expect(decodeURIComponent(path)).toBe(key);
  });
});
