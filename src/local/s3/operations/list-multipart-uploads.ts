import { readEncoding } from '../listing/encode-name';
import type { BucketRequest, S3Context, S3Response } from '../request-context';
import { numberParameter } from '../s3-request';
import { xmlDocument } from '../s3-xml';
import { bucketRange } from '../store/object-index';

const LARGEST_PAGE = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html: by key, then by the time they began. */
export function listMultipartUploads(request: BucketRequest, context: S3Context): S3Response {
  const { bucket, query } = request;
  const { prefix, delimiter, keyMarker, idMarker } = {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') || undefined,
    keyMarker: query.get('key-marker') ?? '',
    idMarker: query.get('upload-id-marker') ?? '',
  };
  const encode = readEncoding(query);
  const most = Math.min(numberParameter(query, 'max-uploads', LARGEST_PAGE), LARGEST_PAGE);
  const offset = Buffer.byteLength(bucket) + 1;
  const rows = [...context.store.uploads.getRange(bucketRange(bucket))]
    .map(({ key, value }) => ({ ...value, id: key.subarray(offset).toString() }))
    .filter(({ key }) => key.startsWith(prefix))
    .filter(({ key, id }) => key > keyMarker || (key === keyMarker && idMarker !== '' && id > idMarker))
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || a.startedAt - b.startedAt);
  const common = (key: string): string | undefined => {
    const at = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
    return at < 0 || delimiter === undefined ? undefined : key.slice(0, at + delimiter.length);
  };
  const uploads = rows.filter(({ key }) => common(key) === undefined);
  const page = uploads.slice(0, most);
  const prefixes = [...new Set(rows.map(({ key }) => common(key)).filter((name) => name !== undefined))];
  const isTruncated = uploads.length > page.length;
  return {
    status: 200,
    body: xmlDocument('ListMultipartUploadsResult', {
      Bucket: bucket,
      KeyMarker: encode(keyMarker),
      UploadIdMarker: idMarker,
      NextKeyMarker: isTruncated ? encode(page.at(-1)?.key ?? '') : undefined,
      NextUploadIdMarker: isTruncated ? page.at(-1)?.id : undefined,
      Prefix: encode(prefix),
      Delimiter: delimiter && encode(delimiter),
      EncodingType: query.get('encoding-type'),
      MaxUploads: most,
      IsTruncated: isTruncated,
      Upload: page.map(({ key, id, startedAt, storageClass, checksum }) => ({
        Key: encode(key),
        UploadId: id,
        Initiator: { ID: context.accountId },
        Owner: { ID: context.accountId },
        StorageClass: storageClass,
        Initiated: new Date(startedAt).toISOString(),
        ChecksumAlgorithm: checksum?.algorithm,
        ChecksumType: checksum?.type,
      })),
      CommonPrefixes: prefixes.map((name) => ({ Prefix: encode(name) })),
    }),
  };
}
