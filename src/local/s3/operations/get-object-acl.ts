import { versionHeader } from '../headers/object-headers';
import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import type { Action } from './action';
import { findReadable } from './find-readable';
import { ownerAcl } from './owner-acl';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html */
export function getObjectAcl(request: ObjectRequest, action: Action, context: S3Context): S3Response {
  const record = findReadable(request, action, context);
  return { status: 200, headers: versionHeader(record), body: ownerAcl(context.accountId) };
}
