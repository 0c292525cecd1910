import { textOf } from '../../xml';
import { readXmlBody } from '../body/read-xml-body';
import type { BucketRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';
import { isBucketName } from './bucket-name';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html: in us-east-1 one's own bucket may be made again. */
export async function createBucket(request: BucketRequest, context: S3Context): Promise<S3Response> {
  const { bucket } = request;
  if (!isBucketName(bucket)) throw new S3Error('InvalidBucketName', undefined, { BucketName: bucket });
  const location = textOf(await readXmlBody(request), 'LocationConstraint');
  if (location !== undefined && location !== '' && location !== context.region)
    throw new S3Error('InvalidLocationConstraint', undefined, { LocationConstraint: location });
  const isThere = context.store.findBucket(bucket) !== undefined;
  if (isThere && context.region !== 'us-east-1')
    throw new S3Error('BucketAlreadyOwnedByYou', undefined, { BucketName: bucket });
  if (!isThere) context.store.createBucket(bucket, context.now().getTime());
  return { status: 200, headers: { location: `/${bucket}` } };
}
