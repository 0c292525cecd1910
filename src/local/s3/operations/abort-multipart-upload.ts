import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import { deleteUpload, findUpload } from '../store/multipart-uploads';
import { removePieces } from '../store/object-store';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export async function abortMultipartUpload(request: ObjectRequest, context: S3Context): Promise<S3Response> {
  const { bucket } = request;
  const { store } = context;
  const { id } = findUpload(request, store);
  removePieces(store.blobs, await store.commit(() => deleteUpload(bucket, id, store)));
  return { status: 204 };
}
