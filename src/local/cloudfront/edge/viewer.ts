import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Who asks, and for what, as it came over the wire. */
export interface Viewer {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** The Host header, or HTTP/2's `:authority`, with its port. */
  readonly host: string;
  /** Path and query: never decoded, never normalized. */
  readonly target: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly ipAddress: string | undefined;
  readonly httpVersion: string;
}

export function readViewer(request: IncomingMessage, scheme: Viewer['scheme']): Viewer {
  const { method = 'GET', headers, httpVersion, url: target = '/' } = request;
  const mark = target.indexOf('?');
  return {
    method,
    scheme,
    host: headers.host ?? headers[':authority']?.toString() ?? '',
    target,
    path: mark < 0 ? target : target.slice(0, mark),
    headers,
    ipAddress: request.socket.remoteAddress,
    httpVersion,
  };
}

/** CloudFront answers 403 to a GET with a body. */
export const hasBody = ({ headers }: Viewer): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
