import { sign } from 'aws4';
import type { PresignedRequest } from '../../api/bodies';
import { bucketRegion, objectAddress } from '../aws/s3';

export interface PresignOptions {
  readonly key: string;
  /** Parameters of S3's operation. */
  readonly query?: Readonly<Record<string, string>>;
  /** In bytes: S3 takes no more and no fewer. */
  readonly size: number;
  /** Headers that the request has to carry, with these values. */
  readonly headers: Readonly<Record<string, string>>;
  readonly lifetimeSeconds: number;
}

export interface PresignedPut {
  readonly request: PresignedRequest;
  /** ISO 8601 */
  readonly expires: string;
}

/**
 * A PUT that whoever has it can send once its function's credentials and its lifetime allow: all its headers are signed, so S3 answers
 * SignatureDoesNotMatch to another size, type or checksum, or to a missing `if-none-match`. `content-length` is signed too but is not
 * among the returned headers, because HTTP clients set it themselves and browsers let no page do it.
 * Source: Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)".
 */
export function presignPut(
  { key, query, size, headers, lifetimeSeconds }: PresignOptions,
  now: Date = new Date(),
): PresignedPut {
  const { origin, host, path } = objectAddress(key);
  const signedAt = Math.floor(now.getTime() / 1000) * 1000;
  const parameters = new URLSearchParams({
    ...query,
    'X-Amz-Date': amzDate(signedAt),
    'X-Amz-Expires': String(lifetimeSeconds),
  });
  const signed = sign({
    service: 's3',
    region: bucketRegion(),
    method: 'PUT',
    host,
    path: `${path}?${parameters}`,
    headers: { ...headers, 'content-length': String(size) },
    signQuery: true,
  });
  const expires = new Date(signedAt + lifetimeSeconds * 1000).toISOString();
  return { request: { method: 'PUT', url: origin + signed.path, headers }, expires };
}

/** `20260101T000000Z` */
const amzDate = (time: number): string => new Date(time).toISOString().replace(/[:-]|\.\d{3}/g, '');
