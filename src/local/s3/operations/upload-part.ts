import { receiveBody } from '../body/receive-body';
import { checksumHeader } from '../checksum/checksum';
import { ENCRYPTION_HEADER } from '../headers/object-headers';
import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';
import { findUpload, putPart } from '../store/multipart-uploads';
import type { MultipartUpload, Part } from '../store/object-record';
import { wholeSecond } from '../store/object-record';
import { readPartNumber } from './part-number';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export async function uploadPart(request: ObjectRequest, context: S3Context): Promise<S3Response> {
  const { bucket } = request;
  const { store } = context;
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
  await putPart(bucket, id, number, part, store);
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

function checkAlgorithm({ checksum }: MultipartUpload, received: Part['checksum']): void {
  if (!checksum || !received || received.algorithm === checksum.algorithm) return;
  throw new S3Error(
    'InvalidRequest',
    `Checksum Type mismatch occurred, expected checksum Type: ${checksum.algorithm.toLowerCase()}, actual checksum Type: ${received.algorithm.toLowerCase()}`,
  );
}
