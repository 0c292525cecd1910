export { encodeObjectKey } from './encoding/encode-object-key';
export {
  type CloudFrontCode,
  EdgepassError,
  type EdgepassErrorCode,
  type RefusalCode,
  type SigningErrorCode,
} from './errors';
export { explain } from './explain/explain';
export type { Check, CheckName, Explanation } from './explain/explanation';
export { type GeneratedKeyPair, generateKeyPair } from './key/generate-key-pair';
export type { KeyType } from './key/key-type';
export { importPrivateKey, type PrivateKey, type PrivateKeyInput } from './key/private-key';
export { importPublicKey, type PublicKey, type PublicKeyInput } from './key/public-key';
export type { HashAlgorithm } from './policy/hash-algorithm';
export type { Policy } from './policy/policy';
export { createSigner, type Signer } from './sign/create-signer';
export type { PolicyOptions } from './sign/grant';
export type { CookieInput, SignedCookies } from './sign/sign-cookies';
export type { FolderLocation, SignedFolder } from './sign/sign-folder';
export { type SignOptions, signCookies, signFolder, signUrl } from './sign/sign-once';
export type { SignerOptions } from './sign/sign-policy';
export type { ObjectLocation, SigningInput } from './sign/signable-url';
export type { PublicKeys } from './verify/find-public-key';
export type { RawRequest } from './verify/read-credentials';
export { createVerificationCache, type VerificationCache } from './verify/verification-cache';
export { type RequestToVerify, type VerifiedRequest, type VerifyContext, verifyRequest } from './verify/verify-request';
export { type UrlWithCookies, verifyCookies, verifyUrl } from './verify/verify-url';
