import type { BucketRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';
import { describeListed, listKeys, xmlListing } from './list-keys';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjectsV2(request: BucketRequest, context: S3Context): S3Response {
  const { query } = request;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const { page, common, encode } = listKeys(request, context, token ? readToken(token) : startAfter);
  const { next } = page;
  return xmlListing({
    ...common,
    KeyCount: page.contents.length + page.commonPrefixes.length,
    ContinuationToken: token,
    NextContinuationToken: next && Buffer.from(next).toString('base64url'),
    StartAfter: startAfter === undefined ? undefined : encode(startAfter),
    Contents: page.contents.map(({ key, record }) =>
      describeListed(encode(key), record, query.get('fetch-owner') === 'true', context),
    ),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (Buffer.from(text).toString('base64url') === token) return text;
  throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect', {
    ArgumentName: 'continuation-token',
  });
}
