import type { Xml } from '../../xml';
import { readEncoding } from '../listing/encode-name';
import { listPage } from '../listing/list-page';
import { type BucketRequest, bucketArn, type S3Answer, type S3Context } from '../request-context';
import { S3Error } from '../s3-error';
import { numberParameter } from '../s3-request';
import { xmlDocument } from '../s3-xml';
import type { ObjectRecord } from '../store/object-record';

const LARGEST_PAGE = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjectsV2(request: BucketRequest, context: S3Context): S3Answer {
  const { query } = request;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const { page, common, encode } = list(request, context, token ? readToken(token) : startAfter);
  const { next } = page;
  return xml({
    ...common,
    KeyCount: page.contents.length + page.commonPrefixes.length,
    ContinuationToken: token,
    NextContinuationToken: next && Buffer.from(next).toString('base64url'),
    StartAfter: startAfter === undefined ? undefined : encode(startAfter),
    Contents: page.contents.map(({ key, record }) =>
      describe(encode(key), record, query.get('fetch-owner') === 'true', context),
    ),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export function listObjects(request: BucketRequest, context: S3Context): S3Answer {
  const { query } = request;
  const { page, common, encode } = list(request, context, query.get('marker'));
  return xml({
    ...common,
    // Version 1 answers the prefix as it was asked for, whatever the encoding: botocore decodes all names but this one.
    Prefix: query.get('prefix') ?? '',
    Marker: encode(query.get('marker') ?? ''),
    NextMarker: page.next !== undefined && query.has('delimiter') ? encode(page.next) : undefined,
    Contents: page.contents.map(({ key, record }) => describe(encode(key), record, true, context)),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
}

function list(request: BucketRequest, context: S3Context, after: string | undefined) {
  const { bucket, query } = request;
  const [prefix = '', delimiter] = [query.get('prefix'), query.get('delimiter')];
  context.mayOrThrow(request, 's3:ListBucket', bucketArn(bucket), {
    's3:prefix': query.get('prefix'),
    's3:delimiter': delimiter,
    's3:max-keys': query.get('max-keys'),
  });
  const encode = readEncoding(query);
  const maxKeys = Math.min(numberParameter(query, 'max-keys', LARGEST_PAGE), LARGEST_PAGE);
  const page = listPage(context.store, {
    bucket,
    prefix,
    delimiter: delimiter || undefined,
    after: after || undefined,
    maxKeys,
  });
  const common = {
    Name: bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter ? encode(delimiter) : undefined,
    MaxKeys: maxKeys,
    EncodingType: query.get('encoding-type'),
    IsTruncated: page.next !== undefined,
  };
  return { page, common, encode };
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (Buffer.from(text).toString('base64url') === token) return text;
  throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect', {
    ArgumentName: 'continuation-token',
  });
}

function describe(
  Key: string,
  { lastModified, etag, size, checksum, storageClass }: ObjectRecord,
  hasOwner: boolean,
  { accountId }: S3Context,
): Xml {
  return {
    Key,
    LastModified: new Date(lastModified).toISOString(),
    ETag: `"${etag}"`,
    ChecksumAlgorithm: checksum?.algorithm,
    ChecksumType: checksum?.type,
    Size: size,
    Owner: hasOwner ? { ID: accountId } : undefined,
    StorageClass: storageClass,
  };
}

const xml = (content: Xml): S3Answer => ({ status: 200, body: xmlDocument('ListBucketResult', content) });
