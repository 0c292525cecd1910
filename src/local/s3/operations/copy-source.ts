import { checkReadConditions } from '../headers/conditional-requests';
import type { ObjectRequest, S3Context } from '../request-context';
import { S3Error } from '../s3-error';
import { decodeKey } from '../s3-request';
import type { ObjectRecord } from '../store/object-record';
import { actionOnVersion } from './action';
import { findReadable } from './find-readable';

export interface CopySource {
  readonly record: ObjectRecord;
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** `x-amz-copy-source`: `BUCKET/KEY`, percent-encoded, with or without a slash before it, perhaps with `?versionId=`. */
export function readCopySource(request: ObjectRequest, context: S3Context): CopySource {
  const [path = '', parameters] = String(request.headers['x-amz-copy-source']).replace(/^\//, '').split('?');
  const versionId = new URLSearchParams(parameters).get('versionId') ?? undefined;
  const slash = path.indexOf('/');
  if (slash < 1 || slash === path.length - 1) throw new S3Error('InvalidArgument', 'Invalid copy source object key');
  const bucket = decodeURIComponent(path.slice(0, slash));
  const key = decodeKey(path.slice(slash + 1));
  if (!context.store.findBucket(bucket)) throw new S3Error('NoSuchBucket', undefined, { BucketName: bucket });
  const query = new Map(versionId === undefined ? [] : [['versionId', versionId]]);
  const action = actionOnVersion('s3:GetObject', versionId);
  const record = findReadable({ ...request, bucket, key, query }, action, context);
  checkConditions(request, record);
  const isVersioned = record.versionId !== 'null';
  return { record, bucket, key, headers: isVersioned ? { 'x-amz-copy-source-version-id': record.versionId } : {} };
}

/** A copy that its conditions forbid is always a failed precondition, never "not modified". */
function checkConditions({ headers }: ObjectRequest, record: ObjectRecord): void {
  const prefix = 'x-amz-copy-source-if-';
  const conditions = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  const stated = Object.fromEntries(
    conditions.map(([name, value]) => [`if-${name.slice(prefix.length)}`, String(value)]),
  );
  try {
    checkReadConditions(stated, record);
  } catch (error) {
    if (error instanceof S3Error && error.code === 'NotModified') throw new S3Error('PreconditionFailed');
    throw error;
  }
}
