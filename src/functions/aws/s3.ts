import { encodeObjectKey } from '../../signing/encoding/encode-object-key';
import { type AwsCall, AwsCallError, type AwsResponse, callAws } from './call-aws';
import { variable } from './environment';
import { textOf } from './s3-xml';

/** Where an object of the bucket is. */
export interface ObjectAddress {
  /** `https://HOST` */
  readonly origin: string;
  readonly host: string;
  /** Percent-encoded. */
  readonly path: string;
}

/** The bucket's region, which may be another than the function's: S3 takes requests, and signatures, of the bucket's alone. The local runtime has one region. */
export function bucketRegion(): string {
  const { AWS_ENDPOINT_URL, AWS_REGION = '' } = process.env;
  return (AWS_ENDPOINT_URL ? undefined : variable('BUCKET_REGION')) ?? AWS_REGION;
}

/** On AWS the bucket is in the host's name; in the local runtime, whose host is an IP address, it is in the path. */
export function objectAddress(key: string): ObjectAddress {
  const { AWS_ENDPOINT_URL } = process.env;
  const bucket = variable('BUCKET_NAME');
  const path = `/${encodeObjectKey(key)}`;
  if (AWS_ENDPOINT_URL) {
    const { origin, host } = new URL(AWS_ENDPOINT_URL);
    return { origin, host, path: `/${bucket}${path}` };
  }
  const host = `${bucket}.s3.${bucketRegion()}.amazonaws.com`;
  return { origin: `https://${host}`, host, path };
}

/** @param query In the order of the parameters' names, percent-encoded. */
export function callS3(
  key: string,
  query: string,
  call: Pick<AwsCall, 'method' | 'headers' | 'body' | 'timeoutMs'>,
): Promise<AwsResponse> {
  const { host, path } = objectAddress(key);
  const region = bucketRegion();
  return callAws({ service: 's3', region, host, path: query === '' ? path : `${path}?${query}`, ...call });
}

/** Makes an error of S3's response, with its code and message. A 200 may hold an error too, when S3 fails after it has begun to respond. */
export function s3Error({ status, body }: AwsResponse): AwsCallError {
  const code = textOf(body, 'Code') ?? 'Unknown';
  return new AwsCallError('s3', code, status, textOf(body, 'Message') ?? code);
}
