import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { CachePolicy } from './cache-policy';
import { type ContentCoding, compress, isCompressible } from './compress';
import type { AnswerHeaders, CachedBody, CacheEntry, EdgeCache } from './edge-cache';
import { timeToLive } from './time-to-live';

/** Reads an object as CloudFront does with origin access control: in the distribution's name, nothing else of the viewer's. */
export type FetchFromS3 = (request: OriginRequest) => Promise<OriginAnswer>;

export interface OriginRequest {
  readonly method: string;
  readonly bucket: string;
  /** The path as the viewer sent it, percent-encoding included, behind the origin's own path. */
  readonly rawPath: string;
  /** The parameters that the cache policy lets through. */
  readonly rawQuery: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly distributionArn: string;
}

export interface OriginAnswer {
  readonly status: number;
  readonly headers?: AnswerHeaders;
  readonly body?: string | Readable | undefined;
  /** The whole object behind the body, which may be read again, in ranges too. */
  readonly object?: OriginObject | undefined;
}

export interface OriginObject {
  readonly size: number;
  read(range?: { readonly start: number; readonly end: number }): Readable;
  retain(): () => void;
}

/** What a viewer asked for, as far as the cache tells requests apart. */
export interface CacheRequest extends Omit<OriginRequest, 'method' | 'headers'> {
  readonly key: string;
  readonly path: string;
  readonly policy: CachePolicy;
  readonly coding: ContentCoding | undefined;
  /** Seconds for which an error of this status is kept at least; undefined for CloudFront's own default. */
  readonly errorMinTtl: (status: number) => number | undefined;
}

export type CacheOutcome = 'Hit' | 'Miss' | 'RefreshHit';

export interface CacheAnswer {
  readonly entry: CacheEntry;
  readonly outcome: CacheOutcome;
  /** Called when the answer has been sent. */
  readonly done: () => void;
}

/** Up to here an object is kept in memory; a larger one stays on the origin's disk, where nobody changes it. */
const LARGEST_IN_MEMORY = 1024 * 1024;
const KEPT = (): void => {};

/** Fresh → Hit. Stale → ask the origin whether it changed. Absent → ask for it, once for all who wait. */
export function createCachedOrigin(
  cache: EdgeCache,
  fetchFromS3: FetchFromS3,
  now: () => Date,
): (request: CacheRequest) => Promise<CacheAnswer> {
  /** Resolves with whether the answer was kept, for those who wait for another's. */
  const flights = new Map<string, Promise<boolean>>();

  async function fetch(
    request: CacheRequest,
    stale: CacheEntry | undefined,
  ): Promise<CacheAnswer & { isKept: boolean }> {
    const etag = stale?.headers.etag;
    const { bucket, rawPath, rawQuery, distributionArn, key } = request;
    const headers: Record<string, string> =
      etag === undefined ? {} : { 'if-none-match': String(etag).replace(/^W\//, '') };
    const answered = await fetchFromS3({ method: 'GET', bucket, rawPath, rawQuery, headers, distributionArn });
    const isUnchanged = answered.status === 304 && stale !== undefined;
    const entry = isUnchanged
      ? { ...stale, ...lifeOf(stale, request, now()) }
      : await toEntry(answered, request, now());
    const isKept = entry.freshUntil > entry.storedAt;
    if (isKept) cache.put(key, entry);
    return { entry, outcome: isUnchanged ? 'RefreshHit' : 'Miss', isKept, done: isKept ? KEPT : entry.body.release };
  }

  return async function answer(request) {
    const { key } = request;
    for (;;) {
      const entry = cache.get(key);
      if (entry && entry.freshUntil > now().getTime()) return { entry, outcome: 'Hit', done: KEPT };
      const waiting = flights.get(key);
      // What could not be kept is nobody else's.
      if (!waiting || !(await waiting)) {
        const flight = fetch(request, entry);
        if (!waiting) {
          const settled = flight.then(
            ({ isKept }) => isKept,
            () => false,
          );
          flights.set(key, settled);
          void settled.then(() => flights.delete(key));
        }
        return flight;
      }
    }
  };
}

function lifeOf(
  { status, headers }: Pick<CacheEntry, 'status' | 'headers'>,
  { policy, errorMinTtl }: CacheRequest,
  now: Date,
): Pick<CacheEntry, 'storedAt' | 'freshUntil'> {
  const storedAt = now.getTime();
  const seconds = timeToLive({ status, headers, errorMinTtl: errorMinTtl(status) }, policy, now);
  return { storedAt, freshUntil: storedAt + seconds * 1000 };
}

async function toEntry(answered: OriginAnswer, request: CacheRequest, now: Date): Promise<CacheEntry> {
  const { status, headers = {} } = answered;
  const { path, bucket, rawPath, coding } = request;
  const place = { path, bucket, objectKey: decode(rawPath.slice(1)), ...lifeOf({ status, headers }, request, now) };
  const body = await toBody(answered);
  if (!coding || !isCompressible(status, headers, body.size)) return { status, headers, body, ...place };
  const plain = body.read();
  const bytes = await compress(coding, Buffer.isBuffer(plain) ? plain : await buffer(plain));
  body.release();
  return { status, headers: compressedHeaders(headers, coding, bytes.length), body: inMemory(bytes), ...place };
}

/** A strong ETag names bytes, and these are others now. Source: CloudFront Developer Guide, "Serve compressed files". */
function compressedHeaders(headers: AnswerHeaders, coding: ContentCoding, length: number): AnswerHeaders {
  const etag = headers.etag === undefined ? {} : { etag: String(headers.etag).replace(/^(?!W\/)/, 'W/') };
  return { ...headers, ...etag, 'content-encoding': coding, 'content-length': length, vary: 'Accept-Encoding' };
}

async function toBody({ body, object }: OriginAnswer): Promise<CachedBody> {
  if (typeof body === 'string') return inMemory(Buffer.from(body));
  if (!object || object.size <= LARGEST_IN_MEMORY) return inMemory(body ? await buffer(body) : Buffer.alloc(0));
  const release = object.retain();
  body?.destroy();
  return { size: object.size, memoryBytes: 0, read: (range) => object.read(range), release };
}

const inMemory = (bytes: Buffer): CachedBody => ({
  size: bytes.length,
  memoryBytes: bytes.length,
  read: (range) => (range ? bytes.subarray(range.start, range.end + 1) : bytes),
  release: KEPT,
});

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
