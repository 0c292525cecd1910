import type { Principal } from '../../iam/principal';
import { GatewayError } from '../errors';
import type { ProxyEvent } from '../integration/event';
import type { LambdaInvoker } from '../integration/lambda-proxy';
import { withTimeout } from '../integration/with-timeout';
import type { LambdaAuthorizer } from '../model';
import type { Admitted, Attempt } from './authorization-request';
import { type AuthorizerAnswer, readAuthorizerAnswer } from './authorizer-answer';
import type { AuthorizerCache } from './authorizer-cache';
import { identityOf } from './identity-source';
import { evaluate } from './method-policy';

/** Source: API Gateway Developer Guide, "Quotas for configuring and running a REST API": a Lambda authorizer's timeout. */
const LONGEST_MS = 30_000;

export interface AuthorizerHost {
  readonly lambda: LambdaInvoker;
  readonly cache: AuthorizerCache;
  readonly now: () => number;
}

/**
 * A Lambda authorizer: identity → cache, or the function → its policy for this method.
 * Source: API Gateway Developer Guide, "Use API Gateway Lambda authorizers".
 */
export async function authorizeByLambda(
  host: AuthorizerHost,
  authorizer: LambdaAuthorizer,
  attempt: Attempt,
): Promise<Admitted> {
  const { cache, now } = host;
  const event = attempt.event();
  const identity = identityOf(authorizer.identitySources, event);
  const isWellFormed = !authorizer.tokenPattern || authorizer.tokenPattern.test(identity?.[0] ?? '');
  if (!identity || !isWellFormed) throw new GatewayError('UNAUTHORIZED');
  const { apiId, stage } = event.requestContext;
  const key = [apiId, stage, authorizer.id, ...identity];
  const asked = now();
  const cached = authorizer.resultTtlSeconds > 0 ? cache.find(key, asked) : undefined;
  const answer = cached ?? (await ask(host.lambda, authorizer, attempt, inputOf(authorizer, attempt, identity, event)));
  if (!cached && authorizer.resultTtlSeconds > 0) cache.keep(key, answer, now() + authorizer.resultTtlSeconds * 1000);
  evaluate(attempt, principalOf(answer, attempt), 'User is not authorized to access this resource');
  const { context, principalId, usageIdentifierKey } = answer;
  return {
    authorizer: { ...context, principalId, integrationLatency: cached ? 0 : now() - asked },
    usageIdentifierKey,
  };
}

/** The event. A REQUEST authorizer gets all of a request but its body; what there is none of is empty, not null. */
function inputOf(
  { type }: LambdaAuthorizer,
  { methodArn }: Attempt,
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

async function ask(
  lambda: LambdaInvoker,
  { id, functionArn }: LambdaAuthorizer,
  { apiArn }: Attempt,
  input: object,
): Promise<AuthorizerAnswer> {
  const broken = (): GatewayError => new GatewayError('AUTHORIZER_CONFIGURATION_ERROR');
  const caller = { principal: 'apigateway.amazonaws.com', sourceArn: `${apiArn}/authorizers/${id}` };
  const invocation = lambda.invoke(functionArn, input, caller).catch(() => {
    throw broken();
  });
  const { payload, functionError } = await withTimeout(LONGEST_MS, invocation, broken);
  if (functionError) throw isUnauthorized(payload) ? new GatewayError('UNAUTHORIZED') : broken();
  const answer = readAuthorizerAnswer(payload);
  if (!answer) throw broken();
  return answer;
}

/** `throw new Error('Unauthorized')`: this one word makes a 401, any other a 500. */
function isUnauthorized(payload: string): boolean {
  try {
    return (JSON.parse(payload) as { errorMessage?: unknown } | null)?.errorMessage === 'Unauthorized';
  } catch {
    return false;
  }
}

function principalOf({ principalId, policy }: AuthorizerAnswer, { accountId }: Attempt): Principal {
  return { kind: 'user', arn: principalId, accountId, identityPolicies: [policy] };
}
