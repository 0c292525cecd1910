import type { ObjectRequest, S3Context, S3Response, StoredObject } from '../request-context';
import type { Action } from './action';
import { readObject } from './read-object';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function getObject(request: ObjectRequest, action: Action, context: S3Context): S3Response {
  const { record, headers, range, status } = readObject(request, action, context);
  const { store } = context;
  const object: StoredObject = {
    size: record.size,
    range,
    pieces: record.pieces.map(({ blob, size }) => ({ path: store.blobs.pathOf(blob), size })),
    retain: () => store.blobs.retain(record.pieces.map(({ blob }) => blob)),
  };
  return { status, headers, body: store.read(record, range), object };
}
