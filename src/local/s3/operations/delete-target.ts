import { checkDeleteConditions } from '../headers/conditional-requests';
import type { BucketRequest, S3Context } from '../request-context';
import { isDeleteMarker, wholeSecond } from '../store/object-record';

/** An object, or one version of it, that a request deletes. */
export interface DeleteTarget {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly etag: string | undefined;
}

interface Deleted {
  /** Set when a delete marker was made or removed. */
  readonly markerVersionId?: string | undefined;
  readonly versionId?: string | undefined;
}

/** Deletes an object or one version of it. @throws S3Error */
export async function deleteTarget(
  { bucket }: BucketRequest,
  { key, versionId, etag }: DeleteTarget,
  { store, now }: S3Context,
): Promise<Deleted> {
  if (versionId === undefined) {
    const marker = await store.putDeleteMarker(bucket, key, wholeSecond(now()), (previous) =>
      checkDeleteConditions(etag, previous),
    );
    return { markerVersionId: marker?.versionId };
  }
  const record = await store.deleteVersion(bucket, key, versionId);
  return record && isDeleteMarker(record) ? { markerVersionId: versionId, versionId } : { versionId };
}
