import { createPrivateKey, type KeyObject } from 'node:crypto';
import { toKeyObject } from './import-key';
import { type KeyType, keyTypeOf } from './key-type';

/** A key that CloudFront would accept, parsed once. Made by `importPrivateKey`. */
export class PrivateKey {
  readonly keyObject: KeyObject;
  readonly keyType: KeyType;

  constructor(keyObject: KeyObject) {
    this.keyObject = keyObject;
    this.keyType = keyTypeOf(keyObject);
  }
}

/** PKCS#8, PKCS#1 or SEC1 PEM, or what was parsed already. */
export type PrivateKeyInput = string | KeyObject | PrivateKey;

/**
 * Parses a private key, with help for a PEM that was damaged on its way. Decrypt an encrypted one with
 * `crypto.createPrivateKey({ key, passphrase })` and pass the KeyObject.
 *
 * @example const privateKey = importPrivateKey(process.env.PRIVATE_KEY ?? '');
 */
export const importPrivateKey = (key: PrivateKeyInput): PrivateKey =>
  key instanceof PrivateKey ? key : new PrivateKey(toKeyObject(key, 'private', createPrivateKey));
