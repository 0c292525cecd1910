import { EdgepassError } from '../errors';
import { mistakenKeyPairId } from '../key/key-pair-id';
import { importPublicKey, type PublicKey, type PublicKeyInput } from '../key/public-key';
import type { Credentials } from './read-credentials';

/** The public keys of the behavior's trusted key groups, by key pair id. */
export type PublicKeys = Readonly<Record<string, PublicKeyInput>>;

/** The key that the request names: an id chooses it, no other key is tried. */
export function findPublicKey(
  { parameters, source }: Credentials,
  publicKeys: PublicKeys,
): { keyPairId: string; publicKey: PublicKey } {
  const keyPairId = parameters['Key-Pair-Id'];
  if (keyPairId === undefined && Object.keys(parameters).length === 0) {
    throw new EdgepassError('ERR_NOT_SIGNED', 'Neither the URL nor the cookies are signed');
  }
  // CloudFront answers MissingKey to a whole PEM too.
  if (keyPairId === undefined || keyPairId === '' || keyPairId.includes('BEGIN')) {
    const what = keyPairId?.includes('BEGIN') ? 'is a PEM' : keyPairId === '' ? 'is empty' : 'is missing';
    throw new EdgepassError('ERR_KEY_PAIR_ID_MISSING', `Key-Pair-Id ${what} in the ${source}`);
  }
  const key = Object.hasOwn(publicKeys, keyPairId) ? publicKeys[keyPairId] : undefined;
  if (key === undefined) throw unknown(keyPairId);
  return { keyPairId, publicKey: importPublicKey(key) };
}

function unknown(keyPairId: string): EdgepassError {
  const mistake = mistakenKeyPairId(keyPairId);
  const message = 'Key-Pair-Id names no public key of the trusted key groups';
  return new EdgepassError('ERR_KEY_PAIR_ID_UNKNOWN', mistake ? `${message}: ${mistake}` : message);
}
