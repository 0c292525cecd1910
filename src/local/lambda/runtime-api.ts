import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One invocation of a function, as the Runtime API delivers it. */
export interface Invocation {
  readonly requestId: string;
  readonly invokedFunctionArn: string;
  readonly traceId: string;
  /** JSON */
  readonly event: string;
}

/** What a runtime may say to Lambda. Bodies are JSON. */
export interface RuntimeListener {
  /** It is ready for an invocation, now or later given to `deliver`. */
  onNext(): void;
  onResponse(requestId: string, body: RuntimeBody): void;
  onError(requestId: string, body: RuntimeBody): void;
  onInitError(body: RuntimeBody): void;
}

export interface RuntimeBody {
  /** Cut short where it is longer than Lambda takes. */
  readonly text: string;
  readonly bytes: number;
}

/** The times that are sent with an invocation, in milliseconds. */
export interface InvocationTime {
  readonly deadlineMs: number;
  /** How far the local runtime's clock is ahead of the machine's, where it has one of its own. */
  readonly clockOffsetMs: number | undefined;
}

export interface RuntimeApi {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** Answers the request for the next invocation, which `onNext` reported. */
  deliver(invocation: Invocation, time: InvocationTime): void;
  close(): void;
}

/** The local runtime's own, beside Lambda's. */
const CLOCK_OFFSET_HEADER = 'Edgepass-Clock-Offset-Ms';

const NEXT = '/2018-06-01/runtime/invocation/next';
const INIT_ERROR = '/2018-06-01/runtime/init/error';
const OUTCOME = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;

/** Source: AWS Lambda Developer Guide, "Lambda quotas": synchronous payload. */
export const LARGEST_RESPONSE_BYTES: number = 6 * 1024 * 1024 + 100;

/** Source: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes" (2018-06-01). */
export async function openRuntimeApi(listener: RuntimeListener): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  const server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 }, (request, response) => {
    if (request.method === 'GET' && request.url === NEXT) {
      waiting = response;
      listener.onNext();
      return;
    }
    // A process that ends in the middle of a sentence has said nothing.
    readOutcome(request, response, listener).catch(() => response.destroy());
  });
  const address = await listen(server);
  return {
    address,
    deliver(invocation, { deadlineMs, clockOffsetMs }) {
      waiting?.writeHead(200, {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(invocation.event),
        'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
        'Lambda-Runtime-Deadline-Ms': deadlineMs,
        'Lambda-Runtime-Invoked-Function-Arn': invocation.invokedFunctionArn,
        'Lambda-Runtime-Trace-Id': invocation.traceId,
        ...(clockOffsetMs !== undefined && { [CLOCK_OFFSET_HEADER]: clockOffsetMs }),
      });
      waiting?.end(invocation.event);
      waiting = undefined;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readOutcome(
  request: IncomingMessage,
  response: ServerResponse,
  listener: RuntimeListener,
): Promise<void> {
  const { url = '', method } = request;
  const [, requestId, outcome] = OUTCOME.exec(url) ?? [];
  const isKnown = method === 'POST' && (url === INIT_ERROR || requestId !== undefined);
  const body = await readBody(request);
  const answer = isKnown ? '{"status":"OK"}' : '';
  const headers = { 'Content-Type': 'application/json', 'Content-Length': answer.length };
  response.writeHead(isKnown ? 202 : 404, headers).end(answer);
  if (!isKnown) return;
  if (requestId === undefined) listener.onInitError(body);
  else if (outcome === 'response') listener.onResponse(requestId, body);
  else listener.onError(requestId, body);
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

async function readBody(request: IncomingMessage): Promise<RuntimeBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes <= LARGEST_RESPONSE_BYTES) chunks.push(chunk as Buffer);
  }
  return { text: Buffer.concat(chunks).toString('utf8'), bytes };
}
