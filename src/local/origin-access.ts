import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FetchFromS3 } from './cloudfront/edge/origin/ask-origin';
import type { S3Api } from './s3';

/** Origin access control: CloudFront asks S3 in its own name, for one distribution; only the bucket policy can let it in. */
export function originAccess(s3: S3Api, accountId: string): FetchFromS3 {
  return async ({ method, bucket, rawPath, rawQuery, headers, distributionArn }) => {
    const {
      status,
      headers: responseHeaders = {},
      body,
      object,
    } = await s3.answer({
      method,
      rawPath: `/${bucket}${rawPath}`,
      rawQuery,
      headers,
      body: Readable.from([]),
      principal: {
        kind: 'service',
        arn: 'cloudfront.amazonaws.com',
        accountId,
        sourceArn: distributionArn,
        identityPolicies: [],
      },
      requestId: randomBytes(8).toString('hex').toUpperCase(),
      payloadHash: 'UNSIGNED-PAYLOAD',
    });
    if (!object) return { status, headers: responseHeaders, text: typeof body === 'string' ? body : undefined };
    const { size, pieces, range } = object;
    const files = { size, pieces, release: object.retain() };
    // The edge reads the files by itself.
    if (typeof body === 'object') body.destroy();
    return { status, headers: responseHeaders, range, files };
  };
}
