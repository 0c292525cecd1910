import { type ObjectRequest, objectArn, type S3Answer, type S3Context } from '../request-context';
import { endUpload, findUpload } from '../store/multipart-uploads';
import { removePieces } from '../store/object-store';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export async function abortMultipartUpload(request: ObjectRequest, context: S3Context): Promise<S3Answer> {
  const { bucket, key } = request;
  const { store } = context;
  context.mayOrThrow(request, 's3:AbortMultipartUpload', objectArn(bucket, key));
  const { id } = findUpload(request, store);
  removePieces(store.blobs, await store.commit(() => endUpload(bucket, id, store)));
  return { status: 204 };
}
