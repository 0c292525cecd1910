import type { ServerResponse } from 'node:http';

export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

export function writeAnswer(response: ServerResponse, { statusCode, headers, body }: Answer): void {
  if (response.destroyed) return;
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  response.statusCode = statusCode;
  // RFC 9110, 8.6: these have none.
  if (statusCode !== 204 && statusCode !== 304) response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}
