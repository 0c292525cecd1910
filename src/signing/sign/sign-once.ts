import { createSigner } from './create-signer';
import type { PolicyOptions } from './grant';
import type { CookieInput, SignedCookies } from './sign-cookies';
import type { FolderLocation, SignedFolder } from './sign-folder';
import type { SignerOptions } from './sign-policy';
import type { SigningInput } from './signable-url';

/** A signer's options and a policy's in one object, for a single signature. */
export type SignOptions = SignerOptions & PolicyOptions;

/**
 * Signs one URL. A PEM is parsed at each call: for many URLs use `createSigner`.
 *
 * @example
 * signUrl('https://d111111abcdef8.cloudfront.net/report.pdf', { keyPairId, privateKey, expiresIn: 900 });
 * signUrl({ distributionUrl: 'https://d111111abcdef8.cloudfront.net', key: 'a b/+#%.txt' }, { keyPairId, privateKey, dateLessThan });
 */
export function signUrl(input: SigningInput, options: SignOptions): string {
  return createSigner(options).signUrl(input, options);
}

/**
 * Signs cookies for one URL, or for many by a wildcard or a prefix.
 *
 * @example signCookies({ distributionUrl, prefix: 'videos/' }, { keyPairId, privateKey, expiresIn: 3600 });
 */
export function signCookies(input: CookieInput, options: SignOptions): SignedCookies {
  return createSigner(options).signCookies(input, options);
}

/**
 * Signs once for all objects below a prefix.
 *
 * @example signFolder({ distributionUrl, prefix: 'videos/42/' }, options).signUrl('videos/42/part-0001.ts');
 */
export function signFolder(folder: FolderLocation, options: SignOptions): SignedFolder {
  return createSigner(options).signFolder(folder, options);
}
