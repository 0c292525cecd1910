import { type KeptBody, letGoOfBody, sizeOf, useBody } from '../body/body';
import type { AnswerHeaders } from '../response/answers';

/** An answer of the origin's as it is kept. */
export interface CacheEntry {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** The same, and what the edge adds to every answer, as `writeHead` takes it. */
  readonly head: readonly string[];
  readonly body: KeptBody;
  /** Milliseconds since 1970: when the origin last vouched for it. */
  readonly storedAt: number;
  readonly freshUntil: number;
  /** The viewer's path, without the query: what invalidations name. */
  readonly path: string;
  /** `bucket/key`, for an answer that a bucket gave. */
  readonly object: string | undefined;
}

/** Entries by cache key, bounded in memory; the least recently used is given up first. */
export interface EdgeCache {
  /** Grows whenever something is dropped: what was asked for before may be what was dropped. */
  readonly generation: number;
  get(key: string): CacheEntry | undefined;
  put(key: string, entry: CacheEntry): void;
  drop(matches: (entry: CacheEntry) => boolean): void;
  dropObject(object: string): void;
  ofObject(object: string): readonly CacheEntry[];
}

/** An entry costs something also when its bytes lie elsewhere. */
const ENTRY_BYTES = 2048;

export const objectName = (bucket: string, key: string): string => `${bucket}/${key}`;

export function createEdgeCache(limit: { readonly bytes: number }): EdgeCache {
  const entries = new Map<string, CacheEntry>();
  const byObject = new Map<string, Set<string>>();
  let bytes = 0;
  let generation = 0;

  function take(key: string, entry: CacheEntry): void {
    entries.delete(key);
    bytes -= costOf(entry);
    if (entry.object === undefined) return;
    const keys = byObject.get(entry.object);
    keys?.delete(key);
    if (keys?.size === 0) byObject.delete(entry.object);
  }

  function dropKeys(keys: Iterable<string>): void {
    generation += 1;
    for (const key of [...keys]) {
      const entry = entries.get(key);
      if (!entry) continue;
      take(key, entry);
      letGoOfBody(entry.body);
    }
  }

  return {
    get generation() {
      return generation;
    },
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry;
    },
    put(key, entry) {
      useBody(entry.body);
      const previous = entries.get(key);
      if (previous) take(key, previous);
      if (previous) letGoOfBody(previous.body);
      entries.set(key, entry);
      bytes += costOf(entry);
      if (entry.object !== undefined) byObject.set(entry.object, (byObject.get(entry.object) ?? new Set()).add(key));
      for (const [oldest, old] of entries) {
        if (bytes <= limit.bytes || oldest === key) break;
        take(oldest, old);
        letGoOfBody(old.body);
      }
    },
    drop(matches) {
      dropKeys([...entries].filter(([, entry]) => matches(entry)).map(([key]) => key));
    },
    dropObject: (object) => dropKeys(byObject.get(object) ?? []),
    ofObject: (object) => [...(byObject.get(object) ?? [])].flatMap((key) => entries.get(key) ?? []),
  };
}

const costOf = ({ body }: CacheEntry): number => (body.kind === 'memory' ? sizeOf(body) : 0) + ENTRY_BYTES;
