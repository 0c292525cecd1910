import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { openFiles } from './open-files';

/** An object's bytes on the origin's disk, side by side in files that nobody changes until they are released. */
export interface ObjectFiles {
  readonly size: number;
  readonly pieces: readonly FilePiece[];
  release(): void;
}

export interface FilePiece {
  readonly path: string;
  readonly size: number;
}

/** An answer's bytes: in memory, in files, or passing through once. */
export type Body =
  | MemoryBody
  | { readonly kind: 'files'; readonly files: SharedFiles }
  | { readonly kind: 'stream'; readonly stream: Readable };

export interface MemoryBody {
  readonly kind: 'memory';
  readonly bytes: Buffer;
  /** A small one as Latin-1 text too: headers and text go out in one write, which costs a sixth less than two. */
  readonly text: string | undefined;
}

/** A body that may be kept and read again. */
export type KeptBody = Exclude<Body, { readonly kind: 'stream' }>;

/** The origin's disk does not hold what the origin says it does. */
export class BrokenObjectError extends Error {
  override readonly name = 'BrokenObjectError';
  readonly code = 'ERR_BROKEN_OBJECT';
}

const LARGEST_TEXT = 8 * 1024;

export const inMemory = (bytes: Buffer): MemoryBody => ({
  kind: 'memory',
  bytes,
  text: bytes.length <= LARGEST_TEXT ? bytes.toString('latin1') : undefined,
});

/** The files belong to whoever makes this, until it lets go. */
export const inFiles = (files: ObjectFiles): KeptBody => ({ kind: 'files', files: new SharedFiles(files) });

export const sizeOf = (body: KeptBody): number => (body.kind === 'memory' ? body.bytes.length : body.files.size);

/** Files that a cache entry and any number of viewers use: let go when the last one does. */
export class SharedFiles {
  readonly size: number;
  readonly pieces: readonly FilePiece[];
  readonly #release: () => void;
  #users = 1;

  constructor({ size, pieces, release }: ObjectFiles) {
    this.size = size;
    this.pieces = pieces;
    this.#release = release;
  }

  use(): void {
    this.#users += 1;
  }

  letGo(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    for (const { path } of this.pieces) openFiles.forget(path);
    this.#release();
  }
}

export function useBody(body: Body): void {
  if (body.kind === 'files') body.files.use();
}

/** Nobody reads it any more: also what nobody has read. */
export function letGoOfBody(body: Body): void {
  if (body.kind === 'files') body.files.letGo();
  else if (body.kind === 'stream' && !body.stream.readableEnded) body.stream.destroy();
}

/** All of an object that is small enough to be kept in memory; its files are let go. @throws BrokenObjectError */
export function readWhole({ pieces, size, release }: ObjectFiles): Buffer {
  try {
    const bytes = Buffer.concat(pieces.map(({ path }) => readFileSync(path)));
    if (bytes.length === size) return bytes;
  } catch (error) {
    throw new BrokenObjectError('a file of the object cannot be read', { cause: error });
  } finally {
    release();
  }
  throw new BrokenObjectError('the object is not as long on the disk as the origin says');
}
