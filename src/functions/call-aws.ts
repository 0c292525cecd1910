import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { sign } from 'aws4';

/** One call to an AWS service, signed with the function's own role. */
export interface AwsCall {
  /** `s3`, `ssm` */
  readonly service: string;
  /** @default - the function's own */
  readonly region?: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  /** Host on AWS; a home's `AWS_ENDPOINT_URL` replaces it. */
  readonly host: string;
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** How long the service may be silent. @default 3,000 */
  readonly timeoutMs?: number;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** AWS refused the call. `code` is the service's own word, for example `AccessDenied`. */
export class AwsCallError extends Error {
  override readonly name = 'AwsCallError';
  readonly service: string;
  readonly code: string;
  readonly status: number;
  constructor(service: string, code: string, status: number, message: string) {
    super(message);
    this.service = service;
    this.code = code;
    this.status = status;
  }
}

const TIMEOUT_MS = 3_000;
const RETRY_BASE_MS = 50;

/** Status codes after which the same call may succeed: throttling and the service's own failures. */
const isRetryable = (status: number): boolean => status === 429 || status >= 500;

/** Calls AWS, once more after a throttle, a 5xx or a broken connection. Only for calls that may be repeated. */
export async function callAws(call: AwsCall): Promise<AwsAnswer> {
  const first = await send(call).catch((error: Error) => error);
  if (!(first instanceof Error) && !isRetryable(first.status)) return first;
  await new Promise((resolve) => setTimeout(resolve, RETRY_BASE_MS * (1 + Math.random())));
  return send(call);
}

function send(call: AwsCall): Promise<AwsAnswer> {
  const { timeoutMs = TIMEOUT_MS } = call;
  const endpoint = process.env.AWS_ENDPOINT_URL ? new URL(process.env.AWS_ENDPOINT_URL) : undefined;
  const signed = sign({
    service: call.service,
    region: call.region ?? process.env.AWS_REGION ?? '',
    method: call.method,
    host: endpoint?.host ?? call.host,
    path: call.path,
    headers: { ...call.headers },
    body: call.body ?? '',
  });
  const request = endpoint?.protocol === 'http:' ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        method: call.method,
        hostname: endpoint?.hostname ?? call.host,
        port: endpoint?.port || undefined,
        path: call.path,
        headers: signed.headers as Record<string, string>,
        timeout: timeoutMs,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const { statusCode = 0, headers } = incoming;
          resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString('utf8') });
        });
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${call.service} did not answer in ${timeoutMs} ms`)));
    outgoing.on('error', reject);
    outgoing.end(call.body);
  });
}
