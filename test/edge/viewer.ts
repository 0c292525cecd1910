import { type Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { LocalEdge } from './local-edge';

/** What a viewer got. */
export interface Received {
  /** 0 when the connection ended before any answer. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** Whether the answer ended as its headers said; not when the connection was cut. */
  readonly isWhole: boolean;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** @default - a connection of its own, closed after the answer */
  readonly agent?: Agent;
}

/** Asks for a target as it stands; resolves also when the connection is cut. */
export function ask({ port }: Pick<LocalEdge, 'port'>, path: string, asking: Asking = {}): Promise<Received> {
  const { method = 'GET', headers = {}, agent = false } = asking;
  return new Promise((resolve) => {
    const nothing: Received = { status: 0, headers: {}, bytes: Buffer.alloc(0), isWhole: false };
    const request = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => {});
      response.on('close', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes: Buffer.concat(chunks),
          isWhole: response.complete,
        }),
      );
    });
    request.on('error', () => resolve(nothing));
    request.end();
  });
}

/** Sends bytes as they are; resolves with all that came back once the other side has ended the connection. */
export function converse({ port }: Pick<LocalEdge, 'port'>, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = { br: brotliDecompressSync, gzip: gunzipSync };

/**
 * What is wrong with an answer that looks like a whole one; undefined when it is right, or a failure that the viewer can see: a cut
 * connection, a 5xx.
 */
export function falsehoodIn({ status, headers, bytes, isWhole }: Received, object: Buffer): string | undefined {
  if (!isWhole || status >= 500) return undefined;
  const decoded = DECODERS[headers['content-encoding'] ?? '']?.(bytes) ?? bytes;
  if (status === 200)
    return decoded.equals(object) ? undefined : `200 with ${decoded.length} of ${object.length} bytes`;
  const [, start, end, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
  if (status !== 206 || start === undefined) return `an answer of status ${status}`;
  if (Number(size) !== object.length) return `206 that says the object has ${size} bytes, not ${object.length}`;
  const isRight = bytes.equals(object.subarray(Number(start), Number(end) + 1));
  return isRight ? undefined : `206 with other bytes than ${start}-${end}`;
}
