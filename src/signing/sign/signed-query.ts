import { toSafeBase64 } from '../encoding/safe-base64';
import type { Grant } from './grant';
import type { SigningIdentity } from './sign-policy';
import { checkSignedLength } from './signable-url';

/** The parameters that carry a grant, in the order of CloudFront's documentation. */
export function signedQuery(grant: Grant, signature: string, { keyPairId, hashAlgorithm }: SigningIdentity): string {
  const terms = grant.type === 'canned' ? `Expires=${grant.dateLessThan}` : `Policy=${encodePolicy(grant.policy)}`;
  const hash = hashAlgorithm === 'SHA1' ? '' : `&Hash-Algorithm=${hashAlgorithm}`;
  return `${terms}&Signature=${signature}&Key-Pair-Id=${keyPairId}${hash}`;
}

export function appendQuery(url: string, query: string): string {
  return checkSignedLength(`${url}${url.includes('?') ? '&' : '?'}${query}`);
}

export const encodePolicy = (policy: string): string => toSafeBase64(Buffer.from(policy));
