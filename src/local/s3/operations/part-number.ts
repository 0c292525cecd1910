import type { ObjectRequest } from '../request-context';
import { S3Error } from '../s3-error';
import { numberParameter } from '../s3-request';
import { MAX_PARTS } from '../store/multipart-uploads';

/** @throws S3Error InvalidArgument */
export function readPartNumber({ query }: ObjectRequest): number {
  const number = numberParameter(query, 'partNumber', 0);
  if (number >= 1 && number <= MAX_PARTS) return number;
  throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`);
}
