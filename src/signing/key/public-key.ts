import { createPublicKey, type KeyObject } from 'node:crypto';
import { toKeyObject } from './import-key';
import { type KeyType, keyTypeOf } from './key-type';

/** A key that CloudFront would accept, parsed once. Made by `importPublicKey`. */
export class PublicKey {
  readonly keyObject: KeyObject;
  readonly keyType: KeyType;

  constructor(keyObject: KeyObject) {
    this.keyObject = keyObject;
    this.keyType = keyTypeOf(keyObject);
  }
}

/** SPKI or PKCS#1 PEM, or what was parsed already. A PEM is parsed at every use: import it once where requests are many. */
export type PublicKeyInput = string | KeyObject | PublicKey;

/**
 * Parses a public key, with help for a PEM that was damaged on its way.
 *
 * @example const publicKey = importPublicKey(readFileSync('public-key.pem', 'utf8'));
 */
export const importPublicKey = (key: PublicKeyInput): PublicKey =>
  key instanceof PublicKey ? key : new PublicKey(toKeyObject(key, 'public', createPublicKey));
