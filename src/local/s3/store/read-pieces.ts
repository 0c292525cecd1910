import { pipeline, Readable, Transform } from 'node:stream';
import type { Blobs } from './blobs';
import type { Piece } from './object-record';

interface Segment {
  readonly blob: string;
  readonly start: number;
  readonly end: number;
}

/** The bytes of an object, or a range of them. Its blobs stay until it ends, also when the object is replaced or deleted meanwhile. */
export function readPieces(blobs: Blobs, pieces: readonly Piece[], range?: { start: number; end: number }): Readable {
  const segments = segmentsOf(pieces, range);
  const [only] = segments;
  if (!only) return Readable.from([]);
  if (segments.length === 1) return inFull(blobs, only);
  const release = blobs.retain(segments.map(({ blob }) => blob));
  return Readable.from(joined(blobs, segments), { objectMode: false }).on('close', release);
}

async function* joined(blobs: Blobs, segments: readonly Segment[]): AsyncGenerator<Buffer> {
  for (const segment of segments) yield* inFull(blobs, segment);
}

/** A blob that is shorter than its record says ends in an error: its reader would take what comes next for the rest. */
function inFull(blobs: Blobs, segment: Segment): Readable {
  let missing = segment.end - segment.start + 1;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      missing -= chunk.length;
      done(undefined, chunk);
    },
    flush: (done) => done(missing === 0 ? null : new Error(`a blob is ${missing} bytes short`)),
  });
  // Who reads sees the error; there is nobody else to tell.
  pipeline(blobs.read(segment.blob, segment), counted, () => {});
  return counted;
}

function segmentsOf(pieces: readonly Piece[], range: { start: number; end: number } | undefined): Segment[] {
  const segments: Segment[] = [];
  let offset = 0;
  for (const { blob, size } of pieces) {
    const start = Math.max((range?.start ?? 0) - offset, 0);
    const end = Math.min((range?.end ?? Number.POSITIVE_INFINITY) - offset, size - 1);
    if (start <= end) segments.push({ blob, start, end });
    offset += size;
  }
  return segments;
}
