import type { BucketRequest, S3Context, S3Response } from '../request-context';
import { describeListed, listKeys, xmlListing } from './list-keys';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export function listObjects(request: BucketRequest, context: S3Context): S3Response {
  const { query } = request;
  const { page, common, encode } = listKeys(request, context, query.get('marker'));
  return xmlListing({
    ...common,
    // Version 1 answers the prefix as it was asked for, whatever the encoding: botocore decodes all names but this one.
    Prefix: query.get('prefix') ?? '',
    Marker: encode(query.get('marker') ?? ''),
    NextMarker: page.next !== undefined && query.has('delimiter') ? encode(page.next) : undefined,
    Contents: page.contents.map(({ key, record }) => describeListed(encode(key), record, true, context)),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
}
