import { type BucketRequest, bucketArn, type S3Context, type S3Response } from '../request-context';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html */
export function deleteBucketCors(request: BucketRequest, context: S3Context): S3Response {
  context.requirePermission(request, 's3:PutBucketCORS', bucketArn(request.bucket));
  context.store.changeBucket(request.bucket, { cors: undefined });
  return { status: 204 };
}
