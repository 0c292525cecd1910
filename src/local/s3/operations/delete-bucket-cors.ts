import type { BucketRequest, S3Context, S3Response } from '../request-context';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html */
export function deleteBucketCors(request: BucketRequest, context: S3Context): S3Response {
  context.store.changeBucket(request.bucket, { cors: undefined });
  return { status: 204 };
}
