import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { edgeHeaders, type HtmlReason, htmlBody, newRequestId } from './answers';

/** Source: CloudFront Developer Guide, "Quotas": bytes of a request, its line and headers. */
const LARGEST_REQUEST = 20_480;
/** [UNV] How long CloudFront waits for the headers. */
const HEADERS_TIMEOUT_MS = 30_000;

/** A server for viewers: what is not even a request is answered as CloudFront does, and the connection ends. */
export function createEdgeServer(listener: RequestListener, headersTimeoutMs: number = HEADERS_TIMEOUT_MS): Server {
  const server = createServer(
    {
      maxHeaderSize: LARGEST_REQUEST,
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: Math.min(headersTimeoutMs, 5_000),
    },
    listener,
  );
  // Two Content-Length headers, one beside Transfer-Encoding, bytes that no header has: the parser refuses them all.
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (socket.writable) socket.end(rawAnswer(error.code === 'HPE_HEADER_OVERFLOW' ? 'too-large' : 'bad-request'));
    else socket.destroy();
  });
  return server;
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
