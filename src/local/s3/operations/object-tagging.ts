import { readXmlBody } from '../body/read-xml-body';
import { versionHeader } from '../headers/object-headers';
import { writeConditions } from '../headers/policy-conditions';
import { readTagsXml, type Tags } from '../headers/tags';
import type { ObjectRequest, S3Answer, S3Context } from '../request-context';
import { xmlDocument } from '../s3-xml';
import { findReadable } from './get-object';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
export function getObjectTagging(request: ObjectRequest, context: S3Context): S3Answer {
  const record = findReadable(request, 's3:GetObjectTagging', context);
  const Tag = Object.entries(record.tags).map(([Key, Value]) => ({ Key, Value }));
  return { status: 200, headers: versionHeader(record), body: xmlDocument('Tagging', { TagSet: { Tag } }) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html */
export async function putObjectTagging(request: ObjectRequest, context: S3Context): Promise<S3Answer> {
  const tags = readTagsXml(await readXmlBody(request));
  return { status: 200, headers: await retag(request, 's3:PutObjectTagging', tags, context) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html */
export async function deleteObjectTagging(request: ObjectRequest, context: S3Context): Promise<S3Answer> {
  return { status: 204, headers: await retag(request, 's3:DeleteObjectTagging', {}, context) };
}

async function retag(
  request: ObjectRequest,
  action: string,
  tags: Tags,
  context: S3Context,
): Promise<Record<string, string>> {
  const { bucket, key } = request;
  const record = findReadable(request, action, context, writeConditions(tags));
  await context.store.redescribe(bucket, key, { ...record, tags });
  return versionHeader(record);
}
