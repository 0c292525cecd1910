import { checkResource } from '../policy/resource-option';
import { type Grant, grantResource, grantUrl, type PolicyOptions } from './grant';
import { type FolderLocation, isFolder, toFolderResource } from './sign-folder';
import type { SigningIdentity } from './sign-policy';
import { type SigningInput, toSignableUrl } from './signable-url';
import { encodePolicy } from './signed-query';

/** Cookie names and values, as CloudFront reads them. Send each in a `Set-Cookie` of its own. */
export interface SignedCookies {
  readonly 'CloudFront-Expires'?: string;
  readonly 'CloudFront-Policy'?: string;
  readonly 'CloudFront-Signature': string;
  readonly 'CloudFront-Key-Pair-Id': string;
  readonly 'CloudFront-Hash-Algorithm'?: 'SHA256';
}

/** A URL, an object, every object below a prefix, or a `Resource` with wildcards. */
export type CookieInput = SigningInput | FolderLocation;

export function grantCookies(input: CookieInput, options: PolicyOptions): Grant {
  if (typeof input === 'string' && input.includes('*')) return grantResource(checkResource(input), options);
  if (isFolder(input)) return grantResource(toFolderResource(input), options);
  return grantUrl(toSignableUrl(input), options);
}

export function signedCookies(grant: Grant, signature: string, identity: SigningIdentity): SignedCookies {
  return {
    ...(grant.type === 'canned'
      ? { 'CloudFront-Expires': String(grant.dateLessThan) }
      : { 'CloudFront-Policy': encodePolicy(grant.policy) }),
    'CloudFront-Signature': signature,
    'CloudFront-Key-Pair-Id': identity.keyPairId,
    ...(identity.hashAlgorithm === 'SHA256' && { 'CloudFront-Hash-Algorithm': identity.hashAlgorithm }),
  };
}
