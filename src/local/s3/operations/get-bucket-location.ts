import { type BucketRequest, bucketArn, type S3Context, type S3Response } from '../request-context';
import { xmlDocument } from '../s3-xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html: us-east-1 is written as nothing. */
export function getBucketLocation(request: BucketRequest, context: S3Context): S3Response {
  context.requirePermission(request, 's3:GetBucketLocation', bucketArn(request.bucket));
  const { region } = context;
  return { status: 200, body: xmlDocument('LocationConstraint', region === 'us-east-1' ? undefined : region) };
}
