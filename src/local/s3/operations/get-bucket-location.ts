import type { BucketRequest, S3Context, S3Response } from '../request-context';
import { xmlDocument } from '../s3-xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html: us-east-1 is written as nothing. */
export function getBucketLocation(_request: BucketRequest, context: S3Context): S3Response {
  const { region } = context;
  return { status: 200, body: xmlDocument('LocationConstraint', region === 'us-east-1' ? undefined : region) };
}
