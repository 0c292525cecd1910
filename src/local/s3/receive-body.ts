import { createHash } from 'node:crypto';
import type { AwsRequest } from '../aws-request';
import { decodeChunks, isStreaming, type Trailers } from './aws-chunked';
import type { Blobs } from './blobs';
import { CHECKSUMS, type ChecksumAlgorithm, checksumHeader, isChecksumAlgorithm } from './checksum';
import { S3Error } from './s3-error';

/** A body that arrived whole and is what its sender said; its bytes are on the disk, and nothing refers to them yet. */
export interface ReceivedBody {
  readonly blob: string;
  readonly size: number;
  /** MD5 in hex. */
  readonly md5: string;
  readonly checksum?: StoredChecksum | undefined;
}

export interface StoredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
}

/** Source: Amazon S3 User Guide, "Uploading objects". */
const LARGEST_BODY = 5 * 1024 ** 3;

/** Writes the request's body to a new blob and holds it against every length, digest and signature it came with. */
export async function receiveBody(request: AwsRequest, blobs: Blobs): Promise<ReceivedBody> {
  const { headers, payloadHash } = request;
  const expectedSize = expectedSizeOf(request);
  const stated = statedChecksum(request);
  const trailers: Trailers = new Map();
  const md5 = createHash('md5');
  const sha256 = /^[0-9a-f]{64}$/.test(payloadHash) ? createHash('sha256') : undefined;
  const checksum = stated && CHECKSUMS[stated.algorithm]();
  const writer = await blobs.create();
  let size = 0;
  try {
    for await (const bytes of payloadOf(request, trailers)) {
      size += bytes.length;
      if (size > LARGEST_BODY) throw new S3Error('EntityTooLarge');
      md5.update(bytes);
      sha256?.update(bytes);
      checksum?.update(bytes);
      await writer.write(bytes);
    }
    if (size !== expectedSize) throw new S3Error('IncompleteBody');
    if (sha256 && sha256.digest('hex') !== payloadHash) throw new S3Error('XAmzContentSHA256Mismatch');
    const digest = md5.digest();
    checkContentMd5(headers['content-md5'], digest);
    const verified = stated && checksum && checkChecksum(stated, checksum.digest(), trailers);
    return { blob: await writer.finish(), size, md5: digest.toString('hex'), checksum: verified };
  } catch (error) {
    await writer.abandon();
    throw request.body.errored || request.body.destroyed ? new S3Error('IncompleteBody') : error;
  }
}

function payloadOf({ body, payloadHash, chunkSigning }: AwsRequest, trailers: Trailers): AsyncIterable<Buffer> {
  if (isStreaming(payloadHash)) return decodeChunks(body, payloadHash, chunkSigning, trailers);
  if (payloadHash === 'UNSIGNED-PAYLOAD' || /^[0-9a-f]{64}$/.test(payloadHash)) return body;
  throw new S3Error('NotImplemented', `home does not know the x-amz-content-sha256 ${payloadHash.slice(0, 64)}`);
}

function expectedSizeOf({ headers, payloadHash }: AwsRequest): number {
  const header = isStreaming(payloadHash) ? headers['x-amz-decoded-content-length'] : headers['content-length'];
  const size = Number(header);
  if (header === undefined) throw new S3Error('MissingContentLength');
  if (!/^\d+$/.test(String(header)) || size > LARGEST_BODY) throw new S3Error('EntityTooLarge');
  return size;
}

interface StatedChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Absent: it comes in the trailer. */
  readonly value: string | undefined;
}

function statedChecksum({ headers }: AwsRequest): StatedChecksum | undefined {
  const trailer = headers['x-amz-trailer'];
  const named = [...Object.keys(headers), ...(typeof trailer === 'string' ? [trailer.toLowerCase().trim()] : [])]
    .filter((name) => name.startsWith('x-amz-checksum-'))
    .map((name) => name.slice('x-amz-checksum-'.length).toUpperCase())
    .filter((name) => name !== 'ALGORITHM' && name !== 'MODE' && name !== 'TYPE');
  const algorithm = named[0];
  if (algorithm === undefined) return undefined;
  if (!isChecksumAlgorithm(algorithm))
    throw new S3Error('NotImplemented', `home does not know the checksum ${algorithm}`);
  if (named.length > 1)
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum types are not allowed.',
    );
  return { algorithm, value: headers[checksumHeader(algorithm)]?.toString() };
}

function checkChecksum({ algorithm, value }: StatedChecksum, computed: string, trailers: Trailers): StoredChecksum {
  const expected = value ?? trailers.get(checksumHeader(algorithm));
  if (expected === undefined)
    throw new S3Error('InvalidRequest', `the trailer ${checksumHeader(algorithm)} did not come`);
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
