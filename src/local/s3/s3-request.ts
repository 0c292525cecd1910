import type { AwsRequest } from '../aws-request';
import { S3Error } from './s3-error';

/** A request with its target read: which bucket, which key, which parameters. */
export interface S3Request extends AwsRequest {
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly query: ReadonlyMap<string, string>;
}

const LONGEST_KEY_BYTES = 1024;

/** Path style: `/BUCKET/KEY`. The key is all that follows, decoded once and otherwise as it came. */
export function readS3Request(request: AwsRequest): S3Request {
  const [, rawBucket = '', rawKey] = request.rawPath.match(/^\/([^/]*)(?:\/(.*))?$/s) ?? [];
  const key = rawKey ? decodeKey(rawKey) : undefined;
  return { ...request, bucket: rawBucket === '' ? undefined : rawBucket, key, query: readQuery(request.rawQuery) };
}

/** Also reads what `x-amz-copy-source` holds. */
export function decodeKey(raw: string): string {
  const key = decode(raw);
  if (Buffer.byteLength(key) > LONGEST_KEY_BYTES) throw new S3Error('KeyTooLongError');
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
  if (text === undefined) return byDefault;
  if (!/^\d{1,9}$/.test(text))
    throw new S3Error('InvalidArgument', `Provided ${name} not an integer or within integer range`);
  return Number(text);
}
