import { elementsOf, textOf, textsOf } from '../../xml';
import { readXmlBody } from '../body/read-xml-body';
import { type BucketRequest, bucketArn, type S3Answer, type S3Context } from '../request-context';
import { S3Error } from '../s3-error';
import type { S3Request } from '../s3-request';
import { xmlDocument } from '../s3-xml';

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

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html: in us-east-1 one's own bucket may be made again. */
export async function createBucket(request: BucketRequest, context: S3Context): Promise<S3Answer> {
  const { bucket } = request;
  context.mayOrThrow(request, 's3:CreateBucket', bucketArn(bucket));
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
  context.store.changeBucket(request.bucket, { versioning: status });
  return { status: 200 };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html: with ACLs off, the owner alone, as S3 answers it. */
export function getBucketAcl(request: BucketRequest, context: S3Context): S3Answer {
  context.mayOrThrow(request, 's3:GetBucketAcl', bucketArn(request.bucket));
  return { status: 200, body: ownerAcl(context.accountId) };
}

export const ownerAcl = (ID: string): string =>
  xmlDocument('AccessControlPolicy', {
    Owner: { ID },
    AccessControlList: {
      Grant: {
        'Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"': { ID },
        Permission: 'FULL_CONTROL',
      },
    },
  });

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
  const cors = context.store.findBucket(request.bucket)?.cors;
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

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html */
export async function putBucketCors(request: BucketRequest, context: S3Context): Promise<S3Answer> {
  context.mayOrThrow(request, 's3:PutBucketCORS', bucketArn(request.bucket));
  const rules = elementsOf(await readXmlBody(request), 'CORSRule');
  if (rules.length === 0 || rules.length > 100) throw new S3Error('MalformedXML');
  const cors = rules.map((rule) => {
    const read = { allowedOrigins: textsOf(rule, 'AllowedOrigin'), allowedMethods: textsOf(rule, 'AllowedMethod') };
    const isKnown = read.allowedMethods.every((method) => ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'].includes(method));
    if (read.allowedOrigins.length === 0 || read.allowedMethods.length === 0 || !isKnown)
      throw new S3Error('MalformedXML');
    const maxAge = textOf(rule, 'MaxAgeSeconds');
    return {
      ...read,
      allowedHeaders: textsOf(rule, 'AllowedHeader'),
      exposedHeaders: textsOf(rule, 'ExposeHeader'),
      maxAge: maxAge === undefined ? undefined : Number(maxAge),
    };
  });
  context.store.changeBucket(request.bucket, { cors });
  return { status: 200 };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html */
export function deleteBucketCors(request: BucketRequest, context: S3Context): S3Answer {
  context.mayOrThrow(request, 's3:PutBucketCORS', bucketArn(request.bucket));
  context.store.changeBucket(request.bucket, { cors: undefined });
  return { status: 204 };
}
