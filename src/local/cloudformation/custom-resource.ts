import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ResourceRequest, ResourceResult, ResourceType } from './resource-type';

/** CloudFormation waits an hour for a response; on a developer's machine somebody is waiting. */
const RESPONSE_TIMEOUT_MS = 60_000;

/** Invokes the function behind a ServiceToken; resolves when the function has ended. */
export type InvokeFunction = (
  functionArn: string,
  event: object,
) => Promise<{ payload: string; functionError?: string }>;

interface CustomResourceResponse {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly Data?: Record<string, unknown>;
}

/**
 * A Lambda-backed custom resource: the function gets CloudFormation's event and answers by a PUT to its ResponseURL.
 * As CloudFormation does, an unchanged resource is left alone, and Update comes only with changed properties.
 */
export function customResource(type: string, invoke: InvokeFunction): ResourceType {
  return {
    async apply(request) {
      const { previous, properties } = request;
      if (previous && isSame(previous.properties, properties)) return previous;
      return toResult(request.logicalId, await send(type, request, previous ? 'Update' : 'Create', invoke));
    },
    async remove(resource) {
      toResult(resource.logicalId, await send(type, { ...resource, previous: resource }, 'Delete', invoke));
    },
  };
}

const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

function toResult(logicalId: string, response: CustomResourceResponse): ResourceResult {
  if (response.Status !== 'SUCCESS')
    throw new Error(`${logicalId}: the custom resource failed: ${response.Reason ?? 'no reason given'}`);
  return { physicalId: response.PhysicalResourceId, attributes: response.Data ?? {} };
}

async function send(
  type: string,
  { logicalId, properties, previous, stack }: ResourceRequest,
  requestType: 'Create' | 'Update' | 'Delete',
  invoke: InvokeFunction,
): Promise<CustomResourceResponse> {
  const responseServer = await openResponseServer();
  try {
    const event = {
      RequestType: requestType,
      ResponseURL: responseServer.url,
      StackId: stack.stackId,
      RequestId: randomUUID(),
      ResourceType: type,
      LogicalResourceId: logicalId,
      ServiceToken: properties.ServiceToken,
      ResourceProperties: properties,
      ...(previous && { PhysicalResourceId: previous.physicalId }),
      ...(requestType === 'Update' && { OldResourceProperties: previous?.properties }),
    };
    const ended = invoke(String(properties.ServiceToken), event).then(({ payload, functionError }) => {
      if (functionError)
        throw new Error(`${logicalId}: the custom resource's function failed: ${payload.slice(0, 500)}`);
    });
    return await Promise.race([responseServer.response, ended.then(() => responseServer.response)]);
  } finally {
    responseServer.close();
  }
}

interface ResponseServer {
  readonly url: string;
  readonly response: Promise<CustomResourceResponse>;
  close(): void;
}

/** Opens the server behind ResponseURL, for one event; on AWS it is a presigned S3 URL. */
async function openResponseServer(): Promise<ResponseServer> {
  const path = `/${randomUUID()}`;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${path}`, response: receive(server, path), close: () => void server.close() };
}

function receive(server: Server, path: string): Promise<CustomResourceResponse> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('the custom resource did not answer in time')),
      RESPONSE_TIMEOUT_MS,
    );
    server.once('close', () => clearTimeout(timer));
    server.on('request', async (request: IncomingMessage, response) => {
      const isResponse = request.method === 'PUT' && request.url === path;
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      response.writeHead(isResponse ? 200 : 403, { Connection: 'close' }).end();
      if (isResponse) resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as CustomResourceResponse);
    });
  });
}
