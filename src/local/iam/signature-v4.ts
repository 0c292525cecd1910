/**
 * Verifies AWS Signature Version 4 of header-signed and presigned requests, over the request as it came.
 * Source: IAM User Guide, "AWS Signature Version 4 for API requests"; Amazon S3 API Reference, "Authenticating requests".
 *
 * By design: an error never repeats the string to sign or the signature, as S3's own SignatureDoesNotMatch does.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { canonicalPath, canonicalQuery } from './canonical-request';
import type { AccessKey, FindAccessKey } from './principal';
import { SignatureError } from './signature-error';
import { readSignature, type SignedRequest, type StatedSignature } from './stated-signature';

export interface VerifiedSignature {
  readonly accessKey: AccessKey;
  /** The service of the credential scope: `s3`, `ssm`. */
  readonly service: string;
  /** `x-amz-content-sha256`, or `UNSIGNED-PAYLOAD` where the signature does not cover the body. */
  readonly payloadHash: string;
  readonly isPresigned: boolean;
  /** What chunk signatures chain from; absent for a presigned URL. */
  readonly chunkSigning?: ChunkSigning;
}

/** Holds what the chunk signatures of an `aws-chunked` body continue from. */
export interface ChunkSigning {
  readonly seedSignature: string;
  readonly signingKey: Buffer;
  /** `20260101T000000Z` */
  readonly amzDate: string;
  /** `20260101/us-east-1/s3/aws4_request` */
  readonly scope: string;
}

export interface VerifyOptions {
  readonly region: string;
  readonly services: readonly string[];
  readonly findAccessKey: FindAccessKey;
  readonly now: Date;
  /** SHA-256 of the body in hex, for the services that do not take its digest from a header (all but S3). */
  readonly bodyHash?: string | undefined;
  /**
   * How far the time of a signed request may be from now, in milliseconds.
   * @default 15 minutes, as S3 has it
   */
  readonly clockSkewMs?: number;
}

const CLOCK_SKEW_MS = 15 * 60_000;

/** Shape → scope → key → time → token → signature. @throws SignatureError with S3's code. */
export function verifySignature(request: SignedRequest, options: VerifyOptions): VerifiedSignature {
  const stated = readSignature(request);
  checkScope(stated, options);
  const accessKey = options.findAccessKey(stated.accessKeyId);
  if (!accessKey) throw new SignatureError('InvalidAccessKeyId');
  checkTime(stated, options);
  if (stated.securityToken !== accessKey.sessionToken) throw new SignatureError('InvalidToken');
  checkSignedHeaders(stated, request.headers);

  const payloadHash = payloadHashOf(stated, request.headers, options.bodyHash);
  const canonicalRequest = [
    request.method,
    canonicalPath(request.rawPath, stated.service),
    canonicalQuery(request.rawQuery),
    ...stated.signedHeaders.map((name) => `${name}:${headerValue(request.headers, name)}`),
    '',
    stated.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  const stringToSign = ['AWS4-HMAC-SHA256', stated.amzDate, stated.scope, sha256(canonicalRequest)].join('\n');
  const signingKey = deriveSigningKey(accessKey.secretAccessKey, stated);
  const expected = createHmac('sha256', signingKey).update(stringToSign).digest();
  if (!isEqual(expected, stated.signature)) throw new SignatureError('SignatureDoesNotMatch');

  const { service, amzDate, scope, signature: seedSignature } = stated;
  const verified = { accessKey, service, payloadHash, isPresigned: stated.isPresigned };
  return stated.isPresigned ? verified : { ...verified, chunkSigning: { seedSignature, signingKey, amzDate, scope } };
}

function checkScope({ region, service, date, amzDate, isPresigned }: StatedSignature, options: VerifyOptions): void {
  const malformed = isPresigned ? 'AuthorizationQueryParametersError' : 'AuthorizationHeaderMalformed';
  if (region !== options.region) {
    throw new SignatureError(malformed, `the region '${region}' is wrong; expecting '${options.region}'`);
  }
  if (!options.services.includes(service)) {
    throw new SignatureError(
      malformed,
      `the local runtime does not have the service '${service}'; it has ${options.services.join(' and ')}`,
    );
  }
  if (!amzDate.startsWith(date))
    throw new SignatureError(malformed, 'the date of the credential scope is not that of the request');
}

function checkTime({ amzDate, expires }: StatedSignature, { now, clockSkewMs = CLOCK_SKEW_MS }: VerifyOptions): void {
  const signedAt = parseAmzDate(amzDate);
  if (expires === undefined) {
    if (Math.abs(now.getTime() - signedAt) > clockSkewMs) throw new SignatureError('RequestTimeTooSkewed');
    return;
  }
  if (signedAt > now.getTime() + clockSkewMs) throw new SignatureError('AccessDenied', 'Request is not yet valid');
  if (now.getTime() > signedAt + expires * 1000) throw new SignatureError('AccessDenied', 'Request has expired');
}

function parseAmzDate(amzDate: string): number {
  const time = Date.parse(amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(time)) throw new SignatureError('AccessDenied', 'X-Amz-Date is not a date such as 20260101T000000Z');
  return time;
}

/** `host` and every `x-amz-*` header have to be covered, or somebody on the way could change them. */
function checkSignedHeaders({ signedHeaders }: StatedSignature, headers: IncomingHttpHeaders): void {
  const needed = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  const unsigned = needed.find((name) => !signedHeaders.includes(name));
  if (unsigned)
    throw new SignatureError(
      'AccessDenied',
      `There were headers present in the request which were not signed: ${unsigned}`,
    );
}

function payloadHashOf(stated: StatedSignature, headers: IncomingHttpHeaders, bodyHash: string | undefined): string {
  if (stated.service !== 's3') return bodyHash ?? EMPTY_HASH;
  const header = headers['x-amz-content-sha256'];
  if (typeof header === 'string') return header;
  if (stated.isPresigned) return stated.hashedPayload ?? 'UNSIGNED-PAYLOAD';
  throw new SignatureError('MissingSecurityHeader', 'the header x-amz-content-sha256 is missing');
}

const headerValue = (headers: IncomingHttpHeaders, name: string): string =>
  [headers[name] ?? []]
    .flat()
    .map((value) => value.trim().replace(/ +/g, ' '))
    .join(',');

export function deriveSigningKey(
  secret: string,
  { date, region, service }: Pick<StatedSignature, 'date' | 'region' | 'service'>,
): Buffer {
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
}

/** Node reads header bytes as Latin-1: written as that again they are the bytes that were signed. All else is ASCII. */
function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}

const EMPTY_HASH = sha256('');

function isEqual(expected: Buffer, hex: string): boolean {
  const given = Buffer.from(hex, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
