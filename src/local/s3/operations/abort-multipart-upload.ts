import { type ObjectRequest, objectArn, type S3Context, type S3Response } from '../request-context';
import { deleteUpload, findUpload } from '../store/multipart-uploads';
import { removePieces } from '../store/object-store';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export async function abortMultipartUpload(request: ObjectRequest, context: S3Context): Promise<S3Response> {
  const { bucket, key } = request;
  const { store } = context;
  context.requirePermission(request, 's3:AbortMultipartUpload', objectArn(bucket, key));
  const { id } = findUpload(request, store);
  removePieces(store.blobs, await store.commit(() => deleteUpload(bucket, id, store)));
  return { status: 204 };
}
