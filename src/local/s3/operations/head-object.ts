import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import type { Action } from './action';
import { readObject } from './read-object';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export function headObject(request: ObjectRequest, action: Action, context: S3Context): S3Response {
  const { headers, status } = readObject(request, action, context);
  return { status, headers };
}
