import { randomBytes } from 'node:crypto';
import type { Database, RootDatabase } from 'lmdb';
import {
  type DeleteMarker,
  isDeleteMarker,
  type ObjectDraft,
  type ObjectRecord,
  type VersionRecord,
} from './object-record';

export type Versioning = 'Enabled' | 'Suspended';

export interface BucketRecord {
  readonly createdAt: number;
  readonly versioning?: Versioning | undefined;
  readonly cors?: readonly CorsRule[] | undefined;
}

/** A rule of a bucket's CORS configuration. Source: Amazon S3 User Guide, "Elements of a CORS configuration". */
export interface CorsRule {
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposedHeaders: readonly string[];
  /** Seconds. */
  readonly maxAge?: number | undefined;
}

/**
 * Which objects and versions there are, in the order of their keys' bytes. `current` has what a GET finds, `versions` every version,
 * the latest of a key first. The functions that change it run inside one commit.
 */
export interface ObjectIndex {
  readonly buckets: Database<BucketRecord, string>;
  readonly current: Database<ObjectRecord, Buffer>;
  readonly versions: Database<VersionRecord, Buffer>;
  /** Makes a draft the current version. Returns it, and what it replaced for good. */
  put(bucket: string, key: string, draft: ObjectDraft): Change<ObjectRecord>;
  /** DELETE without a version id: a delete marker, or the end of an object that never had versions. */
  hide(bucket: string, key: string, lastModified: number): Change<DeleteMarker | undefined>;
  /** DELETE of one version; an older one may become current again. */
  erase(bucket: string, key: string, versionId: string): Change<VersionRecord | undefined>;
  replace(bucket: string, key: string, record: ObjectRecord): void;
  find(bucket: string, key: string, versionId?: string): VersionRecord | undefined;
}

export interface Change<T> {
  readonly record: T;
  readonly removed?: VersionRecord | undefined;
}

const SEPARATOR = '\0';
/** Behind every run that begins with the separator. */
const AFTER_SEPARATOR = '\u0001';

/** Bucket names have no NUL, so a bucket's keys lie together, in the order of their bytes. */
export const indexKey = (bucket: string, key: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(bucket + SEPARATOR), typeof key === 'string' ? Buffer.from(key) : key]);

export const bucketRange = (bucket: string): { start: Buffer; end: Buffer } => ({
  start: Buffer.from(bucket + SEPARATOR),
  end: Buffer.from(bucket + AFTER_SEPARATOR),
});

const SEQUENCE_BYTES = 8;

/** Keys have no NUL either (see `decodeKey`), so a key's versions lie together, the latest first. */
const versionKey = (bucket: string, key: string, sequence: number): Buffer => {
  const order = Buffer.alloc(SEQUENCE_BYTES);
  order.writeBigUInt64BE(2n ** 64n - 1n - BigInt(sequence));
  return Buffer.concat([indexKey(bucket, key + SEPARATOR), order]);
};

/** The object key in a key of `versions`, without its bucket. */
export const keyOfVersion = (indexed: Buffer, bucket: string): Buffer =>
  indexed.subarray(Buffer.byteLength(bucket) + 1, indexed.length - SEQUENCE_BYTES - 1);

export function openObjectIndex(root: RootDatabase): ObjectIndex {
  const current = openTable<ObjectRecord>(root, 'objects');
  const versions = openTable<VersionRecord>(root, 'versions');
  const counters = root.openDB<number, string>({ name: 'counters' });
  const buckets = root.openDB<BucketRecord, string>({ name: 'buckets' });

  const nextSequence = (): number => {
    const sequence = (counters.get('sequence') ?? 0) + 1;
    counters.putSync('sequence', sequence);
    return sequence;
  };
  const nextVersionId = (bucket: string): string =>
    buckets.get(bucket)?.versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null';

  function* versionsOf(bucket: string, key: string): Generator<VersionRecord> {
    const range = { start: indexKey(bucket, key + SEPARATOR), end: indexKey(bucket, key + AFTER_SEPARATOR) };
    for (const { value } of versions.getRange(range)) yield value;
  }
  const findVersion = (bucket: string, key: string, versionId: string): VersionRecord | undefined =>
    [...versionsOf(bucket, key)].find((record) => record.versionId === versionId);

  function removeVersion(bucket: string, key: string, versionId: string): VersionRecord | undefined {
    const record = findVersion(bucket, key, versionId);
    if (record) versions.removeSync(versionKey(bucket, key, record.sequence));
    return record;
  }

  /** Without versioning enabled a write is the version `null`, and there is one of those. */
  function begin(
    bucket: string,
    key: string,
  ): { versionId: string; sequence: number; removed: VersionRecord | undefined } {
    const versionId = nextVersionId(bucket);
    const removed = versionId === 'null' ? removeVersion(bucket, key, 'null') : undefined;
    return { versionId, sequence: nextSequence(), removed };
  }

  return {
    buckets,
    current,
    versions,
    put(bucket, key, draft) {
      const { removed, ...version } = begin(bucket, key);
      const record: ObjectRecord = { ...draft, ...version };
      versions.putSync(versionKey(bucket, key, record.sequence), record);
      current.putSync(indexKey(bucket, key), record);
      return { record, removed };
    },
    hide(bucket, key, lastModified) {
      current.removeSync(indexKey(bucket, key));
      if (buckets.get(bucket)?.versioning === undefined) {
        return { record: undefined, removed: removeVersion(bucket, key, 'null') };
      }
      const { removed, ...version } = begin(bucket, key);
      const record: DeleteMarker = { isDeleteMarker: true, lastModified, ...version };
      versions.putSync(versionKey(bucket, key, record.sequence), record);
      return { record, removed };
    },
    erase(bucket, key, versionId) {
      const removed = removeVersion(bucket, key, versionId);
      if (!removed) return { record: undefined };
      const [latest] = versionsOf(bucket, key);
      if (latest && !isDeleteMarker(latest)) current.putSync(indexKey(bucket, key), latest);
      else current.removeSync(indexKey(bucket, key));
      return { record: removed, removed };
    },
    replace(bucket, key, record) {
      versions.putSync(versionKey(bucket, key, record.sequence), record);
      const at = indexKey(bucket, key);
      if (current.get(at)?.sequence === record.sequence) current.putSync(at, record);
    },
    find: (bucket, key, versionId) =>
      versionId === undefined ? current.get(indexKey(bucket, key)) : findVersion(bucket, key, versionId),
  };
}

export const openTable = <T>(root: RootDatabase, name: string): Database<T, Buffer> =>
  root.openDB<T, Buffer>({ name, keyEncoding: 'binary' });
