import type { BucketRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export function deleteBucket(request: BucketRequest, context: S3Context): S3Response {
  const { bucket } = request;
  if (!context.store.isEmpty(bucket)) throw new S3Error('BucketNotEmpty', undefined, { BucketName: bucket });
  context.store.deleteBucket(bucket);
  context.settings.delete(bucket);
  return { status: 204 };
}
