import { read } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import type { ByteRange } from '../../../http/byte-range';
import { BrokenObjectError, type FilePiece } from './body';
import { cutOff } from './cut-off';
import { openFiles } from './open-files';

/** Large reads, and buffers that are used again: a fresh one a read would cost more than the read. */
const CHUNK_BYTES = 256 * 1024;
const MOST_SPARE = 32;
const spare: Buffer[] = [];
const readFile = promisify(read);

/**
 * Writes a range of an object's files to a viewer: the next chunk is read while the one before goes out. Ends the response when all
 * is written; cuts the connection when the files are shorter than they should be, so that nobody takes a part for the whole.
 */
export async function sendFiles(
  response: ServerResponse,
  pieces: readonly FilePiece[],
  range: ByteRange,
): Promise<void> {
  const gone = whenGone(response);
  let written: Promise<unknown> = Promise.resolve();
  try {
    for await (const chunk of chunksOf(pieces, range)) {
      await Promise.race([written, gone.promise]);
      if (response.destroyed || gone.isGone()) return recycle(chunk.buffer);
      written = new Promise((resolve) => {
        response.write(chunk.bytes, () => {
          recycle(chunk.buffer);
          resolve(undefined);
        });
      });
    }
    response.end();
  } catch (error) {
    cutOff(response);
    if (!(error instanceof BrokenObjectError)) throw new BrokenObjectError('a file cannot be read', { cause: error });
    throw error;
  } finally {
    gone.stop();
  }
}

interface Chunk {
  readonly buffer: Buffer;
  readonly bytes: Buffer;
}

async function* chunksOf(pieces: readonly FilePiece[], { start, end }: ByteRange): AsyncGenerator<Chunk> {
  let offset = 0;
  for (const { path, size } of pieces) {
    const first = Math.max(start - offset, 0);
    const last = Math.min(end - offset, size - 1);
    offset += size;
    if (first > last) continue;
    const { descriptor, release } = await openFiles.acquire(path);
    try {
      for (let at = first; at <= last; ) {
        const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
        const { bytesRead } = await readFile(descriptor, buffer, 0, Math.min(CHUNK_BYTES, last - at + 1), at);
        if (bytesRead === 0) throw new BrokenObjectError('a file of the object ends too early');
        at += bytesRead;
        yield { buffer, bytes: buffer.subarray(0, bytesRead) };
      }
    } finally {
      release();
    }
  }
}

function recycle(buffer: Buffer): void {
  if (spare.length < MOST_SPARE) spare.push(buffer);
}

/** A viewer that goes away, also in the middle of a chunk. */
function whenGone(response: ServerResponse): { promise: Promise<void>; isGone: () => boolean; stop: () => void } {
  let gone = response.destroyed;
  let onClose = (): void => {};
  const promise = new Promise<void>((resolve) => {
    onClose = () => {
      gone = true;
      resolve();
    };
    response.once('close', onClose);
  });
  return { promise, isGone: () => gone, stop: () => void response.off('close', onClose) };
}
