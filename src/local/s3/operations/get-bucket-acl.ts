import { type BucketRequest, bucketArn, type S3Context, type S3Response } from '../request-context';
import { ownerAcl } from './owner-acl';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html: with ACLs off, the owner alone, as S3 answers it. */
export function getBucketAcl(request: BucketRequest, context: S3Context): S3Response {
  context.requirePermission(request, 's3:GetBucketAcl', bucketArn(request.bucket));
  return { status: 200, body: ownerAcl(context.accountId) };
}
