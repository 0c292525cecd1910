import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { machineClock } from '../clock';
import type { AppliedResource, ResourceRequest, ResourceResult } from '../cloudformation/resource-type';
import { type ApiGateway, type ApiGatewayOptions, type LambdaInvoker, openApiGateway } from '.';

export const STACK: ResourceRequest['stack'] = {
  stackName: 'Edgepass',
  stackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Edgepass/1',
  region: 'us-east-1',
  accountId: '123456789012',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
};

export const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:lister';

export interface GatewayFixture {
  readonly gateway: ApiGateway;
  /** Applies a resource; undefined properties are left out. */
  apply(
    type: string,
    logicalId: string,
    properties: Record<string, unknown>,
    previous?: AppliedResource,
  ): Promise<ResourceResult>;
  remove(type: string, logicalId: string): Promise<void>;
  /** Serves an API and answers where. */
  serve(restApiId: string): Promise<string>;
}

/** @param answer what the function behind every proxy integration does with an event */
export function startGateway(
  answer: (event: unknown) => unknown = () => ({ statusCode: 200 }),
  options: Partial<ApiGatewayOptions> = {},
): GatewayFixture {
  const lambda: LambdaInvoker = {
    invoke: async (_arn, event) => ({ payload: JSON.stringify((await answer(event)) ?? null) }),
  };
  const gateway = openApiGateway({
    region: 'us-east-1',
    accountId: '123456789012',
    lambda,
    findAccessKey: () => undefined,
    now: machineClock,
    ...options,
  });
  const applied = new Map<string, AppliedResource>();
  return {
    gateway,
    async apply(type, logicalId, all, previous = applied.get(logicalId)) {
      const properties = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      const result = await gateway.resourceTypes[type]?.apply({ logicalId, properties, stack: STACK, previous });
      if (!result) throw new Error(`${type} is not among the resource types`);
      applied.set(logicalId, { ...result, type, properties });
      return result;
    },
    async remove(type, logicalId) {
      const resource = applied.get(logicalId);
      if (!resource) throw new Error(`${logicalId} was not applied`);
      await gateway.resourceTypes[type]?.remove?.({ ...resource, logicalId, stack: STACK });
    },
    async serve(restApiId) {
      const server = createServer((request, response) => gateway.handle(restApiId, request, response));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => {
        server.close();
        server.closeAllConnections();
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
  };
}

export const proxyIntegration = (functionArn: string = FUNCTION_ARN): Record<string, unknown> => ({
  IntegrationHttpMethod: 'POST',
  Type: 'AWS_PROXY',
  Uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
});

/** A method of a small API: where it is, and what differs from an open Lambda proxy. */
export interface SmallMethod {
  /** `/pets/{petId}`; resources on the way are made. */
  readonly path: string;
  readonly httpMethod?: string;
  readonly properties?: Record<string, unknown>;
}

export interface SmallApi {
  readonly restApiId: string;
  /** `http://127.0.0.1:PORT/v1` */
  readonly url: string;
}

/** An API with these methods, deployed to the stage `v1` and served. */
export async function smallApi(
  { apply, serve }: GatewayFixture,
  methods: readonly SmallMethod[],
  more: { readonly restApi?: object; readonly stage?: object; readonly gatewayResponses?: readonly object[] } = {},
): Promise<SmallApi> {
  const api = await apply('AWS::ApiGateway::RestApi', 'Api', { Name: 'Api', ...more.restApi });
  const RestApiId = api.physicalId;
  const resourceIds = new Map<string, string>([['/', String(api.attributes.RootResourceId)]]);
  for (const { path, httpMethod = 'ANY', properties } of methods) {
    let ParentId = resourceIds.get('/');
    for (const part of path.split('/').filter((segment) => segment !== '')) {
      const logicalId = `${ParentId}/${part}`;
      const known = resourceIds.get(logicalId);
      const properties = { RestApiId, ParentId, PathPart: part };
      ParentId = known ?? (await apply('AWS::ApiGateway::Resource', logicalId, properties)).physicalId;
      resourceIds.set(logicalId, ParentId);
    }
    const fixed = { RestApiId, ResourceId: ParentId, HttpMethod: httpMethod, AuthorizationType: 'NONE' };
    const Integration = proxyIntegration();
    await apply('AWS::ApiGateway::Method', `${httpMethod} ${path}`, { ...fixed, Integration, ...properties });
  }
  for (const [index, response] of (more.gatewayResponses ?? []).entries()) {
    await apply('AWS::ApiGateway::GatewayResponse', `GatewayResponse${index}`, { RestApiId, ...response });
  }
  const deployment = await apply('AWS::ApiGateway::Deployment', 'Deployment', { RestApiId });
  const stage = { RestApiId, StageName: 'v1', DeploymentId: deployment.physicalId, ...more.stage };
  await apply('AWS::ApiGateway::Stage', 'Stage', stage);
  return { restApiId: RestApiId, url: `${await serve(RestApiId)}/v1` };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly text: string;
  readonly bytes: Buffer;
}

export interface RawRequest {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
}

/** Sends a request whose path is taken as it is; `fetch` would tidy it up. */
export function send(origin: string, path: string, { method, headers, body }: RawRequest = {}): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ hostname, port, path, method, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const { statusCode: status = 0, rawHeaders } = incoming;
        resolve({ status, headers: incoming.headers, rawHeaders, text: bytes.toString('utf8'), bytes });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
