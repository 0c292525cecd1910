import { createHash } from 'node:crypto';
import { receiveBody } from '../body/receive-body';
import { CHECKSUMS, checksumHeader } from '../checksum/checksum';
import { ENCRYPTION_HEADER } from '../headers/object-headers';
import { readRange } from '../headers/range';
import { type ObjectRequest, objectArn, type S3Answer, type S3Context } from '../request-context';
import { S3Error } from '../s3-error';
import { numberParameter } from '../s3-request';
import { xmlDocument } from '../s3-xml';
import { findUpload, keepPart, MOST_PARTS } from '../store/multipart-uploads';
import type { Part, Upload } from '../store/object-record';
import { wholeSecond } from '../store/object-record';
import { readCopySource } from './copy-source';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export async function uploadPart(request: ObjectRequest, context: S3Context): Promise<S3Answer> {
  const { bucket, key } = request;
  const { store } = context;
  context.mayOrThrow(request, 's3:PutObject', objectArn(bucket, key));
  const number = readPartNumber(request);
  const { id, upload } = findUpload(request, store);
  const received = await receiveBody(request, store.blobs, upload.checksum?.algorithm);
  try {
    checkAlgorithm(upload, received.checksum);
  } catch (error) {
    store.blobs.remove(received.blob);
    throw error;
  }
  const part: Part = { ...received, lastModified: wholeSecond(context.now()) };
  await keepPart(bucket, id, number, part, store);
  const { checksum, md5 } = part;
  return {
    status: 200,
    headers: {
      etag: `"${md5}"`,
      ...ENCRYPTION_HEADER,
      ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value }),
    },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export async function uploadPartCopy(request: ObjectRequest, context: S3Context): Promise<S3Answer> {
  const { bucket, key } = request;
  const { store } = context;
  const number = readPartNumber(request);
  const { id, upload } = findUpload(request, store);
  const source = readCopySource(request, context);
  context.mayOrThrow(request, 's3:PutObject', objectArn(bucket, key));
  const range = readCopyRange(request.headers['x-amz-copy-source-range']?.toString(), source.record.size);
  const algorithm = upload.checksum?.algorithm;
  const running = algorithm && CHECKSUMS[algorithm]();
  const md5 = createHash('md5');
  const writer = await store.blobs.create();
  let size = 0;
  let blob: string;
  try {
    for await (const bytes of store.read(source.record, range)) {
      md5.update(bytes as Buffer);
      running?.update(bytes as Buffer);
      size += (bytes as Buffer).length;
      await writer.write(bytes as Buffer);
    }
    blob = await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  const etag = md5.digest('hex');
  const checksum = algorithm && running && { algorithm, value: running.digest() };
  const lastModified = wholeSecond(context.now());
  await keepPart(bucket, id, number, { blob, size, md5: etag, lastModified, checksum }, store);
  return {
    status: 200,
    headers: { ...ENCRYPTION_HEADER, ...source.headers },
    body: xmlDocument('CopyPartResult', {
      LastModified: new Date(lastModified).toISOString(),
      ETag: `"${etag}"`,
      ...(checksum && { [`Checksum${checksum.algorithm}`]: checksum.value }),
    }),
  };
}

function readPartNumber({ query }: ObjectRequest): number {
  const number = numberParameter(query, 'partNumber', 0);
  if (number >= 1 && number <= MOST_PARTS) return number;
  throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`);
}

function checkAlgorithm({ checksum }: Upload, received: Part['checksum']): void {
  if (!checksum || !received || received.algorithm === checksum.algorithm) return;
  throw new S3Error(
    'InvalidRequest',
    `Checksum Type mismatch occurred, expected checksum Type: ${checksum.algorithm.toLowerCase()}, actual checksum Type: ${received.algorithm.toLowerCase()}`,
  );
}

/** Unlike `Range`, both ends have to be there and to lie in the object. */
function readCopyRange(header: string | undefined, size: number): { start: number; end: number } | undefined {
  if (header === undefined) return undefined;
  const [, end] = header.match(/^bytes=\d+-(\d+)$/) ?? [];
  if (end === undefined)
    throw new S3Error(
      'InvalidArgument',
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    );
  const range = Number(end) < size ? readRange(header, size) : undefined;
  if (!range) throw new S3Error('InvalidRange', `Range specified is not valid for source object of size: ${size}`);
  return range;
}
