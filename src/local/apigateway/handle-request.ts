import type { IncomingMessage } from 'node:http';
import type { Answer } from './answer';
import { isBinaryMediaType } from './binary-media-type';
import { proxyEvent } from './event';
import { answerGatewayResponse, answerMessage } from './gateway-response';
import { GatewayError } from './gateway-response-type';
import { callLambdaProxy, type LambdaInvoker } from './lambda-proxy';
import type { LambdaProxyIntegration } from './lambda-proxy-integration';
import { answerMock } from './mock-integration';
import type { ApiKey, RestApi, Stage } from './model';
import { readBody } from './request-body';
import { openContext, type RequestContext } from './request-context';
import { parseTarget, type RequestTarget } from './request-target';
import { findRoute, type Route } from './routes';
import { traceHeader } from './trace-header';
import type { Usage } from './usage';

export interface Gateway {
  readonly region: string;
  readonly accountId: string;
  readonly lambda: LambdaInvoker;
  readonly usage: Usage;
  readonly now: () => number;
}

/** A request on its way: stage, method, API key and usage plan, integration, answer; any refusal is a gateway response. */
export async function handleRequest(gateway: Gateway, restApi: RestApi, request: IncomingMessage): Promise<Answer> {
  const target = parseTarget(request.url ?? '/');
  const { accountId, now } = gateway;
  const context = openContext(request, target, { accountId, apiId: restApi.id, nowMs: now() });
  const stage = restApi.stages.get(target.stage);
  // No stage, no deployment: what the template says about gateway responses does not apply.
  if (!stage) return identify(answerMessage('INVALID_API_KEY'), context);
  const exchange: Exchange = { gateway, restApi, stage, request, target, context };
  const answer = await integrate(exchange).catch((error) => refuse(exchange, error));
  return identify(answer, context);
}

interface Exchange {
  readonly gateway: Gateway;
  readonly restApi: RestApi;
  readonly stage: Stage;
  readonly request: IncomingMessage;
  readonly target: RequestTarget;
  readonly context: RequestContext;
}

async function integrate(exchange: Exchange): Promise<Answer> {
  const { gateway, restApi, stage, request, target } = exchange;
  const httpMethod = request.method ?? '';
  const route = findRoute(stage.deployment.routes, httpMethod, target.path);
  if (!route) throw new GatewayError('MISSING_AUTHENTICATION_TOKEN');
  const keyValue = request.headers['x-api-key']?.toString();
  const key = gateway.usage.admit({ restApi, stage, route, keyValue, httpMethod });
  const body = await readBody(request);
  const { integration } = route.method;
  if (integration.type === 'AWS_PROXY') return proxy(exchange, { route, key, body, integration });
  return answerMock(integration, { contentType: request.headers['content-type'], origin: request.headers.origin });
}

interface ProxyStep {
  readonly route: Route;
  readonly key: ApiKey | undefined;
  readonly body: Buffer;
  readonly integration: LambdaProxyIntegration;
}

async function proxy(exchange: Exchange, { route, key, body, integration }: ProxyStep): Promise<Answer> {
  const { gateway, restApi, stage, request, target } = exchange;
  const { binaryMediaTypes } = stage.deployment;
  const { resourceId, resourcePath } = route.node;
  const trace = traceHeader(request.headers['x-amzn-trace-id']?.toString(), gateway.now());
  const context: RequestContext = {
    ...exchange.context,
    deploymentId: stage.deployment.id,
    resourceId,
    resourcePath,
    identity: { ...exchange.context.identity, ...(key && { apiKey: key.value, apiKeyId: key.id }) },
  };
  const stageVariables = stage.variables;
  const event = proxyEvent({ request, target, route, context, stageVariables, binaryMediaTypes, body, trace });
  const { region, accountId, lambda } = gateway;
  const partition = integration.functionArn.split(':')[1];
  const sourceArn = `arn:${partition}:execute-api:${region}:${accountId}:${restApi.id}/${stage.name}/${request.method}${resourcePath}`;
  const acceptsBinary = isBinaryMediaType(request.headers.accept, binaryMediaTypes);
  const answer = await callLambdaProxy(lambda, { integration, event, sourceArn, acceptsBinary });
  return { ...answer, headers: { ...answer.headers, 'X-Amzn-Trace-Id': trace } };
}

function refuse({ stage, context, request }: Exchange, error: unknown): Answer {
  if (!(error instanceof GatewayError)) throw error;
  const { gatewayResponses } = stage.deployment;
  return answerGatewayResponse({
    error,
    context,
    stageVariables: stage.variables,
    gatewayResponses,
    accept: request.headers.accept,
  });
}

function identify(answer: Answer, { requestId, extendedRequestId }: RequestContext): Answer {
  const headers = { ...answer.headers, 'x-amzn-RequestId': requestId, 'x-amz-apigw-id': extendedRequestId };
  return { ...answer, headers };
}
