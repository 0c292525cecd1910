import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type EdgepassError, generateKeyPair, importPrivateKey, importPublicKey, type KeyType } from '../index';

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ECDSA = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pkcs8 = RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const spki = RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const openssl = ['-----BEGIN EC PARAMETERS-----', 'BggqhkjOPQMBBw==', '-----END EC PARAMETERS-----', ''].join('\n');

function errorOf(work: () => unknown): EdgepassError {
  try {
    work();
  } catch (error) {
    return error as EdgepassError;
  }
  throw new Error('nothing was refused');
}

describe('takes a private key as', () => {
  test.each<[string, () => string, KeyType]>([
    ['PKCS#8, RSA', () => pkcs8, 'RSA'],
    ['PKCS#1', () => RSA.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(), 'RSA'],
    ['PKCS#8, ECDSA', () => ECDSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'ECDSA'],
    ['SEC1', () => ECDSA.privateKey.export({ type: 'sec1', format: 'pem' }).toString(), 'ECDSA'],
    [
      'SEC1 behind EC PARAMETERS, as openssl ecparam writes it',
      () => openssl + ECDSA.privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
      'ECDSA',
    ],
    ['a PEM with CRLF', () => pkcs8.replaceAll('\n', '\r\n'), 'RSA'],
    ['a PEM without its last line break', () => pkcs8.trimEnd(), 'RSA'],
    [
      'a PEM behind comments',
      () => `Bag Attributes\n  friendlyName: key\n${pkcs8}`.replace('  friendly', 'friendly'),
      'RSA',
    ],
  ])('%s', (_title, pem, keyType) => {
    const key = importPrivateKey(pem());
    expect(key.keyType).toBe(keyType);
    expect(importPublicKey(createPublicKey(key.keyObject)).keyType).toBe(keyType);
  });

  test('a KeyObject, and what was imported before', () => {
    const key = importPrivateKey(RSA.privateKey);
    expect(importPrivateKey(key)).toBe(key);
  });

  test('an encrypted PEM as the KeyObject that its passphrase gives', () => {
    const pem = RSA.privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open' })
      .toString();
    expect(importPrivateKey(createPrivateKey({ key: pem, passphrase: 'open' })).keyType).toBe('RSA');
    expect(errorOf(() => importPrivateKey(pem)).message).toContain('passphrase');
  });
});

describe('takes a public key as', () => {
  test.each<[string, () => string]>([
    ['SPKI', () => spki],
    ['PKCS#1', () => RSA.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['a PEM with CRLF', () => spki.replaceAll('\n', '\r\n')],
  ])('%s', (_title, pem) => {
    expect(importPublicKey(pem()).keyObject.export({ type: 'spki', format: 'pem' })).toBe(spki);
  });
});

describe('refuses a PEM that lost its line breaks, and says how:', () => {
  test.each<[string, (pem: string) => string, string]>([
    ['the two characters \\n', (pem) => pem.replaceAll('\n', '\\n'), 'replaceAll'],
    ['one line', (pem) => pem.replaceAll('\n', ''), 'one line'],
    ['spaces', (pem) => pem.replaceAll('\n', ' '), 'one line'],
    ['indentation', (pem) => pem.replaceAll('\n', '\n    '), 'indented'],
  ])('%s', (_title, damage, help) => {
    for (const error of [
      errorOf(() => importPrivateKey(damage(pkcs8))),
      errorOf(() => importPublicKey(damage(spki))),
    ]) {
      expect([error.code, error.message]).toEqual(['ERR_PEM_NEWLINES', expect.stringContaining(help)]);
    }
  });
});

describe('refuses, with help,', () => {
  const begin = '-----BEGIN PRIVATE KEY-----';
  test.each<[string, () => unknown, string, string]>([
    ['nothing', () => importPrivateKey('  '), 'ERR_PEM_INVALID', 'empty'],
    ['a file name', () => importPrivateKey('keys/private.pem'), 'ERR_PEM_INVALID', 'name of a file'],
    [
      'the base64 of a PEM',
      () => importPrivateKey(Buffer.from(pkcs8).toString('base64')),
      'ERR_PEM_INVALID',
      'decode it',
    ],
    ['half a PEM', () => importPrivateKey(pkcs8.slice(0, 800)), 'ERR_PEM_INVALID', 'ends before'],
    ['two PEMs', () => importPrivateKey(pkcs8 + pkcs8), 'ERR_PEM_INVALID', 'more than one'],
    [
      'the public key for the private one',
      () => importPrivateKey(spki),
      'ERR_PEM_INVALID',
      'public key where the private',
    ],
    [
      'the private key for the public one',
      () => importPublicKey(pkcs8),
      'ERR_PEM_INVALID',
      'private key where the public',
    ],
    [
      'a certificate',
      () => importPublicKey(`-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----`),
      'ERR_PEM_INVALID',
      'x509',
    ],
    [
      'a damaged key',
      () => importPrivateKey(`${begin}\nAAAA\n${begin.replace('BEGIN', 'END')}`),
      'ERR_PEM_INVALID',
      'its content is no private key',
    ],
    [
      'P-384',
      () => importPrivateKey(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey),
      'ERR_KEY_UNSUPPORTED',
      'secp384r1',
    ],
    [
      'RSA 1024',
      () => importPrivateKey(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey),
      'ERR_KEY_UNSUPPORTED',
      '1024',
    ],
    [
      'RSA 4096',
      () => importPublicKey(generateKeyPairSync('rsa', { modulusLength: 4096 }).publicKey),
      'ERR_KEY_UNSUPPORTED',
      '4096',
    ],
    ['Ed25519', () => importPrivateKey(generateKeyPairSync('ed25519').privateKey), 'ERR_KEY_UNSUPPORTED', 'ed25519'],
  ])('%s', (_title, work, code, help) => {
    const error = errorOf(work);
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(help)]);
  });

  test('never quotes the key', () => {
    for (const damaged of [pkcs8.replaceAll('\n', ' '), pkcs8.slice(0, 800), pkcs8.replace('MII', 'XXX')]) {
      const { message, stack = '' } = errorOf(() => importPrivateKey(damaged));
      expect(message + stack).not.toContain(damaged.slice(40, 60));
    }
  });

  test.each<[string, () => unknown]>([
    ['a public KeyObject as private key', () => importPrivateKey(RSA.publicKey)],
    ['a private KeyObject as public key', () => importPublicKey(RSA.privateKey)],
    ['a number', () => importPrivateKey(5 as never)],
    ['an unknown type of key to make', () => generateKeyPair({ keyType: 'DSA' as never })],
  ])('%s, as a TypeError', (_title, work) => {
    expect(work).toThrow(TypeError);
  });
});

describe('generateKeyPair', () => {
  test.each<KeyType>(['RSA', 'ECDSA'])('makes a new %s key pair every time', (keyType) => {
    const [one, other] = [generateKeyPair({ keyType }), generateKeyPair({ keyType })];
    expect(createPublicKey(one.privateKey).export({ type: 'spki', format: 'pem' })).toBe(one.publicKey);
    expect(one.publicKey).not.toBe(other.publicKey);
  });
});
