/**
 * Decodes `aws-chunked` bodies, signed and unsigned, with and without trailers.
 * Source: Amazon S3 API Reference, "Signature calculations: transferring payload in multiple chunks".
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { ChunkSigning } from '../../iam/signature-v4';
import { S3Error } from '../s3-error';

/** What `x-amz-content-sha256` says of a body that comes in chunks. */
export const STREAMING = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { isSigned: true, hasTrailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { isSigned: true, hasTrailer: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { isSigned: false, hasTrailer: true },
} as const;

export type StreamingPayload = keyof typeof STREAMING;

export const isStreaming = (payloadHash: string): payloadHash is StreamingPayload =>
  Object.hasOwn(STREAMING, payloadHash);

export type Trailers = Map<string, string>;

const LONGEST_LINE = 16 * 1024;
const LARGEST_CHUNK = 64 * 1024 * 1024;
const EMPTY_HASH = createHash('sha256').digest('hex');

/** Yields the payload; when it has ended, `trailers` holds what came behind it. */
export async function* decodeChunks(
  body: Readable,
  kind: StreamingPayload,
  signing: ChunkSigning | undefined,
  trailers: Trailers,
): AsyncGenerator<Buffer> {
  const { isSigned, hasTrailer } = STREAMING[kind];
  if (isSigned && !signing) throw new S3Error('InvalidRequest', 'a presigned URL cannot carry a body of signed chunks');
  const reader = new ByteReader(body);
  let previous = signing?.seedSignature ?? '';
  for (;;) {
    const { size, signature } = parseChunkHeader(await reader.line(), isSigned);
    const hash = isSigned ? createHash('sha256') : undefined;
    for await (const bytes of reader.take(size)) {
      hash?.update(bytes);
      // A signed chunk is handed on before its signature is known: the receiver keeps nothing until the whole body held.
      yield bytes;
    }
    if (signing && hash) {
      const text = [
        'AWS4-HMAC-SHA256-PAYLOAD',
        signing.amzDate,
        signing.scope,
        previous,
        EMPTY_HASH,
        hash.digest('hex'),
      ];
      previous = checkSignature(signing, text, signature);
    }
    if (size === 0) break;
    await reader.crlf();
  }
  if (hasTrailer) await readTrailers(reader, isSigned ? signing : undefined, previous, trailers);
  else await reader.crlf();
  await reader.end();
}

function parseChunkHeader(line: string, isSigned: boolean): { size: number; signature: string } {
  const parts = line.match(isSigned ? /^([0-9a-f]{1,8});chunk-signature=([0-9a-f]{64})$/i : /^([0-9a-f]{1,8})$/i);
  const size = Number.parseInt(parts?.[1] ?? '', 16);
  if (!parts || size > LARGEST_CHUNK)
    throw new S3Error('IncompleteBody', 'the aws-chunked body has a malformed chunk header');
  return { size, signature: parts[2] ?? '' };
}

function checkSignature(signing: ChunkSigning, stringToSign: readonly string[], signature: string): string {
  const expected = createHmac('sha256', signing.signingKey).update(stringToSign.join('\n')).digest();
  const given = Buffer.from(signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new S3Error('SignatureDoesNotMatch');
  return signature;
}

async function readTrailers(
  reader: ByteReader,
  signing: ChunkSigning | undefined,
  previous: string,
  trailers: Trailers,
): Promise<void> {
  let signed = '';
  let signature = '';
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const colon = line.indexOf(':');
    if (colon < 1) throw new S3Error('IncompleteBody', 'the aws-chunked body has a malformed trailer');
    const [name, value] = [line.slice(0, colon).toLowerCase().trim(), line.slice(colon + 1).trim()];
    if (name === 'x-amz-trailer-signature') signature = value;
    else {
      trailers.set(name, value);
      signed += `${name}:${value}\n`;
    }
  }
  if (!signing || signature === '') {
    if (signing && trailers.size > 0) throw new S3Error('SignatureDoesNotMatch');
    return;
  }
  const hash = createHash('sha256').update(signed).digest('hex');
  checkSignature(signing, ['AWS4-HMAC-SHA256-TRAILER', signing.amzDate, signing.scope, previous, hash], signature);
}

/** Reads lines and runs of bytes from a stream without holding more than one of its pieces. */
class ByteReader {
  readonly #pieces: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(body: Readable) {
    this.#pieces = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#rest.subarray(0, end).toString('latin1');
        this.#rest = this.#rest.subarray(end + 2);
        return line;
      }
      if (this.#rest.length > LONGEST_LINE)
        throw new S3Error('IncompleteBody', 'the aws-chunked body has a line without end');
      if (!(await this.#more())) throw new S3Error('IncompleteBody');
    }
  }

  async crlf(): Promise<void> {
    if ((await this.line()) !== '')
      throw new S3Error('IncompleteBody', 'the aws-chunked body has a chunk longer than it says');
  }

  async *take(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0; ) {
      if (this.#rest.length === 0 && !(await this.#more())) throw new S3Error('IncompleteBody');
      const bytes = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(bytes.length);
      left -= bytes.length;
      if (bytes.length > 0) yield bytes;
    }
  }

  /** What comes after the last chunk is no part of the format. */
  async end(): Promise<void> {
    if (this.#rest.length > 0 || (await this.#more()))
      throw new S3Error('IncompleteBody', 'the aws-chunked body goes on after its end');
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#pieces.next();
    if (done) return false;
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }
}
