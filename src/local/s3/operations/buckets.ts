import { type BucketRequest, bucketArn, type S3Answer, type S3Context } from '../operation';
import { readXmlBody } from '../read-xml-body';
import { S3Error } from '../s3-error';
import type { S3Request } from '../s3-request';
import { textOf, xmlDocument } from '../xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export function listBuckets(request: S3Request, context: S3Context): S3Answer {
  context.mayOrThrow(request, 's3:ListAllMyBuckets', '*');
  const prefix = request.query.get('prefix') ?? '';
  const Bucket = context.store
    .buckets()
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt).toISOString() }));
  const body = xmlDocument('ListAllMyBucketsResult', { Owner: { ID: context.accountId }, Buckets: { Bucket } });
  return { status: 200, body };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html: a second bucket of a name is refused everywhere. */
export async function createBucket(request: BucketRequest, context: S3Context): Promise<S3Answer> {
  const { bucket } = request;
  context.mayOrThrow(request, 's3:CreateBucket', bucketArn(bucket));
  if (!isBucketName(bucket)) throw new S3Error('InvalidBucketName', undefined, { BucketName: bucket });
  const location = textOf(await readXmlBody(request), 'LocationConstraint');
  if (location !== undefined && location !== '' && location !== context.region)
    throw new S3Error('InvalidLocationConstraint', undefined, { LocationConstraint: location });
  if (context.store.findBucket(bucket)) throw new S3Error('BucketAlreadyOwnedByYou', undefined, { BucketName: bucket });
  context.store.createBucket(bucket, context.now().getTime());
  return { status: 200, headers: { location: `/${bucket}` } };
}

export const isBucketName = (name: string): boolean =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !/\.\.|^\d+\.\d+\.\d+\.\d+$/.test(name);

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export function deleteBucket(request: BucketRequest, context: S3Context): S3Answer {
  const { bucket } = request;
  context.mayOrThrow(request, 's3:DeleteBucket', bucketArn(bucket));
  if (!context.store.isEmpty(bucket)) throw new S3Error('BucketNotEmpty', undefined, { BucketName: bucket });
  context.store.deleteBucket(bucket);
  context.settings.forget(bucket);
  return { status: 204 };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export function headBucket(request: BucketRequest, context: S3Context): S3Answer {
  context.mayOrThrow(request, 's3:ListBucket', bucketArn(request.bucket));
  return { status: 200, headers: { 'x-amz-bucket-region': context.region } };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html: us-east-1 is written as nothing. */
export function getBucketLocation(request: BucketRequest, context: S3Context): S3Answer {
  context.mayOrThrow(request, 's3:GetBucketLocation', bucketArn(request.bucket));
  const { region } = context;
  return { status: 200, body: xmlDocument('LocationConstraint', region === 'us-east-1' ? undefined : region) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html */
export function getBucketVersioning(request: BucketRequest, context: S3Context): S3Answer {
  context.mayOrThrow(request, 's3:GetBucketVersioning', bucketArn(request.bucket));
  const Status = context.store.findBucket(request.bucket)?.versioning;
  return { status: 200, body: xmlDocument('VersioningConfiguration', { Status }) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html */
export async function putBucketVersioning(request: BucketRequest, context: S3Context): Promise<S3Answer> {
  context.mayOrThrow(request, 's3:PutBucketVersioning', bucketArn(request.bucket));
  const xml = await readXmlBody(request);
  const status = textOf(xml, 'Status');
  if (textOf(xml, 'MfaDelete') === 'Enabled') throw new S3Error('NotImplemented', 'home does not do MFA delete');
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Error('IllegalVersioningConfigurationException');
  context.store.setVersioning(request.bucket, status);
  return { status: 200 };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html */
export function getBucketPolicy(request: BucketRequest, context: S3Context): S3Answer {
  context.mayOrThrow(request, 's3:GetBucketPolicy', bucketArn(request.bucket));
  const { policy } = context.settings.of(request.bucket);
  if (!policy) throw new S3Error('NoSuchBucketPolicy', undefined, { BucketName: request.bucket });
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(policy) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html */
export function getBucketCors(request: BucketRequest, context: S3Context): S3Answer {
  context.mayOrThrow(request, 's3:GetBucketCORS', bucketArn(request.bucket));
  const { cors } = context.settings.of(request.bucket);
  if (!cors) throw new S3Error('NoSuchCORSConfiguration', undefined, { BucketName: request.bucket });
  const CORSRule = cors.map((rule) => ({
    AllowedHeader: rule.allowedHeaders,
    AllowedMethod: rule.allowedMethods,
    AllowedOrigin: rule.allowedOrigins,
    ExposeHeader: rule.exposedHeaders,
    MaxAgeSeconds: rule.maxAge,
  }));
  return { status: 200, body: xmlDocument('CORSConfiguration', { CORSRule }) };
}
