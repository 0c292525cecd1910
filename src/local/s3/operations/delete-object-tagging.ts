import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import { retag } from './retag';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html */
export async function deleteObjectTagging(request: ObjectRequest, context: S3Context): Promise<S3Response> {
  return { status: 204, headers: await retag(request, 's3:DeleteObjectTagging', {}, context) };
}
