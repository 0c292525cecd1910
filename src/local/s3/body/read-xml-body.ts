import { createHash } from 'node:crypto';
import type { AwsRequest } from '../../aws-request';
import { S3Error } from '../s3-error';
import { decodeChunks, isStreaming } from './aws-chunked';

const LARGEST_XML_BYTES = 2 * 1024 * 1024;

/** A request's XML document, checked against the digest that was signed. */
export async function readXmlBody({ body, payloadHash, chunkSigning }: AwsRequest): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const payload = isStreaming(payloadHash) ? decodeChunks(body, payloadHash, chunkSigning, new Map()) : body;
  for await (const chunk of payload) {
    size += (chunk as Buffer).length;
    if (size > LARGEST_XML_BYTES) throw new S3Error('MalformedXML');
    chunks.push(chunk as Buffer);
  }
  const bytes = Buffer.concat(chunks);
  if (/^[0-9a-f]{64}$/.test(payloadHash) && createHash('sha256').update(bytes).digest('hex') !== payloadHash) {
    throw new S3Error('XAmzContentSHA256Mismatch');
  }
  return bytes.toString('utf8');
}
