import type { BucketRequest, S3Context, S3Response } from '../request-context';
import { ownerAcl } from './owner-acl';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html: with ACLs off, the owner alone, as S3 answers it. */
export function getBucketAcl(_request: BucketRequest, context: S3Context): S3Response {
  return { status: 200, body: ownerAcl(context.accountId) };
}
