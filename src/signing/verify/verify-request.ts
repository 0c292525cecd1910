import type { HashAlgorithm } from '../policy/hash-algorithm';
import type { Policy, Terms } from '../policy/policy';
import { epochTime } from '../policy/validity';
import { checkAddress, checkEnd, checkResource, checkStart } from './check-terms';
import { findPublicKey, type PublicKeys } from './find-public-key';
import { type RawRequest, readCredentials } from './read-credentials';
import { checkSignature, readHashAlgorithm, readSignature } from './read-signature';
import { readTerms } from './read-terms';
import type { SignedWith, VerificationCache } from './verification-cache';

export interface VerifyContext {
  /** The public keys of the behavior's trusted key groups, by key pair id. */
  readonly publicKeys: PublicKeys;
  readonly now: Date;
  /** The viewer's. Without it, a policy that names an address refuses. */
  readonly ipAddress?: string | undefined;
  /** Spares a signature that has verified before from being verified again. */
  readonly cache?: VerificationCache | undefined;
}

export type RequestToVerify = RawRequest & VerifyContext;

export interface VerifiedRequest {
  readonly policy: Policy;
  readonly keyPairId: string;
  readonly hashAlgorithm: HashAlgorithm;
  readonly signedBy: 'url' | 'cookies';
  /** The request target without CloudFront's parameters: what the cache and the origin see. */
  readonly targetWithoutSigning: string;
}

/**
 * Decides as CloudFront does whether a request may pass, from its raw bytes: URL or cookies → key → signature → policy → start →
 * end → address → resource. Returns what was granted, or throws an `EdgepassError` with our `code` and CloudFront's `cloudFrontCode`.
 * `explain` tells every check instead of the first that fails.
 *
 * @example verifyRequest({ scheme: 'https', host, target: request.url, publicKeys, now: new Date(), ipAddress });
 */
export function verifyRequest(request: RequestToVerify): VerifiedRequest {
  const now = epochTime(request.now);
  const credentials = readCredentials(request);
  const { keyPairId, publicKey } = findPublicKey(credentials, request.publicKeys);
  const hashAlgorithm = readHashAlgorithm(credentials);
  const terms = verifiedTerms({ credentials, publicKey, hashAlgorithm }, request.cache);
  checkStart(terms, now);
  checkEnd(terms, now);
  checkAddress(terms, request.ipAddress);
  checkResource(terms, credentials.resource);
  const { source: signedBy, targetWithoutSigning } = credentials;
  return { policy: terms.policy, keyPairId, hashAlgorithm, signedBy, targetWithoutSigning };
}

function verifiedTerms(signedWith: SignedWith, cache: VerificationCache | undefined): Terms {
  const known = cache?.get(signedWith);
  if (known) return known;
  const { credentials, publicKey, hashAlgorithm } = signedWith;
  const signature = readSignature(credentials);
  const { terms, signedBytes } = readTerms(credentials);
  checkSignature(signedBytes, signature, publicKey, hashAlgorithm);
  cache?.add(signedWith, terms);
  return terms;
}
