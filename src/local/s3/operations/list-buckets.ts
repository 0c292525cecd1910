import type { S3Context, S3Response } from '../request-context';
import type { S3Request } from '../s3-request';
import { xmlDocument } from '../s3-xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export function listBuckets(request: S3Request, context: S3Context): S3Response {
  const prefix = request.query.get('prefix') ?? '';
  const Bucket = context.store
    .buckets()
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt).toISOString() }));
  const body = xmlDocument('ListAllMyBucketsResult', { Owner: { ID: context.accountId }, Buckets: { Bucket } });
  return { status: 200, body };
}
