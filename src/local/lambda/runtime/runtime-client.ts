import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { Failure } from './failure';

export interface Invocation {
  readonly requestId: string;
  readonly invokedFunctionArn: string;
  readonly deadlineMs: number;
  readonly traceId: string | undefined;
  /** Where the local runtime has a clock of its own. */
  readonly clockOffsetMs: number | undefined;
  /** JSON */
  readonly event: string;
}

const VERSION = '/2018-06-01/runtime';

/** The runtime's side of the Runtime API. */
export class RuntimeClient {
  readonly #hostname: string;
  readonly #port: number;
  readonly #agent: Agent = new Agent({ keepAlive: true, maxSockets: 2 });

  /** @param address `127.0.0.1:PORT` */
  constructor(address: string) {
    const url = new URL(`http://${address}`);
    this.#hostname = url.hostname;
    this.#port = Number(url.port);
  }

  async next(): Promise<Invocation> {
    const { headers, body } = await this.#send('GET', '/invocation/next');
    const offset = headers['edgepass-clock-offset-ms'];
    return {
      requestId: String(headers['lambda-runtime-aws-request-id']),
      invokedFunctionArn: String(headers['lambda-runtime-invoked-function-arn']),
      deadlineMs: Number(headers['lambda-runtime-deadline-ms']),
      traceId: headers['lambda-runtime-trace-id']?.toString(),
      clockOffsetMs: offset === undefined ? undefined : Number(offset),
      event: body,
    };
  }

  /** @param result JSON */
  async response(requestId: string, result: string): Promise<void> {
    await this.#send('POST', `/invocation/${requestId}/response`, result);
  }

  async error(requestId: string, failure: Failure): Promise<void> {
    await this.#send('POST', `/invocation/${requestId}/error`, JSON.stringify(failure), failure.errorType);
  }

  async initError(failure: Failure): Promise<void> {
    await this.#send('POST', '/init/error', JSON.stringify(failure), failure.errorType);
  }

  #send(method: 'GET' | 'POST', path: string, body?: string, errorType?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = {
        ...(body !== undefined && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
        ...(errorType && { 'Lambda-Runtime-Function-Error-Type': encodeURI(errorType) }),
      };
      const { hostname, port, agent } = { hostname: this.#hostname, port: this.#port, agent: this.#agent };
      const outgoing = request({ hostname, port, agent, method, path: VERSION + path, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => resolve({ headers: incoming.headers, body: Buffer.concat(chunks).toString('utf8') }));
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
