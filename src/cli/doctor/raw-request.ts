import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface RawRequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** PEM: a certificate to trust beside the usual ones. */
  readonly ca?: string | undefined;
}

const TIMEOUT_MS = 20_000;

/** Sends one request with its path as it is written: `fetch` would normalize a link, and take no certificate of the local runtime. */
export function sendRawRequest(
  url: string,
  { method = 'GET', headers = {}, body, ca }: RawRequestOptions = {},
): Promise<HttpResponse> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const [, origin = url, path = '/'] = /^(https?:\/\/[^/?#]+)([^#]*)/.exec(url) ?? [];
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const options = { path: path || '/', method, headers: { ...headers, ...length }, ...(ca !== undefined && { ca }) };
    const request = send(origin, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    request.on('error', (error) => reject(new Error(`${origin} cannot be reached: ${error.message}`)));
    request.end(body);
  });
}
