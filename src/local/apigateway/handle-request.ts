import type { IncomingMessage } from 'node:http';
import type { AuthorizationRequest } from './authorization/authorization-request';
import { type AuthorizationOptions, authorizeCaller } from './authorization/authorize-caller';
import { GatewayError } from './errors';
import { isBinaryMediaType, proxyEvent } from './integration/event';
import { callLambdaProxy } from './integration/lambda-proxy';
import { runMockIntegration } from './integration/mock-integration';
import type { LambdaProxyIntegration, RestApi, Stage } from './model';
import { readBody } from './request/request-body';
import { createRequestContext, type RequestContext, traceHeader } from './request/request-context';
import { parseTarget, type RequestTarget } from './request/request-target';
import { findRoute, type Route } from './request/routes';
import { defaultResponse, renderGatewayResponse } from './response/gateway-response';
import type { HttpResponse } from './response/http-response';
import type { Usage } from './usage/usage';

export interface Gateway extends AuthorizationOptions {
  readonly accountId: string;
  readonly usage: Usage;
}

/** A request on its way: stage, method, caller, API key and usage plan, integration; any refusal is a gateway response. */
export async function handleRequest(
  gateway: Gateway,
  restApi: RestApi,
  request: IncomingMessage,
): Promise<HttpResponse> {
  const target = parseTarget(request.url ?? '/');
  const { accountId, now } = gateway;
  const context = createRequestContext(request, target, { accountId, apiId: restApi.id, nowMs: now().getTime() });
  const stage = restApi.stages.get(target.stage);
  // No stage, no deployment: what the template says about gateway responses does not apply.
  if (!stage) return addRequestIds(defaultResponse('INVALID_API_KEY'), context);
  const exchange: Exchange = { gateway, restApi, stage, request, target, context };
  const response = await runMethod(exchange).catch((error) => refuse(exchange, error));
  return addRequestIds(response, context);
}

interface Exchange {
  readonly gateway: Gateway;
  readonly restApi: RestApi;
  readonly stage: Stage;
  readonly request: IncomingMessage;
  readonly target: RequestTarget;
  readonly context: RequestContext;
}

async function runMethod(exchange: Exchange): Promise<HttpResponse> {
  const { gateway, restApi, stage, request, target } = exchange;
  const { deployment } = stage;
  const httpMethod = request.method ?? '';
  const route = findRoute(deployment.routes, httpMethod, target.path);
  if (!route) throw noSuchMethod(request);
  const routed: RoutedExchange = {
    ...exchange,
    route,
    context: { ...exchange.context, deploymentId: deployment.id, ...resourceOf(route) },
    trace: traceHeader(request.headers['x-amzn-trace-id']?.toString(), gateway.now().getTime()),
  };
  const readBodyOnce = once(() => readBody(request));
  const authorizationRequest = authorizationRequestOf(routed, readBodyOnce);
  const caller = await authorizeCaller(
    gateway,
    route.method.authorization,
    deployment.authorizers,
    authorizationRequest,
  );
  const header = request.headers['x-api-key']?.toString();
  const keyValue = deployment.apiKeySource === 'AUTHORIZER' ? caller.usageIdentifierKey : header;
  const key = gateway.usage.admit({ restApi, stage, route, keyValue, httpMethod });
  const body = await readBodyOnce();
  const { integration } = route.method;
  if (integration.type !== 'AWS_PROXY')
    return runMockIntegration(integration, {
      contentType: request.headers['content-type'],
      origin: request.headers.origin,
    });
  const identity = {
    ...routed.context.identity,
    ...caller.identity,
    ...(key && { apiKey: key.value, apiKeyId: key.id }),
  };
  const context = { ...routed.context, identity, ...(caller.authorizer && { authorizer: caller.authorizer }) };
  return proxy({ ...routed, context }, body, integration);
}

/** An exchange that found its method. */
interface RoutedExchange extends Exchange {
  readonly route: Route;
  readonly trace: string;
}

const resourceOf = ({ node: { resourceId, resourcePath } }: Route) => ({ resourceId, resourcePath });

/** A path that no method has is taken for a signed one: what is in the header and is no signature is told to be an incomplete one. */
function noSuchMethod({ headers: { authorization } }: IncomingMessage): GatewayError {
  if (authorization === undefined || authorization.startsWith('AWS4-'))
    return new GatewayError('MISSING_AUTHENTICATION_TOKEN');
  return new GatewayError('INVALID_SIGNATURE', {
    errorType: 'IncompleteSignatureException',
    message: 'not a valid key=value pair (missing equal-sign) in Authorization header',
  });
}

function authorizationRequestOf(routed: RoutedExchange, body: () => Promise<Buffer>): AuthorizationRequest {
  const { gateway, context, request, target } = routed;
  const { accountId } = gateway;
  const apiArn = apiArnOf(routed);
  return {
    request,
    apiArn,
    methodArn: `${apiArn}/${context.stage}/${request.method}${target.path}`,
    accountId,
    sourceIp: context.identity.sourceIp,
    nowMs: context.requestTimeEpoch,
    event: () => eventOf(routed, Buffer.alloc(0)),
    body,
  };
}

async function proxy(routed: RoutedExchange, body: Buffer, integration: LambdaProxyIntegration): Promise<HttpResponse> {
  const { gateway, stage, request, trace, route } = routed;
  const sourceArn = `${apiArnOf(routed)}/${stage.name}/${request.method}${route.node.resourcePath}`;
  const acceptsBinary = isBinaryMediaType(request.headers.accept, stage.deployment.binaryMediaTypes);
  const event = eventOf(routed, body);
  const response = await callLambdaProxy(gateway.lambda, { integration, event, sourceArn, acceptsBinary });
  return { ...response, headers: { ...response.headers, 'X-Amzn-Trace-Id': trace } };
}

function eventOf({ request, target, route, context, stage, trace }: RoutedExchange, body: Buffer) {
  const { binaryMediaTypes } = stage.deployment;
  return proxyEvent({
    request,
    target,
    route,
    context,
    stageVariables: stage.variables,
    binaryMediaTypes,
    body,
    trace,
  });
}

const apiArnOf = ({ gateway: { region, accountId }, restApi }: Exchange): string =>
  `arn:aws:execute-api:${region}:${accountId}:${restApi.id}`;

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function refuse({ stage, context, request }: Exchange, error: unknown): HttpResponse {
  if (!(error instanceof GatewayError)) throw error;
  const { gatewayResponses } = stage.deployment;
  return renderGatewayResponse({
    error,
    context,
    stageVariables: stage.variables,
    gatewayResponses,
    accept: request.headers.accept,
  });
}

function addRequestIds(response: HttpResponse, { requestId, extendedRequestId }: RequestContext): HttpResponse {
  const headers = { ...response.headers, 'x-amzn-RequestId': requestId, 'x-amz-apigw-id': extendedRequestId };
  return { ...response, headers };
}
