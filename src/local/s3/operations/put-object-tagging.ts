import { readXmlBody } from '../body/read-xml-body';
import { readTagsXml } from '../headers/tags';
import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import type { Action } from './action';
import { retag } from './retag';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html */
export async function putObjectTagging(
  request: ObjectRequest,
  action: Action,
  context: S3Context,
): Promise<S3Response> {
  const tags = readTagsXml(await readXmlBody(request));
  return { status: 200, headers: await retag(request, action, tags, context) };
}
