import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import type { Action } from './action';
import { retag } from './retag';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html */
export async function deleteObjectTagging(
  request: ObjectRequest,
  action: Action,
  context: S3Context,
): Promise<S3Response> {
  return { status: 204, headers: await retag(request, action, {}, context) };
}
