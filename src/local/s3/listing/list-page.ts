import type { ObjectRecord } from '../store/object-record';
import type { ObjectStore } from '../store/object-store';

export interface PageRequest {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string | undefined;
  /** The page begins behind this key or common prefix. */
  readonly after: string | undefined;
  readonly maxKeys: number;
}

export interface Page {
  readonly contents: { readonly key: string; readonly record: ObjectRecord }[];
  readonly commonPrefixes: string[];
  /** What the next page comes after; undefined at the end. */
  readonly next: string | undefined;
}

/**
 * One page of a listing. Costs what it answers, wherever in the bucket it lies: a common prefix is left by one jump behind all
 * the keys that share it, never by walking over them.
 */
export function listPage(store: ObjectStore, { bucket, prefix, delimiter, after, maxKeys }: PageRequest): Page {
  const contents: Page['contents'] = [];
  const commonPrefixes: string[] = [];
  const end: Page = { contents, commonPrefixes, next: undefined };
  const prefixBytes = Buffer.from(prefix);
  let last = '';
  for (let start: Buffer | undefined = firstOf(prefix, delimiter, after); start && maxKeys > 0; ) {
    const run: Iterable<{ key: Buffer; record: ObjectRecord }> = store.list(bucket, start);
    start = undefined;
    for (const entry of run) {
      if (!entry.key.subarray(0, prefixBytes.length).equals(prefixBytes)) return end;
      if (contents.length + commonPrefixes.length >= maxKeys) return { contents, commonPrefixes, next: last };
      const key = entry.key.toString('utf8');
      const common = commonPrefixOf(key, prefix, delimiter);
      if (common === undefined) {
        contents.push({ key, record: entry.record });
        last = key;
      } else {
        commonPrefixes.push(common);
        last = common;
        start = behindAll(common);
        break;
      }
    }
  }
  return end;
}

function firstOf(prefix: string, delimiter: string | undefined, after: string | undefined): Buffer {
  const prefixBytes = Buffer.from(prefix);
  if (after === undefined) return prefixBytes;
  const isCommonPrefix = commonPrefixOf(after, prefix, delimiter) === after;
  const behind = isCommonPrefix ? behindAll(after) : Buffer.from(`${after}\0`);
  return behind && Buffer.compare(behind, prefixBytes) > 0 ? behind : prefixBytes;
}

export function commonPrefixOf(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (delimiter === undefined || !key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

/** The first bytes that come after everything with this prefix. UTF-8 has no byte 0xff, so the last one can be counted up. */
export function behindAll(prefix: string): Buffer {
  const bytes = Buffer.from(prefix);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) + 1;
  return bytes;
}
