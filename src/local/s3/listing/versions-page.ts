import type { VersionRecord } from '../store/object-record';
import type { ObjectStore } from '../store/object-store';
import { behindAll, commonPrefixOf } from './list-page';

export interface VersionsPageRequest {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly keyMarker: string | undefined;
  /** The page begins behind this version of `keyMarker`; without it, behind all its versions. */
  readonly versionIdMarker: string | undefined;
  readonly maxKeys: number;
}

export interface VersionsPage {
  readonly entries: { readonly key: string; readonly record: VersionRecord; readonly isLatest: boolean }[];
  readonly commonPrefixes: string[];
  /** The last of this page, when there is more. */
  readonly next?: { readonly key: string; readonly versionId?: string | undefined } | undefined;
}

/** One page of all versions, by key and then the latest first; a common prefix is left by one jump, as in `listPage`. */
export function versionsPage(store: ObjectStore, request: VersionsPageRequest): VersionsPage {
  const { bucket, prefix, delimiter, keyMarker, versionIdMarker, maxKeys } = request;
  const entries: VersionsPage['entries'] = [];
  const commonPrefixes: string[] = [];
  let last: VersionsPage['next'];
  let previousKey: string | undefined;
  let waitsForMarker = versionIdMarker !== undefined;
  for (let start: Buffer | undefined = startOf(request); start && maxKeys > 0; ) {
    const run: Iterable<{ key: Buffer; record: VersionRecord }> = store.listVersions(bucket, start);
    start = undefined;
    for (const entry of run) {
      const key = entry.key.toString();
      if (!key.startsWith(prefix)) return { entries, commonPrefixes };
      const isLatest = key !== previousKey;
      previousKey = key;
      if (waitsForMarker && key === keyMarker) {
        if (entry.record.versionId === versionIdMarker) waitsForMarker = false;
        continue;
      }
      waitsForMarker = false;
      if (entries.length + commonPrefixes.length >= maxKeys) return { entries, commonPrefixes, next: last };
      const common = commonPrefixOf(key, prefix, delimiter);
      if (common === undefined) {
        entries.push({ key, record: entry.record, isLatest });
        last = { key, versionId: entry.record.versionId };
      } else {
        commonPrefixes.push(common);
        last = { key: common };
        start = behindAll(common);
        break;
      }
    }
  }
  return { entries, commonPrefixes };
}

function startOf({ prefix, delimiter, keyMarker, versionIdMarker }: VersionsPageRequest): Buffer {
  const first = Buffer.from(prefix);
  if (keyMarker === undefined) return first;
  const isCommonPrefix = commonPrefixOf(keyMarker, prefix, delimiter) === keyMarker;
  const behind = isCommonPrefix
    ? behindAll(keyMarker)
    : Buffer.from(versionIdMarker === undefined ? `${keyMarker}\u0001` : keyMarker);
  return Buffer.compare(behind, first) > 0 ? behind : first;
}
