import { sign } from 'node:crypto';
import { toSafeBase64 } from '../encoding/safe-base64';
import { checkKeyPairId } from '../key/key-pair-id';
import { importPrivateKey, type PrivateKey, type PrivateKeyInput } from '../key/private-key';
import { digestName, type HashAlgorithm, isHashAlgorithm } from '../policy/hash-algorithm';

/** Who signs, and how. */
export interface SignerOptions {
  /** The id of the public key in CloudFront, as in K2JCJMDEHXQW5F: not the key group's. */
  readonly keyPairId: string;
  /** A PEM, a KeyObject or what `importPrivateKey` returned. */
  readonly privateKey: PrivateKeyInput;
  /** @default 'SHA1', CloudFront's own default */
  readonly hashAlgorithm?: HashAlgorithm | undefined;
}

export interface SigningIdentity {
  readonly keyPairId: string;
  readonly privateKey: PrivateKey;
  readonly hashAlgorithm: HashAlgorithm;
}

export function readIdentity({ keyPairId, privateKey, hashAlgorithm = 'SHA1' }: SignerOptions): SigningIdentity {
  if (!isHashAlgorithm(hashAlgorithm)) throw new TypeError('hashAlgorithm must be SHA1 or SHA256');
  return { keyPairId: checkKeyPairId(keyPairId), privateKey: importPrivateKey(privateKey), hashAlgorithm };
}

/** RSA: PKCS#1 v1.5. ECDSA: ASN.1 DER. Both are the defaults of node:crypto. */
export function signPolicy(policy: string, { privateKey, hashAlgorithm }: SigningIdentity): string {
  return toSafeBase64(sign(digestName(hashAlgorithm), Buffer.from(policy), privateKey.keyObject));
}

/** The same on a thread of libuv's pool, so that several cores sign and the event loop stays free. */
export function signPolicyAsync(policy: string, { privateKey, hashAlgorithm }: SigningIdentity): Promise<string> {
  return new Promise((resolve, reject) => {
    sign(digestName(hashAlgorithm), Buffer.from(policy), privateKey.keyObject, (error, signature) => {
      if (error) reject(error);
      else resolve(toSafeBase64(signature));
    });
  });
}
