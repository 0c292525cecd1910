import { type BucketRequest, bucketArn, type S3Context, type S3Response } from '../request-context';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export function headBucket(request: BucketRequest, context: S3Context): S3Response {
  context.requirePermission(request, 's3:ListBucket', bucketArn(request.bucket));
  return { status: 200, headers: { 'x-amz-bucket-region': context.region } };
}
