import type { Clock } from '../../clock';
import type { Principal } from '../../iam/principal';
import { GatewayError } from '../errors';
import type { ProxyEvent } from '../integration/event';
import type { LambdaInvoker } from '../integration/lambda-proxy';
import { withTimeout } from '../integration/with-timeout';
import type { LambdaAuthorizer } from '../model';
import type { AuthorizationRequest, AuthorizedCaller } from './authorization-request';
import type { AuthorizerCache } from './authorizer-cache';
import { type AuthorizerOutput, readAuthorizerOutput } from './authorizer-output';
import { identityOf } from './identity-source';
import { checkMethodPolicy } from './method-policy';

/** Source: API Gateway Developer Guide, "Quotas for configuring and running a REST API": a Lambda authorizer's timeout. */
const LONGEST_MS = 30_000;

export interface LambdaAuthorizerOptions {
  readonly lambda: LambdaInvoker;
  readonly cache: AuthorizerCache;
  readonly now: Clock;
}

/**
 * A Lambda authorizer: identity → cache, or the function → its policy for this method.
 * Source: API Gateway Developer Guide, "Use API Gateway Lambda authorizers".
 */
export async function authorizeByLambda(
  options: LambdaAuthorizerOptions,
  authorizer: LambdaAuthorizer,
  request: AuthorizationRequest,
): Promise<AuthorizedCaller> {
  const { cache, now } = options;
  const event = request.event();
  const identity = identityOf(authorizer.identitySources, event);
  const isWellFormed = !authorizer.tokenPattern || authorizer.tokenPattern.test(identity?.[0] ?? '');
  if (!identity || !isWellFormed) throw new GatewayError('UNAUTHORIZED');
  const { apiId, stage } = event.requestContext;
  const key = [apiId, stage, authorizer.id, ...identity];
  const startedAt = now().getTime();
  const cached = authorizer.resultTtlSeconds > 0 ? cache.find(key, startedAt) : undefined;
  const output =
    cached ??
    (await invokeAuthorizer(options.lambda, authorizer, request, inputOf(authorizer, request, identity, event)));
  if (!cached && authorizer.resultTtlSeconds > 0)
    cache.put(key, output, now().getTime() + authorizer.resultTtlSeconds * 1000);
  checkMethodPolicy(request, principalOf(output, request), 'User is not authorized to access this resource');
  const { context, principalId, usageIdentifierKey } = output;
  return {
    authorizer: { ...context, principalId, integrationLatency: cached ? 0 : now().getTime() - startedAt },
    usageIdentifierKey,
  };
}

/** The event. A REQUEST authorizer gets all of a request but its body; what there is none of is empty, not null. */
function inputOf(
  { type }: LambdaAuthorizer,
  { methodArn }: AuthorizationRequest,
  [token]: readonly string[],
  event: ProxyEvent,
): object {
  if (type === 'TOKEN') return { type, methodArn, authorizationToken: token };
  return {
    type,
    methodArn,
    resource: event.resource,
    path: event.path,
    httpMethod: event.httpMethod,
    headers: event.headers ?? {},
    multiValueHeaders: event.multiValueHeaders ?? {},
    queryStringParameters: event.queryStringParameters ?? {},
    multiValueQueryStringParameters: event.multiValueQueryStringParameters ?? {},
    pathParameters: event.pathParameters ?? {},
    stageVariables: event.stageVariables ?? {},
    requestContext: event.requestContext,
  };
}

async function invokeAuthorizer(
  lambda: LambdaInvoker,
  { id, functionArn }: LambdaAuthorizer,
  { apiArn }: AuthorizationRequest,
  input: object,
): Promise<AuthorizerOutput> {
  const broken = (): GatewayError => new GatewayError('AUTHORIZER_CONFIGURATION_ERROR');
  const caller = { principal: 'apigateway.amazonaws.com', sourceArn: `${apiArn}/authorizers/${id}` };
  const invocation = lambda.invoke(functionArn, input, caller).catch(() => {
    throw broken();
  });
  const { payload, functionError } = await withTimeout(LONGEST_MS, invocation, broken);
  if (functionError) throw isUnauthorized(payload) ? new GatewayError('UNAUTHORIZED') : broken();
  const output = readAuthorizerOutput(payload);
  if (!output) throw broken();
  return output;
}

/** `throw new Error('Unauthorized')`: this one word makes a 401, any other a 500. */
function isUnauthorized(payload: string): boolean {
  try {
    return (JSON.parse(payload) as { errorMessage?: unknown } | null)?.errorMessage === 'Unauthorized';
  } catch {
    return false;
  }
}

function principalOf({ principalId, policy }: AuthorizerOutput, { accountId }: AuthorizationRequest): Principal {
  return { kind: 'user', arn: principalId, accountId, identityPolicies: [policy] };
}
