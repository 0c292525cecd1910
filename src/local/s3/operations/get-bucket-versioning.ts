import type { BucketRequest, S3Context, S3Response } from '../request-context';
import { xmlDocument } from '../s3-xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html */
export function getBucketVersioning(request: BucketRequest, context: S3Context): S3Response {
  const Status = context.store.findBucket(request.bucket)?.versioning;
  return { status: 200, body: xmlDocument('VersioningConfiguration', { Status }) };
}
