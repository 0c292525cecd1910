import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import { numberParameter } from '../s3-request';
import { xmlDocument } from '../s3-xml';
import { findUpload, partsOf } from '../store/multipart-uploads';

const LARGEST_PAGE = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export function listParts(request: ObjectRequest, context: S3Context): S3Response {
  const { bucket, key, query } = request;
  const { id, upload } = findUpload(request, context.store);
  const marker = numberParameter(query, 'part-number-marker', 0);
  const most = Math.min(numberParameter(query, 'max-parts', LARGEST_PAGE), LARGEST_PAGE);
  const rest = partsOf(bucket, id, context.store).filter(({ number }) => number > marker);
  const page = rest.slice(0, most);
  return {
    status: 200,
    body: xmlDocument('ListPartsResult', {
      Bucket: bucket,
      Key: key,
      UploadId: id,
      Initiator: { ID: context.accountId },
      Owner: { ID: context.accountId },
      StorageClass: upload.storageClass,
      ChecksumAlgorithm: upload.checksum?.algorithm,
      ChecksumType: upload.checksum?.type,
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      MaxParts: most,
      IsTruncated: rest.length > page.length,
      Part: page.map(({ number, lastModified, md5, size, checksum }) => ({
        PartNumber: number,
        LastModified: new Date(lastModified).toISOString(),
        ETag: `"${md5}"`,
        Size: size,
        ...(checksum && { [`Checksum${checksum.algorithm}`]: checksum.value }),
      })),
    }),
  };
}
