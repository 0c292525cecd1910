import { versionHeader } from '../headers/object-headers';
import { writeConditions } from '../headers/policy-conditions';
import type { Tags } from '../headers/tags';
import type { ObjectRequest, S3Context } from '../request-context';
import type { Action } from './action';
import { findReadable } from './find-readable';

/** Gives an object other tags; returns the headers of the response. */
export async function retag(
  request: ObjectRequest,
  action: Action,
  tags: Tags,
  context: S3Context,
): Promise<Record<string, string>> {
  const { bucket, key } = request;
  const record = findReadable(request, action, context, writeConditions(tags));
  await context.store.updateMetadata(bucket, key, { ...record, tags });
  return versionHeader(record);
}
