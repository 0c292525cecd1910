import { RESERVED_SEGMENTS } from '../api/routes';
import { scopesFor } from '../api/scopes';
import { EdgepassError } from '../signing/edgepass-error';
import { encodeObjectKey } from '../signing/encode-object-key';
import type { Caller } from './caller';
import { RequestProblem } from './http-api';

/** What somebody wants to upload. */
export interface UploadWish {
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  /** Undefined where it was said before: parts have none. */
  readonly contentType?: string;
}

/** Long enough for a large part on a slow line; the URL writes one object of one size, and not over another. */
const URL_LIFETIME_SECONDS = 3_600;
/** S3's limit, in bytes of UTF-8. Source: Amazon S3 User Guide, "Creating object key names". */
const MAX_KEY_BYTES = 1024;

/**
 * Holds a wish against S3's rules, the construct's limits (`UPLOAD_MAX_SIZE`, `UPLOAD_CONTENT_TYPES`, `UPLOAD_PREFIX`) and the caller's scopes.
 * @returns how long its URLs may live, in seconds.
 */
export function checkUpload({ file, size, contentType }: UploadWish, caller: Caller): number {
  checkKey(file);
  const lifetime = checkScope(file, caller);
  checkSize(size);
  if (contentType !== undefined) checkContentType(contentType);
  return lifetime;
}

function checkKey(file: string): void {
  const { UPLOAD_PREFIX = '' } = process.env;
  if (!file.isWellFormed()) {
    throw new RequestProblem('ERR_INVALID_FILE', '"file" has an unpaired surrogate: send valid Unicode.', 'file');
  }
  const bytes = Buffer.byteLength(file);
  if (bytes > MAX_KEY_BYTES) {
    const message = `"file" has ${bytes} bytes; an S3 key has at most ${MAX_KEY_BYTES}.`;
    throw new RequestProblem('ERR_KEY_TOO_LONG', message, 'file');
  }
  checkEncodable(file);
  const reserved = RESERVED_SEGMENTS.find((segment) => file.split('/', 1)[0] === segment);
  if (reserved !== undefined) {
    const message = `Keys that begin with "${reserved}" are reserved: the distribution answers these paths itself.`;
    throw new RequestProblem('ERR_KEY_RESERVED', message, 'file');
  }
  if (!file.startsWith(UPLOAD_PREFIX)) {
    const message = `Only keys that begin with ${JSON.stringify(UPLOAD_PREFIX)} can be uploaded.`;
    throw new RequestProblem('ERR_KEY_OUTSIDE_UPLOAD_PREFIX', message, 'file');
  }
}

/** What could not be downloaded by a link later on is not uploaded. */
function checkEncodable(file: string): void {
  try {
    encodeObjectKey(file);
  } catch (error) {
    throw error instanceof EdgepassError ? new RequestProblem(error.code, error.message, 'file') : error;
  }
}

function checkScope(file: string, { scopes }: Caller): number {
  const fitting = scopesFor(scopes, 'upload', file);
  if (fitting.length === 0) {
    const message = 'The caller needs the scope "upload", or "upload:PREFIX" with what this key begins with.';
    throw new RequestProblem('ERR_SCOPE_MISSING', message, 'file', 403);
  }
  const longest = Math.max(...fitting.map(({ maxLifetime = URL_LIFETIME_SECONDS }) => maxLifetime));
  return Math.min(longest, URL_LIFETIME_SECONDS);
}

function checkSize(size: number): void {
  const most = Number(process.env.UPLOAD_MAX_SIZE);
  if (!Number.isSafeInteger(most) || most < 1) throw new Error('UPLOAD_MAX_SIZE is not a number of bytes');
  if (size <= most) return;
  throw new RequestProblem('ERR_UPLOAD_TOO_LARGE', `The file has ${size} bytes; at most ${most} are allowed.`, 'size');
}

/** Parameters such as `charset` make no difference. */
function checkContentType(contentType: string): void {
  const allowed = (process.env.UPLOAD_CONTENT_TYPES ?? '')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim());
  if (allowed.every((one) => one === '')) return;
  const type = contentType.replace(/;.*$/s, '').trim().toLowerCase();
  if (allowed.some((one) => (one.endsWith('/*') ? type.startsWith(one.slice(0, -1)) : type === one))) return;
  const message = `This content type is not allowed; allowed are: ${allowed.join(', ')}.`;
  throw new RequestProblem('ERR_CONTENT_TYPE_NOT_ALLOWED', message, 'contentType');
}
