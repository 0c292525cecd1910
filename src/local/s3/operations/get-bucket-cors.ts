import type { BucketRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';
import { xmlDocument } from '../s3-xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html */
export function getBucketCors(request: BucketRequest, context: S3Context): S3Response {
  const cors = context.store.findBucket(request.bucket)?.cors;
  if (!cors) throw new S3Error('NoSuchCORSConfiguration', undefined, { BucketName: request.bucket });
  const CORSRule = cors.map((rule) => ({
    AllowedHeader: rule.allowedHeaders,
    AllowedMethod: rule.allowedMethods,
    AllowedOrigin: rule.allowedOrigins,
    ExposeHeader: rule.exposedHeaders,
    MaxAgeSeconds: rule.maxAge,
  }));
  return { status: 200, body: xmlDocument('CORSConfiguration', { CORSRule }) };
}
