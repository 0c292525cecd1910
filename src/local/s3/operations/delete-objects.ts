import { AccessDeniedError } from '../../iam/authorize';
import { elementsOf, textOf } from '../../xml';
import { readXmlBody } from '../body/read-xml-body';
import { type BucketRequest, objectArn, type S3Context, type S3Response } from '../request-context';
import { S3Error } from '../s3-error';
import { checkKey } from '../s3-request';
import { xmlDocument } from '../s3-xml';
import { type Action, actionOnVersion } from './action';
import { type DeleteTarget, deleteTarget } from './delete-target';

const MAX_KEYS = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export async function deleteObjects(request: BucketRequest, action: Action, context: S3Context): Promise<S3Response> {
  const xml = await readXmlBody(request);
  const isQuiet = textOf(xml, 'Quiet') === 'true';
  const objects = elementsOf(xml, 'Object');
  if (objects.length === 0 || objects.length > MAX_KEYS) throw new S3Error('MalformedXML');
  const targets = objects.map((object) => {
    const key = textOf(object, 'Key');
    if (!key) throw new S3Error('MalformedXML');
    return { key: checkKey(key), versionId: textOf(object, 'VersionId'), etag: textOf(object, 'ETag') };
  });
  const outcomes = await Promise.all(targets.map((target) => tryDelete(request, action, target, context)));
  const deleted = outcomes.flatMap((outcome) => ('Code' in outcome ? [] : [outcome]));
  const failed = outcomes.flatMap((outcome) => ('Code' in outcome ? [outcome] : []));
  return { status: 200, body: xmlDocument('DeleteResult', { Deleted: isQuiet ? [] : deleted, Error: failed }) };
}

async function tryDelete(request: BucketRequest, action: Action, target: DeleteTarget, context: S3Context) {
  const { key, versionId } = target;
  const named = { Key: key, VersionId: versionId };
  try {
    context.requirePermission(request, actionOnVersion(action, versionId), objectArn(request.bucket, key), {
      's3:VersionId': versionId,
    });
    const { markerVersionId } = await deleteTarget(request, target, context);
    const isMarker = markerVersionId !== undefined;
    return { ...named, DeleteMarker: isMarker || undefined, DeleteMarkerVersionId: markerVersionId };
  } catch (error) {
    if (error instanceof AccessDeniedError) return { ...named, Code: 'AccessDenied', Message: error.message };
    if (error instanceof S3Error) return { ...named, Code: error.code, Message: error.message };
    throw error;
  }
}
