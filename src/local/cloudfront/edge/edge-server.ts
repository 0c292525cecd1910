import { createServer, type RequestListener, type Server } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import type { Certificate } from '../../certificate';
import { edgeHeaders, type HtmlReason, htmlBody, newRequestId } from './answers';

/** Source: CloudFront Developer Guide, "Quotas": bytes of a request, its line and headers. */
const LARGEST_REQUEST = 20_480;
/** [UNV] How long CloudFront waits for the headers. */
const HEADERS_TIMEOUT_MS = 30_000;

/** A server for viewers: what is not even a request is answered as CloudFront does, and the connection ends. */
export function createEdgeServer(listener: RequestListener, headersTimeoutMs: number = HEADERS_TIMEOUT_MS): Server {
  const server = createServer(limits(headersTimeoutMs), listener);
  server.on('clientError', answerClientError);
  return server;
}

/** The same by HTTPS: HTTP/2 for who offers it, HTTP/1.1 for all others. */
export function createSecureEdgeServer(listener: RequestListener, tls: Certificate): Http2SecureServer {
  const server = createSecureServer(
    {
      ...limits(HEADERS_TIMEOUT_MS),
      ...tls,
      allowHTTP1: true,
      settings: { maxHeaderListSize: LARGEST_REQUEST },
    },
    // HTTP/2's compatibility API has the shape of HTTP/1.1's.
    listener as unknown as Parameters<typeof createSecureServer>[1],
  );
  server.on('clientError', answerClientError);
  // A viewer that breaks the protocol ends its own session.
  server.on('sessionError', () => {});
  return server;
}

const limits = (headersTimeoutMs: number): { [name: string]: number } => ({
  maxHeaderSize: LARGEST_REQUEST,
  headersTimeout: headersTimeoutMs,
  connectionsCheckingInterval: Math.min(headersTimeoutMs, 5_000),
});

/** Two Content-Length headers, one beside Transfer-Encoding, bytes that no header has: the parser refuses them all. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.writable) socket.end(rawAnswer(error.code === 'HPE_HEADER_OVERFLOW' ? 'too-large' : 'bad-request'));
  else socket.destroy();
}

function rawAnswer(reason: HtmlReason): string {
  const id = newRequestId();
  const { status, body } = htmlBody(reason, id);
  const headers = {
    Server: 'CloudFront',
    Date: new Date().toUTCString(),
    'Content-Type': 'text/html',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
    ...edgeHeaders(id, 'Error from cloudfront'),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${status === 413 ? 'Request Entity Too Large' : 'Bad Request'}`, ...lines, '', body].join(
    '\r\n',
  );
}
