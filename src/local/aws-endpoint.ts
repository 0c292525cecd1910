/**
 * One endpoint for all AWS services of a local runtime, as `AWS_ENDPOINT_URL` wants it. A request's life: request id → signature → the
 * service that its credential scope names.
 *
 * By design: nobody is anonymous. The service is told by the signature's scope, so no host name is needed and an SDK pointed at an IP
 * address uses path style by itself.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AwsRequest } from './aws-request';
import type { Clock } from './clock';
import type { FindAccessKey } from './iam/principal';
import { SignatureError } from './iam/signature-error';
import { verifySignature } from './iam/signature-v4';
import type { ServiceApi, ServiceResponse } from './service';

export interface AwsEndpointOptions {
  readonly region: string;
  readonly findAccessKey: FindAccessKey;
  /** By the service name of credential scopes. */
  readonly services: Readonly<Record<string, ServiceApi>> & { readonly s3: ServiceApi };
  readonly now: Clock;
}

/** All services but S3 sign the body's digest without sending it, so the body is read first; none of their requests is larger. */
const LARGEST_JSON_BODY = 1024 * 1024;

/** Serve `checkContinue` with it too: a body that is announced is asked for after the signature was checked. */
export function createAwsEndpoint(options: AwsEndpointOptions): RequestListener {
  const { services, now } = options;
  return async (incoming, response) => {
    const requestId = randomBytes(8).toString('hex').toUpperCase();
    const service = statedService(incoming, services);
    const isS3 = service === services.s3;
    try {
      const body = isS3 ? undefined : await readBody(incoming);
      const target = targetOf(incoming);
      const unsigned = isS3 ? await services.s3.answerUnsigned?.({ incoming, ...target, requestId }) : undefined;
      if (unsigned) return await sendResponse(response, unsigned, incoming.method);
      const request = authenticate(incoming, body, requestId, options, now());
      // Only whose signature held is asked for the body.
      if (incoming.headers.expect === '100-continue') response.writeContinue();
      await sendResponse(response, await service.answer(request), incoming.method);
      // An answer before the end of the body: what still comes is nobody's.
      if (!request.body.readableEnded) request.body.resume();
    } catch (error) {
      if (error instanceof SignatureError && !response.headersSent) {
        await sendResponse(response, service.refuse(error, requestId), incoming.method);
        // What the client still sends is nobody's.
        incoming.resume();
      } else {
        response.destroy();
        if (!incoming.destroyed) process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  };
}

/** Sends what a service has answered; a client that goes away in the middle ends it quietly. */
async function sendResponse(
  response: ServerResponse,
  { status, headers, body }: ServiceResponse,
  method: string | undefined,
): Promise<void> {
  response.writeHead(status, { ...headers });
  if (body === undefined || method === 'HEAD') {
    response.end();
    if (body !== undefined && typeof body !== 'string') body.destroy();
  } else if (typeof body === 'string') response.end(body);
  else await pipeline(body, response).catch(() => response.destroy());
}

function authenticate(
  incoming: IncomingMessage,
  body: Buffer | undefined,
  requestId: string,
  { region, findAccessKey, services }: AwsEndpointOptions,
  now: Date,
): AwsRequest {
  const wire = { method: incoming.method ?? 'GET', ...targetOf(incoming), headers: incoming.headers };
  const bodyHash = body && createHash('sha256').update(body).digest('hex');
  const verified = verifySignature(wire, { region, findAccessKey, services: Object.keys(services), now, bodyHash });
  const { accessKey, payloadHash, chunkSigning, isPresigned } = verified;
  return {
    ...wire,
    sourceIp: incoming.socket.remoteAddress,
    isPresigned,
    body: body ? Readable.from([body]) : incoming,
    principal: accessKey.principal(),
    requestId,
    payloadHash,
    chunkSigning,
  };
}

/** By the scope of the credential, which the signature is over; what names no service is S3's to refuse. */
function statedService({ headers }: IncomingMessage, services: AwsEndpointOptions['services']): ServiceApi {
  const [, name = 's3'] = headers.authorization?.match(/Credential=[^,]*\/([a-z0-9-]+)\/aws4_request/) ?? [];
  return (Object.hasOwn(services, name) ? services[name] : undefined) ?? services.s3;
}

function targetOf({ url = '/' }: IncomingMessage): { rawPath: string; rawQuery: string } {
  const mark = url.indexOf('?');
  return mark < 0 ? { rawPath: url, rawQuery: '' } : { rawPath: url.slice(0, mark), rawQuery: url.slice(mark + 1) };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size > LARGEST_JSON_BODY)
      throw new SignatureError('AccessDenied', 'the body is larger than any request of this service');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
