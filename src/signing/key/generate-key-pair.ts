import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import type { KeyType } from './key-type';

/** Both halves as PEM. */
export interface GeneratedKeyPair {
  /** PKCS#8. */
  readonly privateKey: string;
  /** SPKI, as CloudFront's `EncodedKey` wants it. */
  readonly publicKey: string;
}

const GENERATORS: Readonly<Record<KeyType, () => KeyPairKeyObjectResult>> = {
  RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ECDSA: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};

/**
 * Makes a key pair that CloudFront accepts. ECDSA signs about ten times faster, and its URLs are half as long.
 *
 * @example const { privateKey, publicKey } = generateKeyPair({ keyType: 'ECDSA' });
 */
export function generateKeyPair({ keyType }: { readonly keyType: KeyType }): GeneratedKeyPair {
  if (!Object.hasOwn(GENERATORS, keyType)) throw new TypeError("keyType must be 'RSA' or 'ECDSA'");
  const { privateKey, publicKey } = GENERATORS[keyType]();
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}
