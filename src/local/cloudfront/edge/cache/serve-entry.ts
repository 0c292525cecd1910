import type { IncomingHttpHeaders } from 'node:http';
import { type ByteRange, readRange } from '../../../http/byte-range';
import { failedPrecondition, isNotModified, timeOf, type Validators } from '../../../http/preconditions';
import type { ResponseHeaders } from '../response/answers';

/** What a viewer gets of an entry. */
export interface EntryResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Undefined for all of the body. */
  readonly range?: ByteRange | undefined;
  readonly hasBody: boolean;
}

/** Of an answer, what a 304 repeats. Source: RFC 9110, 15.4.5. */
const OF_NOT_MODIFIED = ['cache-control', 'etag', 'expires', 'last-modified', 'vary'];

const CONDITIONS = [
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
] as const;

export const hasConditions = (headers: IncomingHttpHeaders): boolean =>
  CONDITIONS.some((name) => headers[name] !== undefined);

/** For the origin, when it is the one to say no. */
export const conditionsOf = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    CONDITIONS.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );

/**
 * A viewer's conditions and range, answered from an entry. Undefined where the origin has to say no in its own words: a failed
 * precondition (412), a range that cannot be satisfied (416).
 */
export function serveEntry(
  entry: Conditional,
  method: string,
  headers: IncomingHttpHeaders,
): EntryResponse | undefined {
  const hasBody = method !== 'HEAD';
  if (entry.status !== 200 || !hasConditions(headers)) return { status: entry.status, headers: entry.headers, hasBody };
  const validators = validatorsOf(entry);
  if (failedPrecondition(headers, validators)) return undefined;
  if (isNotModified(headers, validators))
    return { status: 304, headers: pick(entry.headers, OF_NOT_MODIFIED), hasBody: false };
  const isRanged = entry.size !== undefined && isSameVersion(entry, headers);
  const range = isRanged ? readRange(headers.range, entry.size) : undefined;
  if (range === 'unsatisfiable') return undefined;
  if (!range) return { status: 200, headers: entry.headers, hasBody };
  const size = { 'content-length': range.end - range.start + 1 };
  const place = { 'content-range': `bytes ${range.start}-${range.end}/${entry.size}` };
  return { status: 206, headers: { ...entry.headers, ...size, ...place }, range, hasBody };
}

/** What conditions and ranges are about. */
interface Conditional {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Undefined for what passes through: it has no ranges. */
  readonly size: number | undefined;
}

const validatorsOf = (entry: Conditional): Validators => ({
  lastModified: modifiedAt(entry),
  isNamedBy: (header) => names(header, entry),
});

/** If-Range with another version: the range is of something that is no more, so all of it is answered. */
function isSameVersion(entry: Conditional, headers: IncomingHttpHeaders): boolean {
  const ifRange = headers['if-range'];
  if (ifRange === undefined) return true;
  return String(ifRange) === entry.headers.etag || (timeOf(String(ifRange)) ?? 0) >= modifiedAt(entry);
}

/** Weak comparison: a compressed answer has a weak ETag. */
function names(header: string, { headers }: Conditional): boolean {
  const strip = (tag: string): string => tag.trim().replace(/^W\//, '');
  const stated = header.split(',').map(strip);
  return stated.includes('*') || stated.includes(strip(String(headers.etag ?? '-')));
}

const modifiedAt = ({ headers }: Conditional): number =>
  timeOf(String(headers['last-modified'] ?? '')) ?? Number.POSITIVE_INFINITY;

const pick = (headers: ResponseHeaders, names: readonly string[]): ResponseHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
