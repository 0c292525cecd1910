import { AccessDeniedError } from '../../iam/authorize';
import { type BucketRequest, type ObjectRequest, objectArn, type S3Answer, type S3Context } from '../operation';
import { readXmlBody } from '../read-xml-body';
import { S3Error } from '../s3-error';
import { elementsOf, textOf, xmlDocument } from '../xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html: an object that is not there is deleted too. */
export function deleteObject(request: ObjectRequest, context: S3Context): S3Answer {
  context.mayOrThrow(request, 's3:DeleteObject', objectArn(request.bucket, request.key));
  context.store.delete(request.bucket, request.key);
  return { status: 204 };
}

const MOST_KEYS = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export async function deleteObjects(request: BucketRequest, context: S3Context): Promise<S3Answer> {
  const xml = await readXmlBody(request);
  const isQuiet = textOf(xml, 'Quiet') === 'true';
  const objects = elementsOf(xml, 'Object');
  if (objects.length === 0 || objects.length > MOST_KEYS) throw new S3Error('MalformedXML');
  const keys = objects.map((object) => {
    const key = textOf(object, 'Key');
    if (!key) throw new S3Error('MalformedXML');
    if (textOf(object, 'VersionId') !== undefined) throw new S3Error('NotImplemented', 'home has no object versions');
    return key;
  });
  const outcomes = keys.map((key) => deleteOne(request, key, context));
  return {
    status: 200,
    body: xmlDocument('DeleteResult', {
      Deleted: isQuiet ? [] : outcomes.filter(({ denied }) => !denied).map(({ key }) => ({ Key: key })),
      Error: outcomes.flatMap(({ key, denied }) =>
        denied ? [{ Key: key, Code: 'AccessDenied', Message: denied }] : [],
      ),
    }),
  };
}

function deleteOne(request: BucketRequest, key: string, context: S3Context): { key: string; denied?: string } {
  try {
    context.mayOrThrow(request, 's3:DeleteObject', objectArn(request.bucket, key));
  } catch (error) {
    if (error instanceof AccessDeniedError) return { key, denied: error.message };
    throw error;
  }
  context.store.delete(request.bucket, key);
  return { key };
}
