import { createPrivateKey, createPublicKey, KeyObject } from 'node:crypto';
import { EdgepassError } from './edgepass-error';
import { type KeyType, keyTypeOf } from './key-type';
import { readPem } from './read-pem';

/** A key that CloudFront would accept, parsed once. Made by `importPrivateKey`. */
export class PrivateKey {
  readonly keyType: KeyType;
  readonly keyObject: KeyObject;

  constructor(keyObject: KeyObject) {
    if (keyObject.type !== 'private')
      throw new TypeError(`A private key is needed; this KeyObject is ${keyObject.type}`);
    this.keyType = keyTypeOf(keyObject);
    this.keyObject = keyObject;
  }

  /** The public half: SPKI, as CloudFront's `EncodedKey` wants it. */
  get publicKeyPem(): string {
    return createPublicKey(this.keyObject).export({ type: 'spki', format: 'pem' }).toString();
  }
}

/** PKCS#8, PKCS#1 or SEC1 PEM, or what was parsed already. */
export type PrivateKeyInput = string | KeyObject | PrivateKey;

/**
 * Parses a private key, with help for a PEM that was damaged on its way.
 *
 * @example const privateKey = importPrivateKey(process.env.PRIVATE_KEY ?? '');
 */
export function importPrivateKey(key: PrivateKeyInput, options: { readonly passphrase?: string } = {}): PrivateKey {
  if (key instanceof PrivateKey) return key;
  if (key instanceof KeyObject) return new PrivateKey(key);
  if (typeof key !== 'string') throw new TypeError('A private key is a PEM string, a KeyObject or a PrivateKey');
  return new PrivateKey(parse(readPem(key, 'private'), options.passphrase));
}

function parse(pem: string, passphrase: string | undefined): KeyObject {
  const isEncrypted = pem.includes('ENCRYPTED');
  if (isEncrypted && passphrase === undefined) {
    throw new EdgepassError('ERR_PEM_INVALID', 'The private key is encrypted: pass its passphrase to importPrivateKey');
  }
  try {
    return createPrivateKey({ key: pem, ...(isEncrypted && { passphrase }) });
  } catch (cause) {
    const problem = isEncrypted
      ? 'cannot be decrypted: wrong passphrase, or damaged'
      : 'is damaged: what is between its lines is no key';
    throw new EdgepassError('ERR_PEM_INVALID', `The PEM of the private key ${problem}`, { cause });
  }
}
