import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import { deleteTarget } from './delete-target';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html: an object that is not there is deleted too. */
export async function deleteObject(request: ObjectRequest, context: S3Context): Promise<S3Response> {
  const { key, query, headers } = request;
  const etag = headers['if-match'];
  const { markerVersionId, versionId } = await deleteTarget(
    request,
    { key, versionId: query.get('versionId'), etag },
    context,
  );
  const id = markerVersionId ?? versionId;
  return {
    status: 204,
    headers: {
      ...(markerVersionId !== undefined && { 'x-amz-delete-marker': 'true' }),
      ...(id !== undefined && { 'x-amz-version-id': id }),
    },
  };
}
