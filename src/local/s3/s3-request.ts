import { LONGEST_KEY } from '../../object-key/encode-object-key';
import type { AwsRequest } from '../aws-request';
import { S3Error } from './s3-error';

/** A request with its target read: which bucket, which key, which parameters. */
export interface S3Request extends AwsRequest {
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly query: ReadonlyMap<string, string>;
}

/** Path style, `/BUCKET/KEY`, or virtual-hosted style, the bucket in the host's name. The key is decoded once and otherwise as it came. */
export function readS3Request(request: AwsRequest): S3Request {
  const hosted = bucketOfHost(request.headers.host ?? '');
  const path = hosted === undefined ? request.rawPath : `/${hosted}${request.rawPath}`;
  const [, rawBucket = '', rawKey] = path.match(/^\/([^/]*)(?:\/(.*))?$/s) ?? [];
  const key = rawKey ? decodeKey(rawKey) : undefined;
  return { ...request, bucket: rawBucket === '' ? undefined : rawBucket, key, query: readQuery(request.rawQuery) };
}

/** `BUCKET.localhost`, `BUCKET.s3.REGION.amazonaws.com` and their like; any other host means path style. */
export function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const [, bucket] =
    name.match(/^(.+?)(?:\.s3)?\.localhost$/) ??
    name.match(/^(.+)\.s3[.-](?:[a-z0-9.-]+\.)?amazonaws\.com(?:\.cn)?$/) ??
    [];
  return bucket === 's3' ? undefined : bucket;
}

/** Also reads what `x-amz-copy-source` holds. */
export function decodeKey(raw: string): string {
  return checkKey(decode(raw));
}

/** @throws S3Error KeyTooLongError; InvalidURI for a NUL, which no XML can answer. */
export function checkKey(key: string): string {
  if (Buffer.byteLength(key) > LONGEST_KEY) throw new S3Error('KeyTooLongError');
  if (key.includes('\0')) throw new S3Error('InvalidURI', 'the local runtime takes no NUL character in a key');
  return key;
}

function readQuery(rawQuery: string): Map<string, string> {
  const pairs = rawQuery.split('&').filter((pair) => pair !== '');
  return new Map(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decode(name), decode(value.join('=').replaceAll('+', ' '))];
    }),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI');
  }
}

/** The whole number of a parameter, or its default. */
export function numberParameter(query: ReadonlyMap<string, string>, name: string, byDefault: number): number {
  const text = query.get(name);
  if (text === undefined || text === '') return byDefault;
  if (!/^\d{1,9}$/.test(text))
    throw new S3Error('InvalidArgument', `Provided ${name} not an integer or within integer range`, {
      ArgumentName: name,
      ArgumentValue: text,
    });
  return Number(text);
}
