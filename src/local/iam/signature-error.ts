/** S3's words for a request whose signature does not hold, with their status. Source: Amazon S3 API Reference, "Error responses". */
const SIGNATURE_ERRORS = {
  AccessDenied: { status: 403, message: 'Access Denied' },
  AuthorizationHeaderMalformed: { status: 400, message: 'The authorization header is malformed' },
  AuthorizationQueryParametersError: { status: 400, message: 'Error parsing the X-Amz query parameters' },
  InvalidAccessKeyId: { status: 403, message: 'The AWS Access Key Id you provided does not exist in our records.' },
  InvalidRequest: {
    status: 400,
    message: 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
  },
  InvalidToken: { status: 400, message: 'The provided token is malformed or otherwise invalid.' },
  MissingSecurityHeader: { status: 400, message: 'Your request was missing a required header' },
  RequestTimeTooSkewed: {
    status: 403,
    message: 'The difference between the request time and the current time is too large.',
  },
  SignatureDoesNotMatch: {
    status: 403,
    message:
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  },
} as const;

export type SignatureErrorCode = keyof typeof SIGNATURE_ERRORS;

/** Why a request's signature was refused. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError';
  readonly code: SignatureErrorCode;
  readonly status: number;
  constructor(code: SignatureErrorCode, detail?: string) {
    const { status, message } = SIGNATURE_ERRORS[code];
    super(detail === undefined ? message : code === 'AccessDenied' ? detail : `${message}; ${detail}`);
    this.code = code;
    this.status = status;
  }
}
