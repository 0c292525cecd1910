import { randomBytes } from 'node:crypto';
import { createReadStream, mkdirSync, openSync, readdirSync, unlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/**
 * Object data, one file each, under random names: an object's key never touches the file system. A blob is written once and never
 * changed, so whoever has it open reads it whole, whatever happens to its object.
 */
export interface Blobs {
  create(): Promise<BlobWriter>;
  /** `start` and `end` are both included. The blob is open when this returns. */
  read(blob: string, range?: { start: number; end: number }): Readable;
  /** The file, for who reads it by itself while it retains the blob. */
  pathOf(blob: string): string;
  /** Removed at once, or when the last who retained it lets go. */
  remove(blob: string): void;
  /** Keeps blobs that are to be opened later; returns what lets go of them. */
  retain(blobs: readonly string[]): () => void;
  /** Every blob there is. */
  list(): Generator<string>;
}

export interface BlobWriter {
  write(bytes: Buffer): Promise<void>;
  /** Returns once the bytes and the file's name are on the disk. */
  finish(): Promise<string>;
  abandon(): Promise<void>;
}

/** Two hexadecimal digits: keeps folders small with millions of objects. */
const SHARDS: readonly string[] = Array.from({ length: 256 }, (_none, index) => index.toString(16).padStart(2, '0'));

const WRITE_BUFFER_BYTES = 1024 * 1024;
const READ_BUFFER_BYTES = 256 * 1024;

export function openBlobs(dir: string): Blobs {
  for (const shard of SHARDS) mkdirSync(join(dir, shard), { recursive: true, mode: 0o700 });
  const pathOf = (blob: string): string => join(dir, blob.slice(0, 2), blob);
  const retained = new Map<string, number>();
  const doomed = new Set<string>();
  function release(blob: string): void {
    const others = (retained.get(blob) ?? 1) - 1;
    if (others > 0) retained.set(blob, others);
    else {
      retained.delete(blob);
      if (doomed.delete(blob)) unlink(pathOf(blob));
    }
  }
  return {
    create: () => createBlob(pathOf),
    pathOf,
    read: (blob, range) => {
      const fd = openSync(pathOf(blob), 'r');
      return createReadStream('', { fd, start: 0, ...range, highWaterMark: READ_BUFFER_BYTES });
    },
    remove(blob) {
      if (retained.has(blob)) doomed.add(blob);
      else unlink(pathOf(blob));
    },
    retain(names) {
      for (const blob of names) retained.set(blob, (retained.get(blob) ?? 0) + 1);
      return () => {
        for (const blob of names) release(blob);
      };
    },
    *list() {
      for (const shard of SHARDS) yield* readdirSync(join(dir, shard));
    },
  };
}

function unlink(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function createBlob(pathOf: (blob: string) => string): Promise<BlobWriter> {
  const blob = randomBytes(16).toString('hex');
  const path = pathOf(blob);
  const file = await open(path, 'wx', 0o600);
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  const flush = async (): Promise<void> => {
    if (pendingBytes > 0) await writeWhole(file, pending);
    pending = [];
    pendingBytes = 0;
  };
  return {
    async write(bytes) {
      pending.push(bytes);
      pendingBytes += bytes.length;
      if (pendingBytes >= WRITE_BUFFER_BYTES) await flush();
    },
    async finish() {
      await flush();
      await file.sync();
      await file.close();
      await syncFolder(join(path, '..'));
      return blob;
    },
    async abandon() {
      await file.close();
      unlinkSync(path);
    },
  };
}

/** A full disk may take a part of a write: the rest is tried again, and then fails. */
async function writeWhole(file: FileHandle, pieces: readonly Buffer[]): Promise<void> {
  let rest = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
  while (rest.length > 0) {
    const { bytesWritten } = await file.write(rest);
    rest = rest.subarray(bytesWritten);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
