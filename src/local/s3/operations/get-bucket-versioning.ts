import { type BucketRequest, bucketArn, type S3Context, type S3Response } from '../request-context';
import { xmlDocument } from '../s3-xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html */
export function getBucketVersioning(request: BucketRequest, context: S3Context): S3Response {
  context.requirePermission(request, 's3:GetBucketVersioning', bucketArn(request.bucket));
  const Status = context.store.findBucket(request.bucket)?.versioning;
  return { status: 200, body: xmlDocument('VersioningConfiguration', { Status }) };
}
