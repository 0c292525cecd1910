import { S3Error } from './s3-error';

/** Both ends are included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a Range header. One range of bytes is honoured; what is malformed or asks for several is ignored, as S3 does.
 * @throws S3Error InvalidRange when it lies behind the object's end
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first, last] = header?.match(/^bytes=(\d*)-(\d*)$/) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first === '') return suffix(Number(last), size, header);
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= size) throw unsatisfiable(size, header);
  return { start, end };
}

function suffix(length: number, size: number, header: string | undefined): ByteRange {
  if (length === 0 || size === 0) throw unsatisfiable(size, header);
  return { start: Math.max(0, size - length), end: size - 1 };
}

const unsatisfiable = (size: number, header = ''): S3Error =>
  new S3Error('InvalidRange', undefined, { RangeRequested: header, ActualObjectSize: String(size) });
