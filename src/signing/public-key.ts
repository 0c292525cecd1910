import { createPublicKey, KeyObject } from 'node:crypto';
import { EdgepassError } from './edgepass-error';
import { type KeyType, keyTypeOf } from './key-type';
import { readPem } from './read-pem';

/** A key that CloudFront would accept, parsed once. Made by `importPublicKey`. */
export class PublicKey {
  readonly keyType: KeyType;
  readonly keyObject: KeyObject;

  constructor(keyObject: KeyObject) {
    if (keyObject.type !== 'public') throw new TypeError(`A public key is needed; this KeyObject is ${keyObject.type}`);
    this.keyType = keyTypeOf(keyObject);
    this.keyObject = keyObject;
  }

  /** SPKI, as CloudFront's `EncodedKey` wants it. */
  get publicKeyPem(): string {
    return this.keyObject.export({ type: 'spki', format: 'pem' }).toString();
  }
}

/** SPKI or PKCS#1 PEM, or what was parsed already. A PEM is parsed at every use: import it once where requests are many. */
export type PublicKeyInput = string | KeyObject | PublicKey;

/**
 * Parses a public key, with help for a PEM that was damaged on its way.
 *
 * @example const publicKey = importPublicKey(readFileSync('public-key.pem', 'utf8'));
 */
export function importPublicKey(key: PublicKeyInput): PublicKey {
  if (key instanceof PublicKey) return key;
  if (key instanceof KeyObject) return new PublicKey(key);
  if (typeof key !== 'string') throw new TypeError('A public key is a PEM string, a KeyObject or a PublicKey');
  return new PublicKey(parse(readPem(key, 'public')));
}

function parse(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new EdgepassError(
      'ERR_PEM_INVALID',
      'The PEM of the public key is damaged: what is between its lines is no key',
      { cause },
    );
  }
}
