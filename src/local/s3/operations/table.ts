import type { BucketRequest, ObjectRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';
import type { S3Request } from '../s3-request';
import { abortMultipartUpload } from './abort-multipart-upload';
import { completeMultipartUpload } from './complete-multipart-upload';
import { copyObject } from './copy-object';
import { createBucket } from './create-bucket';
import { createMultipartUpload } from './create-multipart-upload';
import { deleteBucket } from './delete-bucket';
import { deleteBucketCors } from './delete-bucket-cors';
import { deleteObject } from './delete-object';
import { deleteObjectTagging } from './delete-object-tagging';
import { deleteObjects } from './delete-objects';
import { getBucketAcl } from './get-bucket-acl';
import { getBucketCors } from './get-bucket-cors';
import { getBucketLocation } from './get-bucket-location';
import { getBucketPolicy } from './get-bucket-policy';
import { getBucketVersioning } from './get-bucket-versioning';
import { getObject } from './get-object';
import { getObjectAcl } from './get-object-acl';
import { getObjectAttributes } from './get-object-attributes';
import { getObjectTagging } from './get-object-tagging';
import { headBucket } from './head-bucket';
import { headObject } from './head-object';
import { listBuckets } from './list-buckets';
import { listMultipartUploads } from './list-multipart-uploads';
import { listObjectVersions } from './list-object-versions';
import { listObjects } from './list-objects';
import { listObjectsV2 } from './list-objects-v2';
import { listParts } from './list-parts';
import { putBucketCors } from './put-bucket-cors';
import { putBucketVersioning } from './put-bucket-versioning';
import { putObject } from './put-object';
import { putObjectTagging } from './put-object-tagging';
import { uploadPart } from './upload-part';
import { uploadPartCopy } from './upload-part-copy';

type Handler<R> = (request: R, context: S3Context) => S3Response | Promise<S3Response>;

/** How a request names an operation: its method, and the parameters and headers that must be there. */
interface Row<R> {
  readonly method: string;
  readonly query?: readonly string[];
  /** Parameters that the operation reads, though they may be missing. */
  readonly takes?: readonly string[];
  readonly header?: string;
  readonly handle: Handler<R>;
}

/** The first row that matches wins, so the more particular stand first. */
const SERVICE: Readonly<Record<'ListBuckets', Row<S3Request>>> = {
  ListBuckets: { method: 'GET', handle: listBuckets },
};

const BUCKET: Readonly<Record<string, Row<BucketRequest>>> = {
  GetBucketAcl: { method: 'GET', query: ['acl'], handle: getBucketAcl },
  GetBucketCors: { method: 'GET', query: ['cors'], handle: getBucketCors },
  PutBucketCors: { method: 'PUT', query: ['cors'], handle: putBucketCors },
  DeleteBucketCors: { method: 'DELETE', query: ['cors'], handle: deleteBucketCors },
  GetBucketLocation: { method: 'GET', query: ['location'], handle: getBucketLocation },
  GetBucketPolicy: { method: 'GET', query: ['policy'], handle: getBucketPolicy },
  GetBucketVersioning: { method: 'GET', query: ['versioning'], handle: getBucketVersioning },
  PutBucketVersioning: { method: 'PUT', query: ['versioning'], handle: putBucketVersioning },
  ListMultipartUploads: { method: 'GET', query: ['uploads'], handle: listMultipartUploads },
  ListObjectVersions: { method: 'GET', query: ['versions'], handle: listObjectVersions },
  ListObjectsV2: { method: 'GET', query: ['list-type'], handle: listObjectsV2 },
  ListObjects: { method: 'GET', handle: listObjects },
  HeadBucket: { method: 'HEAD', handle: headBucket },
  DeleteObjects: { method: 'POST', query: ['delete'], handle: deleteObjects },
  DeleteBucket: { method: 'DELETE', handle: deleteBucket },
  CreateBucket: { method: 'PUT', handle: createBucket },
};

const OBJECT: Readonly<Record<string, Row<ObjectRequest>>> = {
  GetObjectAcl: { method: 'GET', query: ['acl'], takes: ['versionId'], handle: getObjectAcl },
  GetObjectAttributes: { method: 'GET', query: ['attributes'], takes: ['versionId'], handle: getObjectAttributes },
  GetObjectTagging: { method: 'GET', query: ['tagging'], takes: ['versionId'], handle: getObjectTagging },
  ListParts: { method: 'GET', query: ['uploadId'], handle: listParts },
  GetObject: { method: 'GET', takes: ['versionId', 'partNumber'], handle: getObject },
  HeadObject: { method: 'HEAD', takes: ['versionId', 'partNumber'], handle: headObject },
  UploadPartCopy: {
    method: 'PUT',
    query: ['partNumber', 'uploadId'],
    header: 'x-amz-copy-source',
    handle: uploadPartCopy,
  },
  UploadPart: { method: 'PUT', query: ['partNumber', 'uploadId'], handle: uploadPart },
  PutObjectTagging: { method: 'PUT', query: ['tagging'], takes: ['versionId'], handle: putObjectTagging },
  CopyObject: { method: 'PUT', header: 'x-amz-copy-source', handle: copyObject },
  PutObject: { method: 'PUT', handle: putObject },
  DeleteObjectTagging: { method: 'DELETE', query: ['tagging'], takes: ['versionId'], handle: deleteObjectTagging },
  AbortMultipartUpload: { method: 'DELETE', query: ['uploadId'], handle: abortMultipartUpload },
  DeleteObject: { method: 'DELETE', takes: ['versionId'], handle: deleteObject },
  CreateMultipartUpload: { method: 'POST', query: ['uploads'], handle: createMultipartUpload },
  CompleteMultipartUpload: { method: 'POST', query: ['uploadId'], handle: completeMultipartUpload },
};

/** Parameters that choose an operation; one that the matching row does not know asks for what home does not have. */
const CHOOSING = [
  'abac',
  'accelerate',
  'acl',
  'analytics',
  'annotation',
  'attributes',
  'cors',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'logging',
  'metadataTable',
  'metadataConfiguration',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'partNumber',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
] as const;

/** Runs the operation that the request names. */
export async function runOperation(request: S3Request, context: S3Context): Promise<S3Response> {
  const { bucket, key } = request;
  if (bucket === undefined) return choose(SERVICE, request)(request, context);
  if (!context.store.findBucket(bucket)) {
    const creates = key === undefined && choose(BUCKET, { ...request, bucket }) === createBucket;
    if (!creates) throw new S3Error('NoSuchBucket', undefined, { BucketName: bucket });
  }
  if (key === undefined) return choose(BUCKET, { ...request, bucket })({ ...request, bucket }, context);
  return choose(OBJECT, { ...request, bucket, key })({ ...request, bucket, key }, context);
}

function choose<R extends S3Request>(rows: Readonly<Record<string, Row<R>>>, request: R): Handler<R> {
  const { method, query, headers } = request;
  const row = Object.values(rows).find(
    (candidate) =>
      candidate.method === method &&
      (candidate.query ?? []).every((name) => query.has(name)) &&
      (candidate.header === undefined || headers[candidate.header] !== undefined),
  );
  const known = [...(row?.query ?? []), ...(row?.takes ?? [])];
  const foreign = CHOOSING.find((name) => query.has(name) && !known.includes(name));
  if (foreign) throw new S3Error('NotImplemented', `home does not do ${method} ?${foreign}`, { Header: foreign });
  if (!row) throw new S3Error('MethodNotAllowed', undefined, { Method: method });
  return row.handle;
}
