import type { BucketRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html */
export function getBucketPolicy(request: BucketRequest, context: S3Context): S3Response {
  const { policy } = context.settings.get(request.bucket);
  if (!policy) throw new S3Error('NoSuchBucketPolicy', undefined, { BucketName: request.bucket });
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(policy) };
}
