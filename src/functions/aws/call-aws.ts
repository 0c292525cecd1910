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
  /** The host on AWS; the local runtime's `AWS_ENDPOINT_URL` replaces it. */
  readonly host: string;
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** How long the service may be silent. @default 3,000 */
  readonly timeoutMs?: number;
  /** How often it is made in all while the service throttles, fails or does not answer. @default 2 - somebody waits */
  readonly attempts?: number;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** AWS refused the call. `code` is the service's own code, such as `AccessDenied`. */
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

export const isCode = (error: unknown, code: string): boolean => error instanceof AwsCallError && error.code === code;

/** For `catch`: turns this refusal into undefined, and throws every other error again. */
export const ignoreCode =
  (code: string) =>
  (error: unknown): undefined => {
    if (!isCode(error, code)) throw error;
  };

const TIMEOUT_MS = 3_000;
const RETRY_BASE_MS = 50;

/**
 * How services say with status 400 that there were too many calls: CloudFront `Throttling`, Parameter Store `ThrottlingException` and, for one
 * parameter, `TooManyUpdates`. Source: the services' API references, "Common Errors"; PutParameter, "Errors".
 */
const THROTTLED = /(?:<Code>|"__type"\s*:\s*"(?:[^"#]*#)?)(?:Throttling|ThrottlingException|TooManyUpdates)["<]/;

/** True when the same call may succeed later: the service throttled, or failed. */
const isRetryable = ({ status, body }: AwsResponse): boolean =>
  status === 429 || status >= 500 || (status === 400 && THROTTLED.test(body));

/**
 * Calls AWS, again after a throttle, a 5xx or a broken connection. Only for calls that may be repeated.
 * Waits three times as long each time: 50 ms at first, and up to twice that by chance.
 */
export async function callAws(call: AwsCall): Promise<AwsResponse> {
  const { attempts = 2 } = call;
  for (let attempt = 1; ; attempt += 1) {
    const response = await send(call).catch((error: Error) => error);
    if (response instanceof Error) {
      if (attempt >= attempts) throw response;
    } else if (attempt >= attempts || !isRetryable(response)) return response;
    const waitMs = RETRY_BASE_MS * 3 ** (attempt - 1) * (1 + Math.random());
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

function send(call: AwsCall): Promise<AwsResponse> {
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
