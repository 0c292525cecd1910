import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { readRange } from '../byte-range';
import type { AnswerHeaders, CacheEntry } from './edge-cache';

export interface EntryAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body?: Readable | Buffer | undefined;
}

/** Of an answer, what a 304 repeats. Source: RFC 9110, 15.4.5. */
const OF_NOT_MODIFIED = ['cache-control', 'etag', 'expires', 'last-modified', 'vary'];

/**
 * A viewer's conditions and range, answered from an entry. Undefined where the origin has to say no in its own words: a failed
 * precondition (412), a range that cannot be satisfied (416).
 */
export function serveEntry(entry: CacheEntry, method: string, headers: IncomingHttpHeaders): EntryAnswer | undefined {
  if (entry.status !== 200) return { status: entry.status, headers: entry.headers, body: bodyOf(entry, method) };
  if (failsPrecondition(entry, headers)) return undefined;
  if (isNotModified(entry, headers)) return { status: 304, headers: pick(entry.headers, OF_NOT_MODIFIED) };
  const range = isSameVersion(entry, headers) ? readRange(headers.range, entry.body.size) : undefined;
  if (range === 'unsatisfiable') return undefined;
  if (!range) return { status: 200, headers: entry.headers, body: bodyOf(entry, method) };
  return {
    status: 206,
    headers: {
      ...entry.headers,
      'content-length': range.end - range.start + 1,
      'content-range': `bytes ${range.start}-${range.end}/${entry.body.size}`,
    },
    body: method === 'HEAD' ? undefined : entry.body.read(range),
  };
}

const bodyOf = (entry: CacheEntry, method: string): Readable | Buffer | undefined =>
  method === 'HEAD' ? undefined : entry.body.read();

function failsPrecondition(entry: CacheEntry, headers: IncomingHttpHeaders): boolean {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) return !names(ifMatch, entry);
  const since = timeOf(headers['if-unmodified-since']);
  return since !== undefined && modifiedAt(entry) > since;
}

function isNotModified(entry: CacheEntry, headers: IncomingHttpHeaders): boolean {
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, entry);
  const since = timeOf(headers['if-modified-since']);
  return since !== undefined && modifiedAt(entry) <= since;
}

/** If-Range with another version: the range is of something that is no more, so all of it is answered. */
function isSameVersion(entry: CacheEntry, headers: IncomingHttpHeaders): boolean {
  const ifRange = headers['if-range'];
  if (ifRange === undefined) return true;
  return String(ifRange) === entry.headers.etag || (timeOf(String(ifRange)) ?? 0) >= modifiedAt(entry);
}

/** Weak comparison: a compressed answer has a weak ETag. */
function names(header: string, { headers }: CacheEntry): boolean {
  const strip = (tag: string): string => tag.trim().replace(/^W\//, '');
  const stated = header.split(',').map(strip);
  return stated.includes('*') || stated.includes(strip(String(headers.etag ?? '-')));
}

const modifiedAt = ({ headers }: CacheEntry): number =>
  timeOf(String(headers['last-modified'] ?? '')) ?? Number.POSITIVE_INFINITY;

function timeOf(header: string | undefined): number | undefined {
  const time = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(time) ? undefined : time;
}

const pick = (headers: AnswerHeaders, names: readonly string[]): AnswerHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
