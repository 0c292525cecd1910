import type { IncomingHttpHeaders } from 'node:http';

/** The properties of a representation that conditions compare. */
export interface Validators {
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  /** Returns true when one of the tags in an `If-Match` or `If-None-Match` header is that of the representation, or is `*`. */
  isNamedBy(header: string): boolean;
}

/**
 * Returns the precondition that a read fails, for a 412. With `If-Match`, `If-Unmodified-Since` does not count.
 * Source: RFC 9110, section 13.2.2.
 */
export function failedPrecondition(
  headers: IncomingHttpHeaders,
  validators: Validators,
): 'If-Match' | 'If-Unmodified-Since' | undefined {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) return validators.isNamedBy(ifMatch) ? undefined : 'If-Match';
  const since = timeOf(headers['if-unmodified-since']);
  return since !== undefined && validators.lastModified > since ? 'If-Unmodified-Since' : undefined;
}

/** Returns true when a read is answered 304. With `If-None-Match`, `If-Modified-Since` does not count. */
export function isNotModified(headers: IncomingHttpHeaders, validators: Validators): boolean {
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) return validators.isNamedBy(ifNoneMatch);
  const since = timeOf(headers['if-modified-since']);
  return since !== undefined && validators.lastModified <= since;
}

/** Returns a header's date in milliseconds since 1970; undefined for what is not a date, which HTTP ignores. */
export function timeOf(header: string | undefined): number | undefined {
  const time = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(time) ? undefined : time;
}
