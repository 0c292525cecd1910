import { AccessDeniedError } from '../../iam/authorize';
import { versionHeader } from '../headers/object-headers';
import { versionConditions } from '../headers/policy-conditions';
import { bucketArn, type ConditionValues, type ObjectRequest, objectArn, type S3Context } from '../request-context';
import { S3Error } from '../s3-error';
import { isDeleteMarker, type ObjectRecord } from '../store/object-record';
import type { Action } from './action';

/**
 * The version that the request names, or the latest. Only who may list the bucket learns that there is no such key; all others are
 * told that access is denied.
 */
export function findReadable(
  request: ObjectRequest,
  action: Action,
  context: S3Context,
  conditions: ConditionValues = {},
): ObjectRecord {
  const { bucket, key, query } = request;
  const { store } = context;
  const versionId = query.get('versionId');
  const record = versionId === undefined ? store.find(bucket, key) : store.findVersion(bucket, key, versionId);
  context.requirePermission(request, action, objectArn(bucket, key), {
    ...conditions,
    ...versionConditions(request),
    ...(record && !isDeleteMarker(record) && existingTags(record)),
  });
  if (record && !isDeleteMarker(record)) return record;
  if (record) {
    throw new S3Error(
      'MethodNotAllowed',
      undefined,
      {},
      {
        'x-amz-delete-marker': 'true',
        'x-amz-version-id': record.versionId,
        'last-modified': new Date(record.lastModified).toUTCString(),
      },
    );
  }
  try {
    context.requirePermission(request, 's3:ListBucket', bucketArn(bucket));
  } catch (error) {
    if (error instanceof AccessDeniedError) throw new S3Error('AccessDenied');
    throw error;
  }
  if (versionId !== undefined) throw new S3Error('NoSuchVersion', undefined, { Key: key, VersionId: versionId });
  throw new S3Error('NoSuchKey', undefined, { Key: key }, deleteMarkerHeaders(request, context));
}

/** The latest version may be a delete marker: the 404 says so. */
function deleteMarkerHeaders({ bucket, key }: ObjectRequest, { store }: S3Context): Record<string, string> {
  for (const { key: found, record } of store.listVersions(bucket, Buffer.from(key))) {
    if (found.toString() !== key || !isDeleteMarker(record)) return {};
    return { 'x-amz-delete-marker': 'true', ...versionHeader(record) };
  }
  return {};
}

const existingTags = ({ tags }: ObjectRecord): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).map(([name, value]) => [`s3:ExistingObjectTag/${name}`, value]));
