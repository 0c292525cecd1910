import { type BucketRequest, bucketArn, type S3Answer, type S3Context } from '../request-context';
import { S3Error } from '../s3-error';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export function deleteBucket(request: BucketRequest, context: S3Context): S3Answer {
  const { bucket } = request;
  context.mayOrThrow(request, 's3:DeleteBucket', bucketArn(bucket));
  if (!context.store.isEmpty(bucket)) throw new S3Error('BucketNotEmpty', undefined, { BucketName: bucket });
  context.store.deleteBucket(bucket);
  context.settings.forget(bucket);
  return { status: 204 };
}
