/** The codes that several calls have. */
import type { ProblemCode } from '../problems';

/** Of calls that take a body. */
export const BODY: readonly ProblemCode[] = [
  'ERR_MISSING_BODY',
  'ERR_INVALID_JSON',
  'ERR_INVALID_BODY',
  'ERR_UNKNOWN_FIELD',
];

/** Of calls that name an object. */
export const KEY: readonly ProblemCode[] = [
  'ERR_INVALID_FILE',
  'ERR_KEY_TOO_LONG',
  'ERR_OBJECT_KEY_INVALID',
  'ERR_KEY_RESERVED',
];

/** Of calls that sign. */
export const GRANT: readonly ProblemCode[] = [
  'ERR_INVALID_FIELD',
  'ERR_CONFLICTING_FIELDS',
  'ERR_LIFETIME_TOO_SHORT',
  'ERR_LIFETIME_TOO_LONG',
  'ERR_SCOPE_LIFETIME',
  'ERR_DATE_ORDER',
  'ERR_IP_RANGE_INVALID',
  'ERR_IP_RANGE_IPV6',
  'ERR_URL_TOO_LONG',
  'ERR_SCOPE_MISSING',
];

/** Of calls that upload. */
export const UPLOAD: readonly ProblemCode[] = [
  ...KEY,
  'ERR_INVALID_FIELD',
  'ERR_KEY_OUTSIDE_UPLOAD_PREFIX',
  'ERR_UPLOAD_TOO_LARGE',
  'ERR_CONTENT_TYPE_NOT_ALLOWED',
  'ERR_SCOPE_MISSING',
];
