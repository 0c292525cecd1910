import type { Xml } from '../../xml';
import { readEncoding } from '../listing/encode-name';
import { listPage, type Page } from '../listing/list-page';
import type { BucketRequest, S3Context, S3Response } from '../request-context';
import { numberParameter } from '../s3-request';
import { xmlDocument } from '../s3-xml';
import type { ObjectRecord } from '../store/object-record';

const LARGEST_PAGE = 1000;

/** The part of a response that ListObjects and ListObjectsV2 share. */
export interface ListedKeys {
  readonly page: Page;
  /** The elements of the response that repeat the request's parameters. */
  readonly common: Readonly<Record<string, Xml>>;
  /** Writes a key as the request's `encoding-type` asks for it. */
  readonly encode: (text: string) => string;
}

/** Reads a page of the bucket's keys, from the one that follows `after`. */
export function listKeys(request: BucketRequest, context: S3Context, after: string | undefined): ListedKeys {
  const { bucket, query } = request;
  const [prefix = '', delimiter] = [query.get('prefix'), query.get('delimiter')];
  const encode = readEncoding(query);
  const maxKeys = Math.min(numberParameter(query, 'max-keys', LARGEST_PAGE), LARGEST_PAGE);
  const page = listPage(context.store, {
    bucket,
    prefix,
    delimiter: delimiter || undefined,
    after: after || undefined,
    maxKeys,
  });
  const common = {
    Name: bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter ? encode(delimiter) : undefined,
    MaxKeys: maxKeys,
    EncodingType: query.get('encoding-type'),
    IsTruncated: page.next !== undefined,
  };
  return { page, common, encode };
}

/** Returns the element `Contents` of an object. */
export function describeListed(
  Key: string,
  { lastModified, etag, size, checksum, storageClass }: ObjectRecord,
  hasOwner: boolean,
  { accountId }: S3Context,
): Xml {
  return {
    Key,
    LastModified: new Date(lastModified).toISOString(),
    ETag: `"${etag}"`,
    ChecksumAlgorithm: checksum?.algorithm,
    ChecksumType: checksum?.type,
    Size: size,
    Owner: hasOwner ? { ID: accountId } : undefined,
    StorageClass: storageClass,
  };
}

/** Answers with a `ListBucketResult`. */
export const xmlListing = (content: Xml): S3Response => ({
  status: 200,
  body: xmlDocument('ListBucketResult', content),
});
