import { createHash } from 'node:crypto';
import { CHECKSUMS } from '../checksum/checksum';
import { ENCRYPTION_HEADER } from '../headers/object-headers';
import { readRange } from '../headers/range';
import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';
import { xmlDocument } from '../s3-xml';
import { findUpload, putPart } from '../store/multipart-uploads';
import { wholeSecond } from '../store/object-record';
import { readCopySource } from './copy-source';
import { readPartNumber } from './part-number';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export async function uploadPartCopy(request: ObjectRequest, context: S3Context): Promise<S3Response> {
  const { bucket } = request;
  const { store } = context;
  const number = readPartNumber(request);
  const { id, upload } = findUpload(request, store);
  const source = readCopySource(request, context);
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
  await putPart(bucket, id, number, { blob, size, md5: etag, lastModified, checksum }, store);
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
