import { type ByteRange, readRange as readByteRange } from '../../http/byte-range';
import { S3Error } from '../s3-error';

/** The range of a Range header, as S3 takes it. @throws S3Error InvalidRange when it lies behind the object's end */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const range = readByteRange(header, size);
  if (range !== 'unsatisfiable') return range;
  throw new S3Error('InvalidRange', undefined, { RangeRequested: header ?? '', ActualObjectSize: String(size) });
}
