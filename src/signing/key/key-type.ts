import type { KeyObject } from 'node:crypto';
import { EdgepassError } from '../errors';

/** RSA is RSA 2048, ECDSA is P-256: CloudFront takes no other key. Source: CloudFront API reference, `PublicKeyConfig`. */
export type KeyType = 'RSA' | 'ECDSA';

/** The type of a key, refused when CloudFront would not take it. */
export function keyTypeOf(key: KeyObject): KeyType {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && modulusLength === 2048) return 'RSA';
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ECDSA';
  const found = [key.asymmetricKeyType ?? key.type, modulusLength ?? namedCurve].filter(Boolean).join(' ');
  throw new EdgepassError(
    'ERR_KEY_UNSUPPORTED',
    `CloudFront takes RSA 2048 and ECDSA P-256 keys; this one is ${found}`,
  );
}
