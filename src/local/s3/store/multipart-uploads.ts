import { S3Error } from '../s3-error';
import { indexKey } from './object-index';
import type { Part, Upload } from './object-record';
import type { ObjectStore } from './object-store';

/** Source: Amazon S3 User Guide, "Amazon S3 multipart upload limits". */
export const MOST_PARTS = 10_000;

export interface NumberedPart extends Part {
  readonly number: number;
}

/** A request about the parts of an object. */
interface UploadRequest {
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
}

/** The upload that a request names. @throws S3Error NoSuchUpload */
export function findUpload({ bucket, key, query }: UploadRequest, store: ObjectStore): { id: string; upload: Upload } {
  const id = query.get('uploadId') ?? '';
  const upload = /^[\w-]{1,64}$/.test(id) ? store.uploads.get(indexKey(bucket, id)) : undefined;
  if (!upload || upload.key !== key) throw new S3Error('NoSuchUpload', undefined, { UploadId: id });
  return { id, upload };
}

const partKey = (bucket: string, id: string, number: number): Buffer =>
  indexKey(bucket, `${id}\0${String(number).padStart(5, '0')}`);

/** In the order of their numbers. */
export function partsOf(bucket: string, id: string, store: ObjectStore): NumberedPart[] {
  const start = indexKey(bucket, `${id}\0`);
  const rows = [...store.parts.getRange({ start, end: indexKey(bucket, `${id}\u0001`) })];
  return rows.map(({ key, value }) => ({ ...value, number: Number(key.subarray(start.length).toString()) }));
}

/** Keeps a part; one of the same number is replaced. The upload may have ended while the part came in. */
export async function keepPart(
  bucket: string,
  id: string,
  number: number,
  part: Part,
  store: ObjectStore,
): Promise<void> {
  const at = partKey(bucket, id, number);
  const outcome = await store.commit(() => {
    if (!store.uploads.doesExist(indexKey(bucket, id))) return 'ended';
    const previous = store.parts.get(at);
    store.parts.putSync(at, part);
    return previous;
  });
  if (outcome === 'ended') {
    store.blobs.remove(part.blob);
    throw new S3Error('NoSuchUpload', undefined, { UploadId: id });
  }
  if (outcome) store.blobs.remove(outcome.blob);
}

/** Within a commit: the upload and its parts are no more. Returns the parts. */
export function endUpload(bucket: string, id: string, store: ObjectStore): NumberedPart[] {
  if (!store.uploads.doesExist(indexKey(bucket, id))) throw new S3Error('NoSuchUpload', undefined, { UploadId: id });
  const parts = partsOf(bucket, id, store);
  store.uploads.removeSync(indexKey(bucket, id));
  for (const { number } of parts) store.parts.removeSync(partKey(bucket, id, number));
  return parts;
}
