import { elementsOf, textOf, textsOf } from '../../xml';
import { readXmlBody } from '../body/read-xml-body';
import type { BucketRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html */
export async function putBucketCors(request: BucketRequest, context: S3Context): Promise<S3Response> {
  const rules = elementsOf(await readXmlBody(request), 'CORSRule');
  if (rules.length === 0 || rules.length > 100) throw new S3Error('MalformedXML');
  const cors = rules.map((rule) => {
    const required = { allowedOrigins: textsOf(rule, 'AllowedOrigin'), allowedMethods: textsOf(rule, 'AllowedMethod') };
    const isKnown = required.allowedMethods.every((method) =>
      ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'].includes(method),
    );
    if (required.allowedOrigins.length === 0 || required.allowedMethods.length === 0 || !isKnown)
      throw new S3Error('MalformedXML');
    const maxAge = textOf(rule, 'MaxAgeSeconds');
    return {
      ...required,
      allowedHeaders: textsOf(rule, 'AllowedHeader'),
      exposedHeaders: textsOf(rule, 'ExposeHeader'),
      maxAge: maxAge === undefined ? undefined : Number(maxAge),
    };
  });
  context.store.changeBucket(request.bucket, { cors });
  return { status: 200 };
}
