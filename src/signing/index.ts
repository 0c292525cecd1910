export { createSigner, type Signer } from './create-signer';
export {
  type CloudFrontCode,
  EdgepassError,
  type EdgepassErrorCode,
  type RefusalCode,
  type SigningErrorCode,
} from './edgepass-error';
export { encodeObjectKey } from './encode-object-key';
export { explain } from './explain';
export type { Check, CheckName, Explanation } from './explanation';
export type { PublicKeys } from './find-public-key';
export { type GeneratedKeyPair, generateKeyPair } from './generate-key-pair';
export type { PolicyOptions } from './grant';
export type { HashAlgorithm } from './hash-algorithm';
export type { KeyType } from './key-type';
export type { Policy } from './policy';
export { importPrivateKey, type PrivateKey, type PrivateKeyInput } from './private-key';
export { importPublicKey, type PublicKey, type PublicKeyInput } from './public-key';
export type { RawRequest } from './read-credentials';
export type { CookieInput, SignedCookies } from './sign-cookies';
export type { FolderLocation, SignedFolder } from './sign-folder';
export { type SignOptions, signCookies, signFolder, signUrl } from './sign-once';
export type { SignerOptions } from './sign-policy';
export type { ObjectLocation, SigningInput } from './signable-url';
export { createVerificationCache, type VerificationCache } from './verification-cache';
export { type RequestToVerify, type VerifiedRequest, type VerifyContext, verifyRequest } from './verify-request';
export { type UrlWithCookies, verifyCookies, verifyUrl } from './verify-url';
