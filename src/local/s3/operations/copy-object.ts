import { checkReadConditions, checkWriteConditions } from '../conditions';
import { copyBlob } from '../copy-blob';
import { checksumHeaders, describeObject } from '../object-headers';
import type { ObjectRecord } from '../object-store';
import { type ObjectRequest, objectArn, type S3Answer, type S3Context } from '../operation';
import { S3Error } from '../s3-error';
import { decodeKey } from '../s3-request';
import { xmlDocument } from '../xml';
import { findReadable } from './get-object';
import { wholeSecond } from './put-object';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export async function copyObject(request: ObjectRequest, context: S3Context): Promise<S3Answer> {
  const { bucket, key, headers } = request;
  const { store } = context;
  const source = readSource(request, context);
  context.mayOrThrow(request, 's3:PutObject', objectArn(bucket, key));
  const directive = headers['x-amz-metadata-directive'] ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE')
    throw new S3Error('InvalidArgument', 'Unknown metadata directive.');
  if (directive === 'COPY' && source.isSelf) {
    throw new S3Error(
      'InvalidRequest',
      'This copy request is illegal because it is trying to copy an object to itself without changing the object’s metadata.',
    );
  }
  const described =
    directive === 'COPY'
      ? { headers: source.record.headers, metadata: source.record.metadata }
      : describeObject(headers);
  const blob = await copyBlob(store.blobs, [source.record.blob]);
  const { size, etag, checksum } = source.record;
  const record: ObjectRecord = { ...described, blob, size, etag, checksum, lastModified: wholeSecond(context.now()) };
  try {
    store.put(bucket, key, record, (previous) => checkWriteConditions(headers, previous));
  } catch (error) {
    store.blobs.remove(blob);
    throw error;
  }
  const LastModified = new Date(record.lastModified).toISOString();
  return {
    status: 200,
    body: xmlDocument('CopyObjectResult', { LastModified, ETag: `"${etag}"` }),
    headers: checksumHeaders(record),
  };
}

/** `BUCKET/KEY`, percent-encoded, with or without a slash before it. */
function readSource(request: ObjectRequest, context: S3Context): { record: ObjectRecord; isSelf: boolean } {
  const text = String(request.headers['x-amz-copy-source']).replace(/^\//, '');
  if (text.includes('?')) throw new S3Error('NotImplemented', 'home has no object versions to copy from');
  const slash = text.indexOf('/');
  const bucket = decodeURIComponent(text.slice(0, slash));
  const key = decodeKey(text.slice(slash + 1));
  if (slash < 1 || key === '') throw new S3Error('InvalidArgument', 'Invalid copy source object key');
  if (!context.store.hasBucket(bucket)) throw new S3Error('NoSuchBucket', undefined, { BucketName: bucket });
  const record = findReadable({ ...request, bucket, key }, context);
  checkReadConditions(copySourceConditions(request), record);
  return { record, isSelf: bucket === request.bucket && key === request.key };
}

/** A copy that its conditions forbid is always a failed precondition. */
function copySourceConditions({ headers }: ObjectRequest): Record<string, string> {
  const prefix = 'x-amz-copy-source-if-';
  const conditions = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(conditions.map(([name, value]) => [`if-${name.slice(prefix.length)}`, String(value)]));
}
