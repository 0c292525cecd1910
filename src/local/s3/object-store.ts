import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Database, open, type RootDatabase } from 'lmdb';
import { type Blobs, openBlobs } from './blobs';
import type { ReceivedBody, StoredChecksum } from './receive-body';

/** An object as it is stored, all but its bytes. */
export interface ObjectRecord {
  readonly blob: string;
  readonly size: number;
  /** Without the quotes. */
  readonly etag: string;
  /** Milliseconds since 1970, whole seconds: HTTP knows no finer ones. */
  readonly lastModified: number;
  /** Content-Type, Content-Disposition and the like, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** What follows `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksum?: (StoredChecksum & { readonly isComposite?: true }) | undefined;
}

/** What the distribution needs of the object store, read in process. */
export interface ObjectReader {
  find(bucket: string, key: string): ObjectRecord | undefined;
  /** `start` and `end` are both included. */
  read(record: ObjectRecord, range?: { start: number; end: number }): Readable;
}

/**
 * Objects: blobs for the bytes, one ordered index (LMDB) that says which exist. An object exists from the one synchronous commit on that
 * puts its record into the index, after its blob is on the disk; so it is whole or absent, whenever the process or the power goes.
 */
export interface ObjectStore extends ObjectReader {
  readonly blobs: Blobs;
  buckets(): { name: string; createdAt: number }[];
  hasBucket(name: string): boolean;
  createBucket(name: string, createdAt: number): void;
  deleteBucket(name: string): void;
  /** Records that a blob is now the object. `check` sees what was there before and may throw. */
  put(bucket: string, key: string, record: ObjectRecord, check?: (previous: ObjectRecord | undefined) => void): void;
  delete(bucket: string, key: string, check?: (previous: ObjectRecord | undefined) => void): void;
  /** Objects in the order of their keys' bytes, from `start` on. */
  list(bucket: string, start: Buffer): Iterable<{ key: Buffer; record: ObjectRecord }>;
  readonly uploads: Database<Upload, Buffer>;
  readonly parts: Database<Part, Buffer>;
  /** One commit for all that happens inside, on the disk when it returns. */
  commit<T>(work: () => T): T;
  close(): Promise<void>;
}

export interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly startedAt: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Part extends ReceivedBody {
  readonly lastModified: number;
}

const SEPARATOR = '\0';

/** Bucket names have no NUL, so a bucket's keys lie together, in the order of their bytes. */
export const indexKey = (bucket: string, key: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(bucket + SEPARATOR), typeof key === 'string' ? Buffer.from(key) : key]);

export function openObjectStore(dir: string): ObjectStore {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  // Without overlappingSync a commit is on the disk before it returns.
  const root = open({ path: join(dir, 'index'), maxDbs: 8, overlappingSync: false, mapSize: 2 ** 36 });
  const objects = openTable<ObjectRecord>(root, 'objects');
  const uploads = openTable<Upload>(root, 'uploads');
  const parts = openTable<Part>(root, 'parts');
  const bucketTable = root.openDB<{ createdAt: number }, string>({ name: 'buckets' });
  const blobs = openBlobs(join(dir, 'blobs'));
  collectOrphans(blobs, [objects, parts]);
  const commit = <T>(work: () => T): T => root.transactionSync(work);

  return {
    blobs,
    uploads,
    parts,
    commit,
    buckets: () => [...bucketTable.getRange()].map(({ key, value }) => ({ name: key, createdAt: value.createdAt })),
    hasBucket: (name) => bucketTable.doesExist(name),
    createBucket: (name, createdAt) => commit(() => void bucketTable.put(name, { createdAt })),
    deleteBucket: (name) => commit(() => void bucketTable.remove(name)),
    find: (bucket, key) => objects.get(indexKey(bucket, key)),
    read: (record, range) => blobs.read(record.blob, range),
    put(bucket, key, record, check) {
      const at = indexKey(bucket, key);
      const previous = commit(() => {
        const existing = objects.get(at);
        check?.(existing);
        objects.put(at, record);
        return existing;
      });
      if (previous) blobs.remove(previous.blob);
    },
    delete(bucket, key, check) {
      const at = indexKey(bucket, key);
      const previous = commit(() => {
        const existing = objects.get(at);
        check?.(existing);
        objects.remove(at);
        return existing;
      });
      if (previous) blobs.remove(previous.blob);
    },
    *list(bucket, start) {
      const prefix = Buffer.from(bucket + SEPARATOR);
      const end = Buffer.from(`${bucket}\u0001`);
      for (const { key, value } of objects.getRange({ start: indexKey(bucket, start), end })) {
        yield { key: key.subarray(prefix.length), record: value };
      }
    },
    close: () => root.close(),
  };
}

const openTable = <T>(root: RootDatabase, name: string): Database<T, Buffer> =>
  root.openDB<T, Buffer>({ name, keyEncoding: 'binary' });

/** A crash between a blob and its commit leaves a blob that no record names. */
function collectOrphans(blobs: Blobs, tables: readonly Database<{ blob: string }, Buffer>[]): void {
  const known = new Set<string>();
  for (const table of tables) for (const { value } of table.getRange()) known.add(value.blob);
  for (const blob of blobs.list()) if (!known.has(blob)) blobs.remove(blob);
}
