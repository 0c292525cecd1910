import type { Readable } from 'node:stream';
import type { ByteRange } from '../byte-range';

export type AnswerHeaders = Readonly<Record<string, string | number>>;

/** An answer's bytes: in memory, or where the origin keeps them unchanged until they are released. */
export interface CachedBody {
  readonly size: number;
  /** What it costs of the cache's bound. */
  readonly memoryBytes: number;
  read(range?: ByteRange): Readable | Buffer;
  release(): void;
}

/** An answer of the origin's as it is kept. */
export interface CacheEntry {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: CachedBody;
  /** Milliseconds since 1970: when the origin last vouched for it. */
  readonly storedAt: number;
  readonly freshUntil: number;
  /** The viewer's path, without the query: what invalidations name. */
  readonly path: string;
  readonly bucket: string;
  readonly objectKey: string;
}

/** Entries by cache key, bounded in memory; the least recently used is given up first. */
export interface EdgeCache {
  get(key: string): CacheEntry | undefined;
  put(key: string, entry: CacheEntry): void;
  /** Drops what matches; returns how many. */
  drop(matches: (entry: CacheEntry) => boolean): number;
  ofObject(bucket: string, objectKey: string): readonly CacheEntry[];
}

/** An entry costs something also when its bytes lie elsewhere. */
const ENTRY_BYTES = 2048;

export function createEdgeCache(limit: { readonly bytes: number }): EdgeCache {
  const entries = new Map<string, CacheEntry>();
  const byObject = new Map<string, Set<string>>();
  let bytes = 0;
  const costOf = ({ body }: CacheEntry): number => body.memoryBytes + ENTRY_BYTES;
  const objectOf = ({ bucket, objectKey }: Pick<CacheEntry, 'bucket' | 'objectKey'>): string =>
    `${bucket}/${objectKey}`;

  function take(key: string, entry: CacheEntry): void {
    entries.delete(key);
    bytes -= costOf(entry);
    const keys = byObject.get(objectOf(entry));
    keys?.delete(key);
    if (keys?.size === 0) byObject.delete(objectOf(entry));
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry;
    },
    put(key, entry) {
      const previous = entries.get(key);
      if (previous) take(key, previous);
      if (previous && previous.body !== entry.body) previous.body.release();
      entries.set(key, entry);
      bytes += costOf(entry);
      const object = objectOf(entry);
      byObject.set(object, (byObject.get(object) ?? new Set()).add(key));
      for (const [oldest, old] of entries) {
        if (bytes <= limit.bytes || oldest === key) break;
        take(oldest, old);
        old.body.release();
      }
    },
    drop(matches) {
      const found = [...entries].filter(([, entry]) => matches(entry));
      for (const [key, entry] of found) {
        take(key, entry);
        entry.body.release();
      }
      return found.length;
    },
    ofObject(bucket, objectKey) {
      const keys = byObject.get(objectOf({ bucket, objectKey })) ?? [];
      return [...keys].flatMap((key) => entries.get(key) ?? []);
    },
  };
}
