import type { Clock } from '../../../clock';
import { type Body, inFiles, inMemory, readWhole, releaseBody, retainBody, sizeOf } from '../body/body';
import type { CacheRequest } from '../cache-request';
import type { AskOrigin, OriginResponse } from '../origin/ask-origin';
import { headerList, type ResponseHeaders } from '../response/answers';
import { compress, isCompressible } from '../response/compress';
import { type CacheEntry, type EdgeCache, objectName } from './edge-cache';
import { timeToLive } from './time-to-live';

export type CacheOutcome = 'Hit' | 'Miss' | 'RefreshHit';

/** A response for a viewer, cached or for this one request. The caller releases its body. */
export interface CacheResult {
  readonly entry: Omit<CacheEntry, 'body'> & { readonly body: Body };
  readonly outcome: CacheOutcome;
}

export interface CachedOrigin {
  /** Returns an entry that is fresh. The caller releases its body. */
  find(request: CacheRequest): CacheEntry | undefined;
  /**
   * Stale → ask the origin whether it changed. Absent → ask for it, once for all who wait; where caching is disabled, nobody waits.
   * @param viewerAddress The viewer's IP address, for the origin.
   */
  answer(request: CacheRequest, viewerAddress: string | undefined): Promise<CacheResult>;
}

/** Up to here an object is kept in memory; a larger one stays on the origin's disk, where nobody changes it. */
const LARGEST_IN_MEMORY = 1024 * 1024;

export function createCachedOrigin(cache: EdgeCache, askOrigin: AskOrigin, now: Clock): CachedOrigin {
  /** Resolves with whether the answer was kept, for those who wait for another's. */
  const inFlight = new Map<string, Promise<boolean>>();

  async function fetch(
    request: CacheRequest,
    viewerAddress: string | undefined,
  ): Promise<CacheResult & { isKept: boolean }> {
    const stale = cache.get(request.key);
    const { generation } = cache;
    const etag = stale?.headers.etag;
    const headers: Record<string, string> =
      etag === undefined ? {} : { 'if-none-match': String(etag).replace(/^W\//, '') };
    if (stale) retainBody(stale.body);
    const originResponse = await askOrigin(request, { method: 'GET', headers, viewerAddress }).catch(
      (error: unknown) => {
        if (stale) releaseBody(stale.body);
        throw error;
      },
    );
    const isUnchanged = originResponse.status === 304 && stale !== undefined;
    if (stale && !isUnchanged) releaseBody(stale.body);
    const entry = isUnchanged
      ? { ...stale, ...freshnessOf(stale, request, now()) }
      : await toEntry(originResponse, request, now());
    // What was dropped meanwhile may be this very answer.
    const mayKeep = entry.freshUntil > entry.storedAt && cache.generation === generation;
    const isKept = mayKeep && isCacheable(entry);
    if (isKept) cache.put(request.key, entry);
    return { entry, outcome: isUnchanged ? 'RefreshHit' : 'Miss', isKept };
  }

  function find({ key }: CacheRequest): CacheEntry | undefined {
    const entry = cache.get(key);
    if (!entry || entry.freshUntil <= now().getTime()) return undefined;
    retainBody(entry.body);
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
        const waiting = inFlight.get(key);
        // What could not be kept is nobody else's.
        if (waiting && (await waiting)) continue;
        const flight = fetch(request, viewerAddress);
        if (!waiting) {
          const settled = flight.then(
            ({ isKept }) => isKept,
            () => false,
          );
          inFlight.set(key, settled);
          void settled.then(() => inFlight.delete(key));
        }
        return flight;
      }
    },
  };
}

const isCacheable = (entry: CacheResult['entry']): entry is CacheEntry => entry.body.kind !== 'stream';

function freshnessOf(
  { status, headers }: Pick<CacheEntry, 'status' | 'headers'>,
  { policy, errorMinTtl }: CacheRequest,
  now: Date,
): Pick<CacheEntry, 'storedAt' | 'freshUntil'> {
  const storedAt = now.getTime();
  const seconds = timeToLive({ status, headers, errorMinTtl: errorMinTtl(status) }, policy, now);
  return { storedAt, freshUntil: storedAt + seconds * 1000 };
}

async function toEntry(
  originResponse: OriginResponse,
  request: CacheRequest,
  now: Date,
): Promise<CacheResult['entry']> {
  const { status, headers } = originResponse;
  const { path, origin, rawPath, coding } = request;
  const object = origin.kind === 'bucket' ? objectName(origin.bucket, decode(rawPath.slice(1))) : undefined;
  const freshness = freshnessOf({ status, headers }, request, now);
  const place = { status, path, object, ...freshness };
  const body = await toBody(originResponse, freshness.freshUntil > freshness.storedAt);
  if (!coding || body.kind === 'stream' || !isCompressible(status, headers, sizeOf(body)))
    return { headers, head: headerList(headers), body, ...place };
  const bytes = await compress(
    coding,
    body.kind === 'memory' ? body.bytes : readWhole({ ...body.files, release: () => body.files.release() }),
  );
  const compressed = compressedHeaders(headers, coding, bytes.length);
  return { headers: compressed, head: headerList(compressed), body: inMemory(bytes), ...place };
}

/** A strong ETag names bytes, and these are others now. Source: CloudFront Developer Guide, "Serve compressed files". */
function compressedHeaders(headers: ResponseHeaders, coding: string, length: number): ResponseHeaders {
  const etag = headers.etag === undefined ? {} : { etag: String(headers.etag).replace(/^(?!W\/)/, 'W/') };
  return { ...headers, ...etag, 'content-encoding': coding, 'content-length': length, vary: 'Accept-Encoding' };
}

/** An HTTP server's answer is taken in when it may be kept and says that it is small; else it passes through. */
async function toBody({ text, files, stream, headers }: OriginResponse, mayKeep: boolean): Promise<Body> {
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
