import type { Xml } from '../../xml';
import { readEncoding } from '../listing/encode-name';
import { versionsPage } from '../listing/versions-page';
import type { BucketRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';
import { numberParameter } from '../s3-request';
import { xmlDocument } from '../s3-xml';
import { isDeleteMarker, type VersionRecord } from '../store/object-record';

const LARGEST_PAGE = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
export function listObjectVersions(request: BucketRequest, context: S3Context): S3Response {
  const { bucket, query } = request;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') || undefined;
  const encode = readEncoding(query);
  const keyMarker = query.get('key-marker') || undefined;
  const versionIdMarker = query.get('version-id-marker') || undefined;
  if (versionIdMarker !== undefined && keyMarker === undefined)
    throw new S3Error('InvalidArgument', 'A version-id marker cannot be specified without a key marker.');
  const maxKeys = Math.min(numberParameter(query, 'max-keys', LARGEST_PAGE), LARGEST_PAGE);
  const page = versionsPage(context.store, { bucket, prefix, delimiter, keyMarker, versionIdMarker, maxKeys });
  const describe = ({ key, record, isLatest }: (typeof page.entries)[number]): Xml => ({
    Key: encode(key),
    VersionId: record.versionId,
    IsLatest: isLatest,
    LastModified: new Date(record.lastModified).toISOString(),
    ...(!isDeleteMarker(record) && bytesOf(record)),
    Owner: { ID: context.accountId },
  });
  return {
    status: 200,
    body: xmlDocument('ListVersionsResult', {
      Name: bucket,
      Prefix: encode(prefix),
      KeyMarker: encode(keyMarker ?? ''),
      VersionIdMarker: versionIdMarker ?? '',
      NextKeyMarker: page.next && encode(page.next.key),
      NextVersionIdMarker: page.next?.versionId,
      MaxKeys: maxKeys,
      Delimiter: delimiter && encode(delimiter),
      EncodingType: query.get('encoding-type'),
      IsTruncated: page.next !== undefined,
      Version: page.entries.filter(({ record }) => !isDeleteMarker(record)).map(describe),
      DeleteMarker: page.entries.filter(({ record }) => isDeleteMarker(record)).map(describe),
      CommonPrefixes: page.commonPrefixes.map((name) => ({ Prefix: encode(name) })),
    }),
  };
}

const bytesOf = ({
  etag,
  size,
  storageClass,
  checksum,
}: Exclude<VersionRecord, { isDeleteMarker: true }>): Record<string, Xml> => ({
  ETag: `"${etag}"`,
  ChecksumAlgorithm: checksum?.algorithm,
  ChecksumType: checksum?.type,
  Size: size,
  StorageClass: storageClass,
});
