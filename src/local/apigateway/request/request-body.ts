import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors';

/** Source: API Gateway Developer Guide, "Quotas for running a REST API": payload size. */
const LARGEST_BODY_BYTES = 10 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length']) > LARGEST_BODY_BYTES) throw new GatewayError('REQUEST_TOO_LARGE');
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not `for await`: leaving it early would destroy the connection that the refusal is to be written to.
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > LARGEST_BODY_BYTES) reject(new GatewayError('REQUEST_TOO_LARGE'));
      else chunks.push(chunk);
    });
    request.on('end', resolve);
    request.on('error', reject);
  });
  return Buffer.concat(chunks, bytes);
}
