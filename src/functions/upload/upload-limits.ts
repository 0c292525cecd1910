import { variable } from '../aws/environment';
import { RequestProblem } from '../http/api-handler';
import { checkKey, requireScope } from '../http/authorize-key';
import type { Caller } from '../http/caller';

/** An upload that a caller requests. */
export interface UploadRequest {
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  /** Undefined for parts: it was checked when the upload was created. */
  readonly contentType?: string;
}

/** Long enough for a large part on a slow line; the URL writes one object of one size, and not over another. */
const URL_LIFETIME_SECONDS = 3_600;

/**
 * Checks an upload against S3's rules, the construct's limits (`UPLOAD_MAX_SIZE`, `UPLOAD_CONTENT_TYPES`, `UPLOAD_PREFIX`) and the caller's scopes.
 * @returns how long its URLs may live, in seconds.
 */
export function checkUpload({ file, size, contentType }: UploadRequest, caller: Caller): number {
  checkKey(file, 'file');
  checkPrefix(file);
  const lifetime = lifetimeFor(file, caller);
  checkSize(size);
  if (contentType !== undefined) checkContentType(contentType);
  return lifetime;
}

function checkPrefix(file: string): void {
  const prefix = variable('UPLOAD_PREFIX');
  if (file.startsWith(prefix)) return;
  const message = `Only keys that begin with ${JSON.stringify(prefix)} can be uploaded.`;
  throw new RequestProblem('ERR_KEY_OUTSIDE_UPLOAD_PREFIX', message, 'file');
}

function lifetimeFor(file: string, caller: Caller): number {
  const fitting = requireScope(caller, 'upload', file, 'file');
  const longest = Math.max(...fitting.map(({ maxLifetime = URL_LIFETIME_SECONDS }) => maxLifetime));
  return Math.min(longest, URL_LIFETIME_SECONDS);
}

function checkSize(size: number): void {
  const most = Number(variable('UPLOAD_MAX_SIZE'));
  if (!Number.isSafeInteger(most) || most < 1) throw new Error('UPLOAD_MAX_SIZE is not a number of bytes');
  if (size <= most) return;
  throw new RequestProblem('ERR_UPLOAD_TOO_LARGE', `The file has ${size} bytes; at most ${most} are allowed.`, 'size');
}

/** Parameters such as `charset` make no difference. */
function checkContentType(contentType: string): void {
  const allowed = variable('UPLOAD_CONTENT_TYPES')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim());
  if (allowed.every((one) => one === '')) return;
  const type = contentType.replace(/;.*$/s, '').trim().toLowerCase();
  if (allowed.some((one) => (one.endsWith('/*') ? type.startsWith(one.slice(0, -1)) : type === one))) return;
  const message = `This content type is not allowed; allowed are: ${allowed.join(', ')}.`;
  throw new RequestProblem('ERR_CONTENT_TYPE_NOT_ALLOWED', message, 'contentType');
}
