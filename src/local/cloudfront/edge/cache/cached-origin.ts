import { type Body, inFiles, inMemory, letGoOfBody, readWhole, sizeOf, useBody } from '../body/body';
import type { CacheRequest } from '../cache-request';
import type { AskOrigin, OriginAnswer } from '../origin/ask-origin';
import { type AnswerHeaders, headerList } from '../response/answers';
import { compress, isCompressible } from '../response/compress';
import { type CacheEntry, type EdgeCache, objectName } from './edge-cache';
import { timeToLive } from './time-to-live';

export type CacheOutcome = 'Hit' | 'Miss' | 'RefreshHit';

/** An answer for a viewer, kept or of this one time. The viewer uses its body until it lets go of it. */
export interface Served {
  readonly entry: Omit<CacheEntry, 'body'> & { readonly body: Body };
  readonly outcome: CacheOutcome;
}

export interface CachedOrigin {
  /** What is fresh, at once; the viewer uses its body until it lets go of it. */
  find(request: CacheRequest): CacheEntry | undefined;
  /**
   * Stale → ask the origin whether it changed. Absent → ask for it, once for all who wait; where caching is disabled, nobody waits.
   * @param viewerAddress What the origin is told of who asks.
   */
  answer(request: CacheRequest, viewerAddress: string | undefined): Promise<Served>;
}

/** Up to here an object is kept in memory; a larger one stays on the origin's disk, where nobody changes it. */
const LARGEST_IN_MEMORY = 1024 * 1024;

export function createCachedOrigin(cache: EdgeCache, askOrigin: AskOrigin, now: () => Date): CachedOrigin {
  /** Resolves with whether the answer was kept, for those who wait for another's. */
  const flights = new Map<string, Promise<boolean>>();

  async function fetch(
    request: CacheRequest,
    viewerAddress: string | undefined,
  ): Promise<Served & { isKept: boolean }> {
    const stale = cache.get(request.key);
    const { generation } = cache;
    const etag = stale?.headers.etag;
    const headers: Record<string, string> =
      etag === undefined ? {} : { 'if-none-match': String(etag).replace(/^W\//, '') };
    if (stale) useBody(stale.body);
    const answered = await askOrigin(request, { method: 'GET', headers, viewerAddress }).catch((error: unknown) => {
      if (stale) letGoOfBody(stale.body);
      throw error;
    });
    const isUnchanged = answered.status === 304 && stale !== undefined;
    if (stale && !isUnchanged) letGoOfBody(stale.body);
    const entry = isUnchanged
      ? { ...stale, ...lifeOf(stale, request, now()) }
      : await toEntry(answered, request, now());
    // What was dropped meanwhile may be this very answer.
    const mayKeep = entry.freshUntil > entry.storedAt && cache.generation === generation;
    const isKept = mayKeep && isCacheable(entry);
    if (isKept) cache.put(request.key, entry);
    return { entry, outcome: isUnchanged ? 'RefreshHit' : 'Miss', isKept };
  }

  function find({ key }: CacheRequest): CacheEntry | undefined {
    const entry = cache.get(key);
    if (!entry || entry.freshUntil <= now().getTime()) return undefined;
    useBody(entry.body);
    return entry;
  }

  return {
    find,
    async answer(request, viewerAddress) {
      const { key, policy } = request;
      if (policy.maxTtl === 0) return fetch(request, viewerAddress);
      for (;;) {
        const entry = find(request);
        if (entry) return { entry, outcome: 'Hit' };
        const waiting = flights.get(key);
        // What could not be kept is nobody else's.
        if (waiting && (await waiting)) continue;
        const flight = fetch(request, viewerAddress);
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
    },
  };
}

const isCacheable = (entry: Served['entry']): entry is CacheEntry => entry.body.kind !== 'stream';

function lifeOf(
  { status, headers }: Pick<CacheEntry, 'status' | 'headers'>,
  { policy, errorMinTtl }: CacheRequest,
  now: Date,
): Pick<CacheEntry, 'storedAt' | 'freshUntil'> {
  const storedAt = now.getTime();
  const seconds = timeToLive({ status, headers, errorMinTtl: errorMinTtl(status) }, policy, now);
  return { storedAt, freshUntil: storedAt + seconds * 1000 };
}

async function toEntry(answered: OriginAnswer, request: CacheRequest, now: Date): Promise<Served['entry']> {
  const { status, headers } = answered;
  const { path, origin, rawPath, coding } = request;
  const object = origin.kind === 'bucket' ? objectName(origin.bucket, decode(rawPath.slice(1))) : undefined;
  const life = lifeOf({ status, headers }, request, now);
  const place = { status, path, object, ...life };
  const body = await toBody(answered, life.freshUntil > life.storedAt);
  if (!coding || body.kind === 'stream' || !isCompressible(status, headers, sizeOf(body)))
    return { headers, head: headerList(headers), body, ...place };
  const bytes = await compress(
    coding,
    body.kind === 'memory' ? body.bytes : readWhole({ ...body.files, release: () => body.files.letGo() }),
  );
  const compressed = compressedHeaders(headers, coding, bytes.length);
  return { headers: compressed, head: headerList(compressed), body: inMemory(bytes), ...place };
}

/** A strong ETag names bytes, and these are others now. Source: CloudFront Developer Guide, "Serve compressed files". */
function compressedHeaders(headers: AnswerHeaders, coding: string, length: number): AnswerHeaders {
  const etag = headers.etag === undefined ? {} : { etag: String(headers.etag).replace(/^(?!W\/)/, 'W/') };
  return { ...headers, ...etag, 'content-encoding': coding, 'content-length': length, vary: 'Accept-Encoding' };
}

/** An HTTP server's answer is taken in when it may be kept and says that it is small; else it passes through. */
async function toBody({ text, files, stream, headers }: OriginAnswer, mayKeep: boolean): Promise<Body> {
  if (files) return files.size <= LARGEST_IN_MEMORY ? inMemory(readWhole(files)) : inFiles(files);
  if (!stream) return inMemory(Buffer.from(text ?? ''));
  if (!mayKeep || !(Number(headers['content-length']) <= LARGEST_IN_MEMORY)) return { kind: 'stream', stream };
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return inMemory(Buffer.concat(chunks));
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
