import { verify } from 'node:crypto';
import { fromSafeBase64 } from '../encoding/safe-base64';
import { EdgepassError } from '../errors';
import type { PublicKey } from '../key/public-key';
import { digestName, type HashAlgorithm, isHashAlgorithm } from '../policy/hash-algorithm';
import type { Credentials } from './read-credentials';

export function readHashAlgorithm({ parameters }: Credentials): HashAlgorithm {
  const { 'Hash-Algorithm': value = 'SHA1' } = parameters;
  if (isHashAlgorithm(value)) return value;
  throw new EdgepassError('ERR_HASH_ALGORITHM_UNKNOWN', 'Hash-Algorithm must be SHA1 or SHA256');
}

export function readSignature({ parameters: { Signature: text } }: Credentials): Buffer {
  if (text === undefined || text === '') throw new EdgepassError('ERR_SIGNATURE_MISSING', 'Signature is missing');
  const bytes = fromSafeBase64(text);
  if (bytes) return bytes;
  throw new EdgepassError(
    'ERR_SIGNATURE_MALFORMED',
    "Signature is not CloudFront's base64: padded, with - _ ~ for + = /",
  );
}

export function checkSignature(
  signedBytes: Buffer,
  signature: Buffer,
  key: PublicKey,
  hashAlgorithm: HashAlgorithm,
): void {
  if (verify(digestName(hashAlgorithm), signedBytes, key.keyObject, signature)) return;
  throw new EdgepassError('ERR_SIGNATURE_MISMATCH', 'The signature does not belong to this URL, policy and key');
}
