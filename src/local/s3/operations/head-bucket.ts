import type { BucketRequest, S3Context, S3Response } from '../request-context';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export function headBucket(_request: BucketRequest, context: S3Context): S3Response {
  return { status: 200, headers: { 'x-amz-bucket-region': context.region } };
}
