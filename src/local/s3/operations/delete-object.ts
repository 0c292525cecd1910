import { AccessDeniedError } from '../../iam/authorize';
import { elementsOf, textOf } from '../../xml';
import { readXmlBody } from '../body/read-xml-body';
import { checkDeleteConditions } from '../headers/conditional-requests';
import { type BucketRequest, type ObjectRequest, objectArn, type S3Answer, type S3Context } from '../request-context';
import { S3Error } from '../s3-error';
import { checkKey } from '../s3-request';
import { xmlDocument } from '../s3-xml';
import { isDeleteMarker, wholeSecond } from '../store/object-record';

interface Target {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly etag: string | undefined;
}

interface Deleted {
  /** Set when a delete marker was made or removed. */
  readonly markerVersionId?: string | undefined;
  readonly versionId?: string | undefined;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html: an object that is not there is deleted too. */
export async function deleteObject(request: ObjectRequest, context: S3Context): Promise<S3Answer> {
  const { key, query, headers } = request;
  const etag = headers['if-match'];
  const { markerVersionId, versionId } = await deleteOne(
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

const MOST_KEYS = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export async function deleteObjects(request: BucketRequest, context: S3Context): Promise<S3Answer> {
  const xml = await readXmlBody(request);
  const isQuiet = textOf(xml, 'Quiet') === 'true';
  const objects = elementsOf(xml, 'Object');
  if (objects.length === 0 || objects.length > MOST_KEYS) throw new S3Error('MalformedXML');
  const targets = objects.map((object) => {
    const key = textOf(object, 'Key');
    if (!key) throw new S3Error('MalformedXML');
    return { key: checkKey(key), versionId: textOf(object, 'VersionId'), etag: textOf(object, 'ETag') };
  });
  const outcomes = await Promise.all(targets.map((target) => tryDelete(request, target, context)));
  const deleted = outcomes.flatMap((outcome) => ('Code' in outcome ? [] : [outcome]));
  const failed = outcomes.flatMap((outcome) => ('Code' in outcome ? [outcome] : []));
  return { status: 200, body: xmlDocument('DeleteResult', { Deleted: isQuiet ? [] : deleted, Error: failed }) };
}

async function tryDelete(request: BucketRequest, target: Target, context: S3Context) {
  const named = { Key: target.key, VersionId: target.versionId };
  try {
    const { markerVersionId } = await deleteOne(request, target, context);
    const isMarker = markerVersionId !== undefined;
    return { ...named, DeleteMarker: isMarker || undefined, DeleteMarkerVersionId: markerVersionId };
  } catch (error) {
    if (error instanceof AccessDeniedError) return { ...named, Code: 'AccessDenied', Message: error.message };
    if (error instanceof S3Error) return { ...named, Code: error.code, Message: error.message };
    throw error;
  }
}

async function deleteOne(
  request: BucketRequest,
  { key, versionId, etag }: Target,
  context: S3Context,
): Promise<Deleted> {
  const { bucket } = request;
  const { store } = context;
  const action = versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  context.mayOrThrow(request, action, objectArn(bucket, key), { 's3:VersionId': versionId });
  if (versionId === undefined) {
    const marker = await store.hide(bucket, key, wholeSecond(context.now()), (previous) =>
      checkDeleteConditions(etag, previous),
    );
    return { markerVersionId: marker?.versionId };
  }
  const record = await store.erase(bucket, key, versionId);
  return record && isDeleteMarker(record) ? { markerVersionId: versionId, versionId } : { versionId };
}
