import type { BucketRequest, ObjectRequest, S3Answer, S3Context } from '../operation';
import { S3Error } from '../s3-error';
import type { S3Request } from '../s3-request';
import { copyObject } from './copy-object';
import { deleteObject, deleteObjects } from './delete-object';
import { getObject, headObject } from './get-object';
import { getBucketLocation, headBucket } from './head-bucket';
import { listBuckets } from './list-buckets';
import { listObjects, listObjectsV2 } from './list-objects';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listParts,
  uploadPart,
} from './multipart-upload';
import { putObject } from './put-object';

type Handler<R> = (request: R, context: S3Context) => S3Answer | Promise<S3Answer>;

/** How a request names an operation: its method, and the parameters and headers that must be there. */
interface Row<R> {
  readonly method: string;
  readonly query?: readonly string[];
  readonly header?: string;
  readonly handle: Handler<R>;
}

/** The first row that matches wins, so the more particular stand first. */
const SERVICE: Readonly<Record<'ListBuckets', Row<S3Request>>> = {
  ListBuckets: { method: 'GET', handle: listBuckets },
};

const BUCKET: Readonly<Record<string, Row<BucketRequest>>> = {
  GetBucketLocation: { method: 'GET', query: ['location'], handle: getBucketLocation },
  ListObjectsV2: { method: 'GET', query: ['list-type'], handle: listObjectsV2 },
  ListObjects: { method: 'GET', handle: listObjects },
  HeadBucket: { method: 'HEAD', handle: headBucket },
  DeleteObjects: { method: 'POST', query: ['delete'], handle: deleteObjects },
};

const OBJECT: Readonly<Record<string, Row<ObjectRequest>>> = {
  ListParts: { method: 'GET', query: ['uploadId'], handle: listParts },
  GetObject: { method: 'GET', handle: getObject },
  HeadObject: { method: 'HEAD', handle: headObject },
  UploadPart: { method: 'PUT', query: ['partNumber', 'uploadId'], handle: uploadPart },
  CopyObject: { method: 'PUT', header: 'x-amz-copy-source', handle: copyObject },
  PutObject: { method: 'PUT', handle: putObject },
  AbortMultipartUpload: { method: 'DELETE', query: ['uploadId'], handle: abortMultipartUpload },
  DeleteObject: { method: 'DELETE', handle: deleteObject },
  CreateMultipartUpload: { method: 'POST', query: ['uploads'], handle: createMultipartUpload },
  CompleteMultipartUpload: { method: 'POST', query: ['uploadId'], handle: completeMultipartUpload },
};

/** Parameters that ask for an operation home does not have. Source: the operations of the Amazon S3 API Reference. */
const NOT_IMPLEMENTED = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'logging',
  'metadataTable',
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
export async function runOperation(request: S3Request, context: S3Context): Promise<S3Answer> {
  const { bucket, key } = request;
  if (bucket === undefined) return choose(SERVICE, request)(request, context);
  if (!context.store.hasBucket(bucket)) throw new S3Error('NoSuchBucket', undefined, { BucketName: bucket });
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
  const foreign = NOT_IMPLEMENTED.find((name) => query.has(name) && !row?.query?.includes(name));
  if (foreign) throw new S3Error('NotImplemented', `home does not do ${method} ?${foreign}`, { Header: foreign });
  if (!row) throw new S3Error('MethodNotAllowed', undefined, { Method: method });
  return row.handle;
}
