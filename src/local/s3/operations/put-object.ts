import { receiveBody } from '../body/receive-body';
import { checkWriteConditions } from '../headers/conditional-requests';
import { checksumHeaders, describeObject, ENCRYPTION_HEADER, versionHeader } from '../headers/object-headers';
import { requireWritePermission } from '../headers/policy-conditions';
import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import { wholeSecond } from '../store/object-record';
import type { Action } from './action';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export async function putObject(request: ObjectRequest, action: Action, context: S3Context): Promise<S3Response> {
  const { bucket, key, headers } = request;
  const { store } = context;
  const described = describeObject(headers);
  requireWritePermission(request, action, described.tags, context);
  // An upload that is refused by what is there already need not come over the wire first.
  checkWriteConditions(headers, store.find(bucket, key));
  const { blob, size, md5, checksum } = await receiveBody(request, store.blobs);
  const stored = checksum && ({ ...checksum, type: 'FULL_OBJECT' } as const);
  const draft = {
    ...described,
    pieces: [{ blob, size, number: 1 }],
    size,
    etag: md5,
    lastModified: wholeSecond(context.now()),
    checksum: stored,
  };
  const record = await store.put(bucket, key, draft, (previous) => checkWriteConditions(headers, previous));
  return {
    status: 200,
    headers: { etag: `"${md5}"`, ...ENCRYPTION_HEADER, ...versionHeader(record), ...checksumHeaders(stored) },
  };
}
