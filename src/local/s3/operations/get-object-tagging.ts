import { versionHeader } from '../headers/object-headers';
import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import { xmlDocument } from '../s3-xml';
import type { Action } from './action';
import { findReadable } from './find-readable';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
export function getObjectTagging(request: ObjectRequest, action: Action, context: S3Context): S3Response {
  const record = findReadable(request, action, context);
  const Tag = Object.entries(record.tags).map(([Key, Value]) => ({ Key, Value }));
  return { status: 200, headers: versionHeader(record), body: xmlDocument('Tagging', { TagSet: { Tag } }) };
}
