import { createHash, randomBytes } from 'node:crypto';
import { checkWriteConditions } from '../conditions';
import { copyBlob } from '../copy-blob';
import { checksumHeaders, describeObject } from '../object-headers';
import { indexKey, type ObjectRecord, type Part, type Upload } from '../object-store';
import { type ObjectRequest, objectArn, type S3Answer, type S3Context } from '../operation';
import { readXmlBody } from '../read-xml-body';
import { receiveBody } from '../receive-body';
import { S3Error } from '../s3-error';
import { numberParameter } from '../s3-request';
import { elementsOf, textOf, xmlDocument } from '../xml';
import { wholeSecond } from './put-object';

/** Source: Amazon S3 User Guide, "Amazon S3 multipart upload limits". */
const MOST_PARTS = 10_000;
const SMALLEST_PART_BYTES = 5 * 1024 * 1024;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export function createMultipartUpload(request: ObjectRequest, context: S3Context): S3Answer {
  const { bucket, key, headers } = request;
  context.mayOrThrow(request, 's3:PutObject', objectArn(bucket, key));
  if (headers['x-amz-checksum-type'] === 'FULL_OBJECT') {
    throw new S3Error('NotImplemented', 'home does not compute full-object checksums of multipart uploads');
  }
  const UploadId = randomBytes(24).toString('base64url');
  const upload: Upload = { bucket, key, startedAt: context.now().getTime(), ...describeObject(headers) };
  context.store.commit(() => void context.store.uploads.put(indexKey(bucket, UploadId), upload));
  const algorithm = headers['x-amz-checksum-algorithm'];
  return {
    status: 200,
    headers: algorithm ? { 'x-amz-checksum-algorithm': String(algorithm), 'x-amz-checksum-type': 'COMPOSITE' } : {},
    body: xmlDocument('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId }),
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export async function uploadPart(request: ObjectRequest, context: S3Context): Promise<S3Answer> {
  const { bucket, query } = request;
  context.mayOrThrow(request, 's3:PutObject', objectArn(bucket, request.key));
  const { id } = findUpload(request, context);
  const number = numberParameter(query, 'partNumber', 0);
  if (number < 1 || number > MOST_PARTS) {
    throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`);
  }
  const { store } = context;
  const received = await receiveBody(request, store.blobs);
  const part: Part = { ...received, lastModified: wholeSecond(context.now()) };
  const at = partKey(bucket, id, number);
  const replaced = store.commit(() => {
    // The upload may have been completed or aborted while the part came in.
    if (!store.uploads.doesExist(indexKey(bucket, id))) return received;
    const previous = store.parts.get(at);
    store.parts.put(at, part);
    return previous;
  });
  if (replaced) store.blobs.remove(replaced.blob);
  if (replaced === received) throw new S3Error('NoSuchUpload');
  return { status: 200, headers: { etag: `"${part.md5}"`, ...checksumHeaders(part) } };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export async function completeMultipartUpload(request: ObjectRequest, context: S3Context): Promise<S3Answer> {
  const { bucket, key, headers } = request;
  context.mayOrThrow(request, 's3:PutObject', objectArn(bucket, key));
  const { id, upload } = findUpload(request, context);
  const { store } = context;
  const parts = chooseParts(await readXmlBody(request), partsOf(bucket, id, context));
  checkWriteConditions(headers, store.find(bucket, key));
  const etag = `${md5OfDigests(parts)}-${parts.length}`;
  const blob = await copyBlob(
    store.blobs,
    parts.map((part) => part.blob),
  );
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const record: ObjectRecord = { ...upload, blob, size, etag, lastModified: wholeSecond(context.now()) };
  try {
    store.put(bucket, key, record, (previous) => {
      if (!store.uploads.doesExist(indexKey(bucket, id))) throw new S3Error('NoSuchUpload');
      checkWriteConditions(headers, previous);
    });
  } catch (error) {
    store.blobs.remove(blob);
    throw error;
  }
  forget(bucket, id, context);
  return {
    status: 200,
    body: xmlDocument('CompleteMultipartUploadResult', {
      Location: `/${bucket}/${key}`,
      Bucket: bucket,
      Key: key,
      ETag: `"${etag}"`,
    }),
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export function abortMultipartUpload(request: ObjectRequest, context: S3Context): S3Answer {
  context.mayOrThrow(request, 's3:AbortMultipartUpload', objectArn(request.bucket, request.key));
  const { id } = findUpload(request, context);
  forget(request.bucket, id, context);
  return { status: 204 };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export function listParts(request: ObjectRequest, context: S3Context): S3Answer {
  const { bucket, key, query } = request;
  context.mayOrThrow(request, 's3:ListMultipartUploadParts', objectArn(bucket, key));
  const { id } = findUpload(request, context);
  const marker = numberParameter(query, 'part-number-marker', 0);
  const most = Math.min(numberParameter(query, 'max-parts', 1000), 1000);
  const rest = partsOf(bucket, id, context).filter(({ number }) => number > marker);
  const page = rest.slice(0, most);
  return {
    status: 200,
    body: xmlDocument('ListPartsResult', {
      Bucket: bucket,
      Key: key,
      UploadId: id,
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      MaxParts: most,
      IsTruncated: rest.length > page.length,
      Part: page.map(({ number, lastModified, md5, size }) => ({
        PartNumber: number,
        LastModified: new Date(lastModified).toISOString(),
        ETag: `"${md5}"`,
        Size: size,
      })),
      StorageClass: 'STANDARD',
    }),
  };
}

interface NumberedPart extends Part {
  readonly number: number;
}

function findUpload(
  { bucket, key, query }: ObjectRequest,
  { store }: S3Context,
): { id: string; upload: Pick<Upload, 'headers' | 'metadata'> } {
  const id = query.get('uploadId') ?? '';
  const upload = /^[\w-]{1,64}$/.test(id) ? store.uploads.get(indexKey(bucket, id)) : undefined;
  if (!upload || upload.key !== key) throw new S3Error('NoSuchUpload', undefined, { UploadId: id });
  return { id, upload: { headers: upload.headers, metadata: upload.metadata } };
}

const partKey = (bucket: string, id: string, number: number): Buffer =>
  indexKey(bucket, `${id}\0${String(number).padStart(5, '0')}`);

function partsOf(bucket: string, id: string, { store }: S3Context): NumberedPart[] {
  const start = indexKey(bucket, `${id}\0`);
  const rows = [...store.parts.getRange({ start, end: indexKey(bucket, `${id}\u0001`) })];
  return rows.map(({ key, value }) => ({ ...value, number: Number(key.subarray(start.length).toString()) }));
}

function chooseParts(xml: string, uploaded: readonly NumberedPart[]): NumberedPart[] {
  const stated = elementsOf(xml, 'Part').map((part) => ({
    number: Number(textOf(part, 'PartNumber')),
    etag: textOf(part, 'ETag')?.replaceAll('"', ''),
  }));
  if (stated.length === 0) throw new S3Error('MalformedXML');
  if (stated.some(({ number }, index) => index > 0 && number <= (stated[index - 1]?.number ?? 0)))
    throw new S3Error('InvalidPartOrder');
  const byNumber = new Map(uploaded.map((part) => [part.number, part]));
  const chosen = stated.map(({ number, etag }) => {
    const part = byNumber.get(number);
    if (!part || part.md5 !== etag) throw new S3Error('InvalidPart', undefined, { PartNumber: String(number) });
    return part;
  });
  const tooSmall = chosen.slice(0, -1).find(({ size }) => size < SMALLEST_PART_BYTES);
  if (tooSmall) throw new S3Error('EntityTooSmall', undefined, { PartNumber: String(tooSmall.number) });
  return chosen;
}

const md5OfDigests = (parts: readonly Part[]): string =>
  createHash('md5')
    .update(Buffer.concat(parts.map(({ md5 }) => Buffer.from(md5, 'hex'))))
    .digest('hex');

function forget(bucket: string, id: string, context: S3Context): void {
  const { store } = context;
  const parts = partsOf(bucket, id, context);
  store.commit(() => {
    store.uploads.remove(indexKey(bucket, id));
    for (const { number } of parts) store.parts.remove(partKey(bucket, id, number));
  });
  for (const { blob } of parts) store.blobs.remove(blob);
}
