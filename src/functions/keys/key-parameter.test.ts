import { describe, expect, it } from 'vitest';
import { generateKeyPair } from '../../signing';
import { activeKeyAt, type PrivateKeyEntry, parseKeys, printKeys } from './key-parameter';

const keptKey = (keyType: 'RSA' | 'ECDSA', keyPairId = 'K2JCJMDEHXQW5F'): PrivateKeyEntry => ({
  keyPairId,
  signsFrom: new Date('2026-05-01T10:20:30.456Z'),
  privateKey: generateKeyPair({ keyType }).privateKey.trim(),
});

describe('the text of the signing keys', () => {
  it('tells again what was printed: none, one, and two of different types', () => {
    for (const keys of [[], [keptKey('ECDSA')], [keptKey('RSA', 'K1'), keptKey('ECDSA', 'K2')]])
      expect(parseKeys(printKeys(keys))).toEqual(keys);
  });

  it('is PEM to OpenSSL’s readers, which pass over the lines above it', async () => {
    const { createPrivateKey } = await import('node:crypto');
    const key = keptKey('RSA');
    expect(createPrivateKey(printKeys([key])).equals(createPrivateKey(key.privateKey))).toBe(true);
  });

  it('has room for two keys of RSA in a standard parameter', () => {
    expect(printKeys([keptKey('RSA'), keptKey('RSA')]).length).toBeLessThan(4096);
  });

  const text = printKeys([keptKey('ECDSA', 'KSECRETID00001')]);
  it.each([
    ['another text', 'no keys here'],
    ['PEM without the lines above it', text.slice(text.indexOf('-----'))],
    ['a time that is none', text.replace(/Signs-From: \S+/, 'Signs-From: tomorrow')],
    ['no key pair id', text.replace('KSECRETID00001', '')],
    ['another kind of key', text.replaceAll('PRIVATE KEY', 'PUBLIC KEY')],
    ['a key that was cut off', text.slice(0, -10)],
    ['something before', ` ${text}`],
    ['something after', `${text}\nmore`],
    ['Windows line ends', text.replaceAll('\n', '\r\n')],
  ])('refuses %s, and tells nothing of the text', (_what, wrong) => {
    let message = '';
    try {
      parseKeys(wrong);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(
      /^Error: the signing key's parameter does not hold what edgepass writes there, from key \d on$/,
    );
  });

  it('says from which key on it cannot be read', () => {
    expect(() => parseKeys(`${text}x`)).toThrow('from key 2 on');
  });
});

describe('the key of a time', () => {
  const at = (time: string): { readonly signsFrom: Date } => ({ signsFrom: new Date(time) });
  const [first, second] = [at('2026-05-01T10:00:00Z'), at('2026-05-01T10:10:00Z')];
  const takesOver = second.signsFrom.getTime();

  it.each([
    ['the last whose time has come', takesOver + 1, second],
    ['the next one at its very time', takesOver, second],
    ['the former one until then', takesOver - 1, first],
    ['the first before its time too, for clocks differ', 0, first],
  ])('is %s', (_which, now, expected) => {
    expect(activeKeyAt([first, second], now)).toBe(expected);
    expect(activeKeyAt([second, first], now)).toBe(expected);
  });

  it('is none of none', () => {
    expect(activeKeyAt([], takesOver)).toBeUndefined();
  });

  it('leaves the keys in their order', () => {
    const keys = Object.freeze([second, first]);
    activeKeyAt(keys, takesOver);
    expect(keys).toEqual([second, first]);
  });
});
