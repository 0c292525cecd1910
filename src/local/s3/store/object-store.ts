import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import type { Database } from 'lmdb';
import { requirePackage } from '../../../packages/load-package';
import { type Blobs, openBlobs } from './blobs';
import { type BucketRecord, bucketRange, indexKey, keyOfVersion, openObjectIndex, openTable } from './object-index';
import type { MultipartUpload, Part } from './object-record';
import {
  type DeleteMarker,
  isDeleteMarker,
  type ObjectDraft,
  type ObjectRecord,
  type Piece,
  type VersionRecord,
} from './object-record';
import { readPieces } from './read-pieces';

/** A check of a conditional write: gets what the key holds before it, and throws to forbid it. */
export type WriteCheck = (previous: ObjectRecord | undefined) => void;

/**
 * Objects: blobs for the bytes, one ordered index (LMDB) that says which exist. An object exists from the one synchronous commit on that
 * puts its record into the index, after its blob is on the disk; so it is whole or absent, whenever the process or the power goes.
 * Several processes may read the index and the blobs; one writes.
 */
export interface ObjectStore {
  readonly blobs: Blobs;
  buckets(): { name: string; createdAt: number }[];
  findBucket(name: string): BucketRecord | undefined;
  createBucket(name: string, createdAt: number): void;
  /** Uploads that have not been completed go with it. */
  deleteBucket(name: string): void;
  changeBucket(name: string, change: Partial<BucketRecord>): void;
  /** Whether neither a version nor a delete marker is left. */
  isEmpty(bucket: string): boolean;
  find(bucket: string, key: string): ObjectRecord | undefined;
  findVersion(bucket: string, key: string, versionId: string): VersionRecord | undefined;
  /** `start` and `end` are both included. The blobs are opened at once, so that a later delete takes nothing away. */
  read(record: ObjectRecord, range?: { start: number; end: number }): Readable;
  /** Makes blobs an object; they are gone when it fails. */
  put(bucket: string, key: string, draft: ObjectDraft, check?: WriteCheck): Promise<ObjectRecord>;
  /**
   * Makes the parts of an upload an object, in one commit with the upload's end. `takeParts` sees what was there, may throw, and returns the
   * parts; those that the object does not use are returned.
   */
  completeUpload(
    bucket: string,
    key: string,
    draft: ObjectDraft,
    takeParts: (previous: ObjectRecord | undefined) => readonly Part[],
  ): Promise<{ record: ObjectRecord; unused: readonly Part[] }>;
  /** DELETE without a version id: puts a delete marker, or deletes an object that never had versions. */
  putDeleteMarker(
    bucket: string,
    key: string,
    lastModified: number,
    check?: WriteCheck,
  ): Promise<DeleteMarker | undefined>;
  /** DELETE of one version; an older one may become current again. */
  deleteVersion(bucket: string, key: string, versionId: string): Promise<VersionRecord | undefined>;
  /** Replaces a version's metadata and tags, not its bytes. */
  updateMetadata(bucket: string, key: string, record: ObjectRecord): Promise<void>;
  /** Objects in the order of their keys' bytes, from `start` on. */
  list(bucket: string, start: Buffer): Iterable<{ key: Buffer; record: ObjectRecord }>;
  /** The same of every version, the latest of a key first. */
  listVersions(bucket: string, start: Buffer): Iterable<{ key: Buffer; record: VersionRecord }>;
  readonly uploads: Database<MultipartUpload, Buffer>;
  readonly parts: Database<Part, Buffer>;
  /** One commit for all that happens inside, on the disk when the promise resolves. What throws inside must not have written. */
  commit<T>(work: () => T): Promise<T>;
  /** Calls the listener after each commit that changes what a GET of a key finds. */
  watch(listener: (bucket: string, key: string) => void): void;
  close(): Promise<void>;
}

export function openObjectStore(dir: string): ObjectStore {
  const { open } = requirePackage('lmdb', () => require('lmdb') as typeof import('lmdb'));
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  // Without overlappingSync a commit is on the disk before it is reported.
  const root = open({ path: join(dir, 'index'), maxDbs: 8, overlappingSync: false, mapSize: 2 ** 36 });
  const index = openObjectIndex(root);
  const uploads = openTable<MultipartUpload>(root, 'uploads');
  const parts = openTable<Part>(root, 'parts');
  const blobs = openBlobs(join(dir, 'blobs'));
  collectOrphans(blobs, index.versions, parts);

  /** Commits that wait for the disk at the same time share one. */
  async function commit<T>(work: () => T): Promise<T> {
    const outcome = await root.transaction(() => {
      try {
        return { value: work() };
      } catch (error) {
        return { error };
      }
    });
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }
  /** Commits before it returns. */
  const commitSync = <T>(work: () => T): T => root.transactionSync(work);
  const listeners: ((bucket: string, key: string) => void)[] = [];
  const notifyListeners = (bucket: string, key: string): void => {
    for (const listener of listeners) listener(bucket, key);
  };
  const discard = (record: VersionRecord | undefined): void => {
    if (record && !isDeleteMarker(record)) removePieces(blobs, record.pieces);
  };

  return {
    blobs,
    uploads,
    parts,
    commit,
    buckets: () => [...index.buckets.getRange()].map(({ key, value }) => ({ name: key, createdAt: value.createdAt })),
    findBucket: (name) => index.buckets.get(name),
    createBucket: (name, createdAt) => commitSync(() => index.buckets.putSync(name, { createdAt })),
    deleteBucket(name) {
      const ended = [...parts.getRange(bucketRange(name))].map(({ value }) => value);
      commitSync(() => {
        index.buckets.removeSync(name);
        for (const table of [uploads, parts])
          for (const key of [...table.getKeys(bucketRange(name))]) table.removeSync(key);
      });
      removePieces(blobs, ended);
    },
    changeBucket(name, change) {
      const record = index.buckets.get(name);
      // A commit waits for the disk, and every boot asks for what is there already.
      if (
        record &&
        Object.entries(change).some(([key, value]) => !isDeepStrictEqual(record[key as keyof BucketRecord], value))
      )
        commitSync(() => index.buckets.putSync(name, { ...record, ...change }));
    },
    isEmpty: (bucket) => [...index.versions.getKeys({ ...bucketRange(bucket), limit: 1 })].length === 0,
    find: (bucket, key) => index.current.get(indexKey(bucket, key)),
    findVersion: (bucket, key, versionId) => index.find(bucket, key, versionId),
    read: (record, range) => readPieces(blobs, record.pieces, range),
    async put(bucket, key, draft, check) {
      try {
        const { record, removed } = await commit(() => {
          check?.(index.current.get(indexKey(bucket, key)));
          return index.put(bucket, key, draft);
        });
        discard(removed);
        notifyListeners(bucket, key);
        return record;
      } catch (error) {
        removePieces(blobs, draft.pieces);
        throw error;
      }
    },
    async completeUpload(bucket, key, draft, takeParts) {
      const { record, removed, parts } = await commit(() => {
        const parts = takeParts(index.current.get(indexKey(bucket, key)));
        return { ...index.put(bucket, key, draft), parts };
      });
      discard(removed);
      notifyListeners(bucket, key);
      const used = new Set(draft.pieces.map(({ blob }) => blob));
      return { record, unused: parts.filter(({ blob }) => !used.has(blob)) };
    },
    async putDeleteMarker(bucket, key, lastModified, check) {
      const { record, removed } = await commit(() => {
        check?.(index.current.get(indexKey(bucket, key)));
        return index.putDeleteMarker(bucket, key, lastModified);
      });
      discard(removed);
      notifyListeners(bucket, key);
      return record;
    },
    async deleteVersion(bucket, key, versionId) {
      const { record, removed } = await commit(() => index.deleteVersion(bucket, key, versionId));
      discard(removed);
      notifyListeners(bucket, key);
      return record;
    },
    updateMetadata: (bucket, key, record) => commit(() => index.updateMetadata(bucket, key, record)),
    *list(bucket, start) {
      const range = { start: indexKey(bucket, start), end: bucketRange(bucket).end };
      for (const { key, value } of index.current.getRange(range)) {
        yield { key: key.subarray(Buffer.byteLength(bucket) + 1), record: value };
      }
    },
    *listVersions(bucket, start) {
      const range = { start: indexKey(bucket, start), end: bucketRange(bucket).end };
      for (const { key, value } of index.versions.getRange(range)) {
        yield { key: keyOfVersion(key, bucket), record: value };
      }
    },
    watch: (listener) => void listeners.push(listener),
    close: () => root.close(),
  };
}

export function removePieces(blobs: Blobs, pieces: readonly Pick<Piece, 'blob'>[]): void {
  for (const { blob } of pieces) blobs.remove(blob);
}

/** A crash between a blob and its commit leaves a blob that no record names. */
function collectOrphans(blobs: Blobs, versions: Database<VersionRecord, Buffer>, parts: Database<Part, Buffer>): void {
  const known = new Set<string>();
  for (const { value } of versions.getRange()) {
    if (!isDeleteMarker(value)) for (const { blob } of value.pieces) known.add(blob);
  }
  for (const { value } of parts.getRange()) known.add(value.blob);
  for (const blob of blobs.list()) if (!known.has(blob)) blobs.remove(blob);
}
