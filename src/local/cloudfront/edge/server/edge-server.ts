import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import type { Certificate } from '../../../certificate';
import { edgeHeaders, type HtmlReason, htmlBody, newRequestId } from '../response/answers';
import { answerPage } from '../response/respond';
import { readViewer } from '../viewer';

/** Source: CloudFront Developer Guide, "Quotas": bytes of a request, its line and headers. */
const LARGEST_REQUEST = 20_480;
/** [UNV] How long CloudFront waits for the headers. */
const HEADERS_TIMEOUT_MS = 30_000;

/** A server for viewers: what is not even a request is answered as CloudFront does, and the connection ends. */
export function createEdgeServer(listener: RequestListener, headersTimeoutMs: number = HEADERS_TIMEOUT_MS): Server {
  const server = createServer(limits(headersTimeoutMs), checked(listener));
  server.maxHeadersCount = EVERY_HEADER;
  server.on('clientError', answerClientError);
  return server;
}

/** The same by HTTPS: HTTP/2 for who offers it, HTTP/1.1 for all others. */
export function createSecureEdgeServer(listener: RequestListener, tls: Certificate): Http2SecureServer {
  // Loading it takes longer than a server by plain HTTP takes to start.
  const { createSecureServer } = require('node:http2') as typeof import('node:http2');
  const server = createSecureServer(
    {
      ...limits(HEADERS_TIMEOUT_MS),
      ...tls,
      allowHTTP1: true,
      settings: { maxHeaderListSize: LARGEST_REQUEST },
    },
    // HTTP/2's compatibility API has the shape of HTTP/1.1's.
    checked(listener) as unknown as Parameters<typeof createSecureServer>[1],
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

/** Node drops what is beyond 2,000 by itself, without a word. */
const EVERY_HEADER = 0;

/** The answer that a connection is at. */
const latest = new WeakMap<Socket, ServerResponse>();

/** What Node's parser lets through, and CloudFront or HTTP does not. */
function checked(listener: RequestListener): RequestListener {
  return (request, response) => {
    latest.set(request.socket, response);
    const reason = faultOf(request);
    // RFC 9112, 6.1: after chunks in HTTP/1.0 nobody knows where the next request begins.
    if (request.httpVersion === '1.0' && request.headers['transfer-encoding'] !== undefined)
      response.shouldKeepAlive = false;
    if (reason === undefined) return listener(request, response);
    answerPage({ viewer: readViewer(request, 'http'), response, id: newRequestId() }, reason);
  };
}

/** Names and values, each with `: ` or the end of its line. */
const SEPARATORS = 4;

function faultOf({ method = '', url = '', rawHeaders, httpVersion }: IncomingMessage): HtmlReason | undefined {
  let bytes = method.length + url.length + ' '.length * 2 + `HTTP/${httpVersion}\r\n\r\n`.length;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    bytes += name.length + (rawHeaders[at + 1] ?? '').length + SEPARATORS;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (bytes > LARGEST_REQUEST) return 'too-large';
  // RFC 9112, 3.2: two of them may be meant for two readers.
  return hosts > 1 ? 'bad-request' : undefined;
}

/** Two Content-Length headers, one beside Transfer-Encoding, bytes that no header has: the parser refuses them all. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  const response = latest.get(socket);
  // An answer under way is not to be torn by this one: it ends, and the connection with it.
  if (response?.headersSent && !response.writableFinished) response.once('close', () => socket.destroy());
  else if (socket.writable) socket.end(rawAnswer(error.code === 'HPE_HEADER_OVERFLOW' ? 'too-large' : 'bad-request'));
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
