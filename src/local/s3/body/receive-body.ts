import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AwsRequest } from '../../aws-request';
import { CHECKSUMS, type ChecksumAlgorithm, checksumHeader, readChecksumAlgorithm } from '../checksum/checksum';
import { S3Error } from '../s3-error';
import type { Blobs } from '../store/blobs';
import { decodeChunks, isStreaming, type Trailers } from './aws-chunked';

/** A body that arrived whole and is what its sender said; its bytes are on the disk, and nothing refers to them yet. */
export interface ReceivedBody {
  readonly blob: string;
  readonly size: number;
  /** MD5 in hex. */
  readonly md5: string;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
}

/** Source: Amazon S3 User Guide, "Uploading objects". */
export const LARGEST_BODY: number = 5 * 1024 ** 3;

/** What has to be true of the bytes once they are there. */
interface Expected {
  /** In bytes, both included. */
  readonly size: { readonly least: number; readonly most: number };
  /** SHA-256 in hex. */
  readonly sha256?: string | undefined;
  readonly contentMd5?: string | undefined;
  readonly checksum?: StatedChecksum | undefined;
  /** Complete once the bytes have ended. */
  readonly trailers: Trailers;
}

/**
 * Writes the request's body to a new blob and holds it against every length, digest and signature it came with.
 * @param algorithm Computed even when the sender states no checksum, as a multipart upload may ask for.
 */
export async function receiveBody(
  request: AwsRequest,
  blobs: Blobs,
  algorithm?: ChecksumAlgorithm,
): Promise<ReceivedBody> {
  const { headers, payloadHash } = request;
  const size = expectedSizeOf(request);
  const trailers: Trailers = new Map();
  const expected: Expected = {
    size: { least: size, most: size },
    sha256: /^[0-9a-f]{64}$/.test(payloadHash) ? payloadHash : undefined,
    contentMd5: headers['content-md5']?.toString(),
    checksum: statedChecksum(headers) ?? (algorithm && { algorithm, value: undefined, isStated: false }),
    trailers,
  };
  try {
    return await writeBlob(payloadOf(request, trailers), blobs, expected);
  } catch (error) {
    throw WENT_AWAY.includes((error as NodeJS.ErrnoException).code ?? '') ? new S3Error('IncompleteBody') : error;
  }
}

/** What reading a body throws when its client is no more; an error of the disk has another code. */
const WENT_AWAY = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'];

/** The same for the file of a form, whose size only its policy may bound. */
export function receiveFile(
  file: AsyncIterable<Buffer>,
  headers: IncomingHttpHeaders,
  size: Expected['size'],
  blobs: Blobs,
): Promise<ReceivedBody> {
  const contentMd5 = headers['content-md5']?.toString();
  return writeBlob(file, blobs, { size, contentMd5, checksum: statedChecksum(headers), trailers: new Map() });
}

async function writeBlob(payload: AsyncIterable<Buffer>, blobs: Blobs, expected: Expected): Promise<ReceivedBody> {
  const { checksum: stated, trailers } = expected;
  const md5 = createHash('md5');
  const sha256 = expected.sha256 === undefined ? undefined : createHash('sha256');
  const checksum = stated && CHECKSUMS[stated.algorithm]();
  const writer = await blobs.create();
  let size = 0;
  try {
    for await (const bytes of payload) {
      size += bytes.length;
      if (size > expected.size.most) throw tooLarge(size, expected);
      md5.update(bytes);
      sha256?.update(bytes);
      checksum?.update(bytes);
      await writer.write(bytes);
    }
    if (size < expected.size.least) throw tooSmall(size, expected);
    if (sha256 && sha256.digest('hex') !== expected.sha256) throw new S3Error('XAmzContentSHA256Mismatch');
    const digest = md5.digest();
    checkContentMd5(expected.contentMd5, digest);
    const verified = stated && checksum && checkChecksum(stated, checksum.digest(), trailers);
    return { blob: await writer.finish(), size, md5: digest.toString('hex'), checksum: verified };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** A body of another length than it said is not whole; a file outside its policy's bounds is too large or too small. */
const tooLarge = (size: number, { size: { least, most } }: Expected): S3Error =>
  least === most
    ? new S3Error('IncompleteBody')
    : new S3Error('EntityTooLarge', undefined, { ProposedSize: String(size), MaxSizeAllowed: String(most) });
const tooSmall = (size: number, { size: { least, most } }: Expected): S3Error =>
  least === most
    ? new S3Error('IncompleteBody')
    : new S3Error('EntityTooSmall', undefined, { ProposedSize: String(size), MinSizeAllowed: String(least) });

function payloadOf({ body, payloadHash, chunkSigning }: AwsRequest, trailers: Trailers): AsyncIterable<Buffer> {
  if (isStreaming(payloadHash)) return decodeChunks(body, payloadHash, chunkSigning, trailers);
  if (payloadHash === 'UNSIGNED-PAYLOAD' || /^[0-9a-f]{64}$/.test(payloadHash)) return body;
  if (payloadHash.startsWith('STREAMING-'))
    throw new S3Error(
      'NotImplemented',
      `the local runtime does not know the x-amz-content-sha256 ${payloadHash.slice(0, 64)}`,
    );
  throw new S3Error('InvalidArgument', 'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-... or a SHA256');
}

function expectedSizeOf({ headers, payloadHash }: AwsRequest): number {
  const header = isStreaming(payloadHash) ? headers['x-amz-decoded-content-length'] : headers['content-length'];
  if (header === undefined) throw new S3Error('MissingContentLength');
  const size = Number(header);
  if (!/^\d+$/.test(String(header)) || size > LARGEST_BODY) throw new S3Error('EntityTooLarge');
  return size;
}

interface StatedChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Absent: it comes in the trailer. */
  readonly value: string | undefined;
  /** False when the local runtime computes it without being told what it should be. */
  readonly isStated: boolean;
}

const NO_CHECKSUMS = ['x-amz-checksum-algorithm', 'x-amz-checksum-mode', 'x-amz-checksum-type'];

function statedChecksum(headers: IncomingHttpHeaders): StatedChecksum | undefined {
  const trailer = headers['x-amz-trailer'];
  const named = [...Object.keys(headers), ...(typeof trailer === 'string' ? [trailer.toLowerCase().trim()] : [])]
    .filter((name) => name.startsWith('x-amz-checksum-') && !NO_CHECKSUMS.includes(name))
    .map((name) => name.slice('x-amz-checksum-'.length).toUpperCase());
  const [name] = named;
  const announced = headers['x-amz-sdk-checksum-algorithm'];
  if (name === undefined) {
    if (announced === undefined) return undefined;
    return { algorithm: readChecksumAlgorithm(String(announced)), value: undefined, isStated: false };
  }
  if (named.length > 1)
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum types are not allowed.',
    );
  const algorithm = readChecksumAlgorithm(name);
  const value = headers[checksumHeader(algorithm)]?.toString();
  if (value !== undefined) checkShape(algorithm, value);
  return { algorithm, value, isStated: true };
}

const DIGEST_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

function checkShape(algorithm: ChecksumAlgorithm, value: string): void {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length === DIGEST_BYTES[algorithm] && bytes.toString('base64') === value) return;
  throw new S3Error('InvalidRequest', `Value for ${checksumHeader(algorithm)} header is invalid.`);
}

function checkChecksum(
  { algorithm, value, isStated }: StatedChecksum,
  computed: string,
  trailers: Trailers,
): { algorithm: ChecksumAlgorithm; value: string } {
  const expected = value ?? trailers.get(checksumHeader(algorithm)) ?? (isStated ? undefined : computed);
  if (expected === undefined)
    throw new S3Error('MalformedTrailerError', `the trailer ${checksumHeader(algorithm)} did not come`);
  if (expected !== computed)
    throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  return { algorithm, value: computed };
}

function checkContentMd5(header: string | string[] | undefined, digest: Buffer): void {
  if (header === undefined) return;
  const stated = Buffer.from(String(header), 'base64');
  if (stated.length !== 16) throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  if (!stated.equals(digest))
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
}
