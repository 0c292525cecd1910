/** The codes CloudFront itself answers, with status 403, when a signed request does not hold. */
export type CloudFrontCode = 'MissingKey' | 'InvalidKey' | 'MalformedSignature' | 'MalformedPolicy' | 'AccessDenied';

/** Why a request was refused: our precise reason, where CloudFront has one word for many. */
export type RefusalCode =
  | 'ERR_REQUEST_INVALID'
  | 'ERR_NOT_SIGNED'
  | 'ERR_PARAMETER_DUPLICATED'
  | 'ERR_KEY_PAIR_ID_MISSING'
  | 'ERR_KEY_PAIR_ID_UNKNOWN'
  | 'ERR_HASH_ALGORITHM_UNKNOWN'
  | 'ERR_SIGNATURE_MISSING'
  | 'ERR_SIGNATURE_MALFORMED'
  | 'ERR_POLICY_MISSING'
  | 'ERR_POLICY_MALFORMED'
  | 'ERR_EXPIRES_MALFORMED'
  | 'ERR_SIGNATURE_MISMATCH'
  | 'ERR_NOT_YET_VALID'
  | 'ERR_EXPIRED'
  | 'ERR_IP_ADDRESS_MISMATCH'
  | 'ERR_IP_ADDRESS_UNKNOWN'
  | 'ERR_IP_ADDRESS_IPV6'
  | 'ERR_RESOURCE_MISMATCH';

/** Why something was not signed, or a key not taken. */
export type SigningErrorCode =
  | 'ERR_URL_INVALID'
  | 'ERR_URL_NOT_CANONICAL'
  | 'ERR_URL_OF_S3'
  | 'ERR_URL_TOO_LONG'
  | 'ERR_ALREADY_SIGNED'
  | 'ERR_WILDCARD_IN_URL'
  | 'ERR_OBJECT_KEY_INVALID'
  | 'ERR_OBJECT_KEY_OUTSIDE_FOLDER'
  | 'ERR_RESOURCE_INVALID'
  | 'ERR_RESOURCE_EXCLUDES_URL'
  | 'ERR_DATE_INVALID'
  | 'ERR_DATE_UNIT'
  | 'ERR_DATE_IN_PAST'
  | 'ERR_DATE_ORDER'
  | 'ERR_IP_RANGE_INVALID'
  | 'ERR_IP_RANGE_IPV6'
  | 'ERR_KEY_PAIR_ID_INVALID'
  | 'ERR_PEM_NEWLINES'
  | 'ERR_PEM_INVALID'
  | 'ERR_KEY_UNSUPPORTED';

export type EdgepassErrorCode = RefusalCode | SigningErrorCode;

/**
 * What CloudFront answers for each reason. Sources: captured answers from 2018 to 2026. [UNV] Nobody has captured the answers
 * to duplicated parameters, an unknown hash algorithm, a missing signature or a missing policy: those are refused as AccessDenied.
 */
const CLOUDFRONT_CODES: Readonly<Record<RefusalCode, CloudFrontCode>> = {
  ERR_REQUEST_INVALID: 'AccessDenied',
  ERR_NOT_SIGNED: 'MissingKey',
  ERR_PARAMETER_DUPLICATED: 'AccessDenied',
  ERR_KEY_PAIR_ID_MISSING: 'MissingKey',
  ERR_KEY_PAIR_ID_UNKNOWN: 'InvalidKey',
  ERR_HASH_ALGORITHM_UNKNOWN: 'AccessDenied',
  ERR_SIGNATURE_MISSING: 'AccessDenied',
  ERR_SIGNATURE_MALFORMED: 'MalformedSignature',
  ERR_POLICY_MISSING: 'AccessDenied',
  ERR_POLICY_MALFORMED: 'MalformedPolicy',
  ERR_EXPIRES_MALFORMED: 'MalformedPolicy',
  ERR_SIGNATURE_MISMATCH: 'AccessDenied',
  ERR_NOT_YET_VALID: 'AccessDenied',
  ERR_EXPIRED: 'AccessDenied',
  ERR_IP_ADDRESS_MISMATCH: 'AccessDenied',
  ERR_IP_ADDRESS_UNKNOWN: 'AccessDenied',
  ERR_IP_ADDRESS_IPV6: 'AccessDenied',
  ERR_RESOURCE_MISMATCH: 'AccessDenied',
};

/** Everything that can be wrong with a URL, policy, key or request. A wrong *type* of argument is a `TypeError` instead. */
export class EdgepassError extends Error {
  override readonly name: string = 'EdgepassError';
  readonly code: EdgepassErrorCode;
  /** Set when a request was refused: what CloudFront would answer. */
  readonly cloudFrontCode: CloudFrontCode | undefined;

  constructor(code: EdgepassErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.cloudFrontCode = isRefusal(code) ? CLOUDFRONT_CODES[code] : undefined;
  }
}

const isRefusal = (code: EdgepassErrorCode): code is RefusalCode => Object.hasOwn(CLOUDFRONT_CODES, code);

/** A wrong type is the programmer's mistake, not the input's. */
export function checkString(value: unknown, name: string): void {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`);
}
