import { checkWriteConditions } from '../conditions';
import { checksumHeaders, describeObject } from '../object-headers';
import type { ObjectRecord } from '../object-store';
import { type ObjectRequest, objectArn, type S3Answer, type S3Context } from '../operation';
import { receiveBody } from '../receive-body';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export async function putObject(request: ObjectRequest, context: S3Context): Promise<S3Answer> {
  const { bucket, key, headers } = request;
  const { store } = context;
  context.mayOrThrow(request, 's3:PutObject', objectArn(bucket, key));
  const described = describeObject(headers);
  // An upload that is refused by what is there already need not come over the wire first.
  checkWriteConditions(headers, store.find(bucket, key));
  const { blob, size, md5, checksum } = await receiveBody(request, store.blobs);
  const record: ObjectRecord = {
    ...described,
    blob,
    size,
    etag: md5,
    lastModified: wholeSecond(context.now()),
    checksum,
  };
  try {
    store.put(bucket, key, record, (previous) => checkWriteConditions(headers, previous));
  } catch (error) {
    store.blobs.remove(blob);
    throw error;
  }
  return {
    status: 200,
    headers: { etag: `"${md5}"`, 'x-amz-server-side-encryption': 'AES256', ...checksumHeaders(record) },
  };
}

/** S3 dates objects by the second. */
export const wholeSecond = (now: Date): number => Math.floor(now.getTime() / 1000) * 1000;
