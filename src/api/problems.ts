/** A kind of refusal. */
export interface ProblemKind {
  readonly status: number;
  /** Says what to do about it. */
  readonly fix: string;
}

/** Every code of the API. A 502 has AWS's own code in place of one of these. */
export const PROBLEMS = {
  ERR_MISSING_BODY: { status: 400, fix: 'send a JSON object' },
  ERR_INVALID_JSON: { status: 400, fix: 'the body is not JSON' },
  ERR_INVALID_BODY: { status: 400, fix: 'the body is JSON but no object' },
  ERR_UNKNOWN_FIELD: { status: 400, fix: 'remove the field' },
  ERR_MISSING_FIELD: { status: 400, fix: 'send the field' },
  ERR_INVALID_FIELD: { status: 400, fix: '`detail` says what the field, header or path parameter has to be' },
  ERR_CONFLICTING_FIELDS: { status: 400, fix: 'send one of the two fields that `detail` names' },
  ERR_MISSING_FILE: { status: 400, fix: 'send `file`, or `files` where the call takes many' },
  ERR_INVALID_FILE: {
    status: 400,
    fix: 'an object key has to be a string that is not empty, in valid Unicode, without NUL',
  },
  ERR_KEY_TOO_LONG: { status: 400, fix: 'an S3 key has at most 1,024 bytes of UTF-8' },
  ERR_OBJECT_KEY_INVALID: { status: 400, fix: 'no URL can name the keys `.` and `..`: rename the object' },
  ERR_KEY_RESERVED: {
    status: 400,
    fix: 'the distribution answers `_api/`, `_app/` and `_s/` itself: choose another key',
  },
  ERR_URL_TOO_LONG: { status: 400, fix: 'CloudFront takes 8,192 bytes of URL: use a shorter key or `downloadAs`' },
  ERR_LIFETIME_TOO_LONG: { status: 400, fix: 'ask for an end before the bound that `detail` names' },
  ERR_LIFETIME_TOO_SHORT: {
    status: 400,
    fix: 'ask for an end after the bound that `detail` names; the past is no end',
  },
  ERR_DATE_ORDER: { status: 400, fix: '`notBefore` has to leave at least one second before the end' },
  ERR_IP_RANGE_INVALID: { status: 400, fix: 'send one IPv4 address or CIDR block' },
  ERR_IP_RANGE_IPV6: { status: 400, fix: 'CloudFront has no IPv6 in policies: send an IPv4 address' },
  ERR_UNKNOWN_PARAMETER: { status: 400, fix: 'remove the query parameter' },
  ERR_INVALID_PARAMETER: { status: 400, fix: '`detail` says what the query parameter has to be' },
  ERR_INVALID_CURSOR: {
    status: 400,
    fix: 'send the `X-Next-Cursor` of the page before with the same query, or start without',
  },
  ERR_KEY_OUTSIDE_UPLOAD_PREFIX: { status: 400, fix: 'upload below the prefix that `detail` names' },
  ERR_UPLOAD_TOO_LARGE: { status: 400, fix: 'the file is over the limit that `detail` names' },
  ERR_CONTENT_TYPE_NOT_ALLOWED: { status: 400, fix: 'send a content type that `detail` names' },
  ERR_INVALID_PART: { status: 400, fix: 'send every part, then complete with the ETag that S3 answered to each' },
  ERR_BAD_REQUEST: {
    status: 400,
    fix: 'API Gateway cannot read the request: send JSON, and a percent-encoded path and query',
  },
  ERR_UNAUTHORIZED: { status: 401, fix: 'send a valid token in `Authorization: Bearer …`' },
  ERR_INVALID_API_KEY: { status: 403, fix: 'send a valid key in `x-api-key`' },
  ERR_ACCESS_DENIED: { status: 403, fix: 'a policy has to allow the caller `execute-api:Invoke` on this call' },
  ERR_EXPIRED_TOKEN: { status: 403, fix: 'the credentials that signed the request have expired: get new ones' },
  ERR_INVALID_SIGNATURE: { status: 403, fix: 'sign what is sent with Signature Version 4, for `execute-api`' },
  ERR_MISSING_AUTHENTICATION_TOKEN: { status: 403, fix: 'sign the request; or there is no such path or method' },
  ERR_REFUSED: { status: 403, fix: 'API Gateway refused the request; `detail` has its own words' },
  ERR_SCOPE_MISSING: { status: 403, fix: 'the caller needs the scope that `detail` names' },
  ERR_SCOPE_LIFETIME: {
    status: 403,
    fix: "ask for a shorter lifetime: the caller's scope grants at most what `detail` names",
  },
  ERR_NO_SUCH_OBJECT: {
    status: 404,
    fix: 'there is no object of this key; leave `mustExist` out to sign all the same',
  },
  ERR_NO_SUCH_UPLOAD: { status: 404, fix: 'the upload was aborted, or has expired: create a new one' },
  ERR_UNKNOWN_ROUTE: { status: 404, fix: 'no such path or method' },
  ERR_OBJECT_EXISTS: {
    status: 409,
    fix: 'there is an object of this key: send `"overwrite": true`, or choose another',
  },
  ERR_UPLOAD_CONFLICT: { status: 409, fix: 'somebody else wrote the object at this moment: create a new upload' },
  ERR_REQUEST_TOO_LARGE: { status: 413, fix: 'the body is over 10 MB' },
  ERR_UNSUPPORTED_MEDIA_TYPE: { status: 415, fix: 'send `Content-Type: application/json`' },
  ERR_IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    fix: 'the same `Idempotency-Key` came with another body: use a new key',
  },
  ERR_QUOTA_EXCEEDED: { status: 429, fix: 'the quota of the API key is used up: wait for the next period' },
  ERR_THROTTLED: { status: 429, fix: 'wait and send again' },
  ERR_INTERNAL: {
    status: 500,
    fix: 'a defect: report it with the `requestId`',
  },
  ERR_UNAVAILABLE: {
    status: 504,
    fix: 'API Gateway could not ask the function: send again, then report it with the `requestId`',
  },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** Undefined for AWS's own codes. */
export const problemKind = (code: string): ProblemKind | undefined =>
  Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code as ProblemCode] : undefined;

/** A problem's title beside the type `about:blank` is its status in words. Source: RFC 9457, section 4.2.1. */
export const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  504: 'Gateway Timeout',
};
