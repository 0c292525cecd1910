import type { APIGatewayProxyEvent } from 'aws-lambda';
import { parseScopes, type Scope } from '../../api/scopes';
import { variable } from '../aws/environment';

/** Who called, and what that caller may do. */
export interface Caller {
  /** As audits name it: the API key's id, the IAM user's ARN, the token's subject, or `anonymous`. */
  readonly who: string;
  readonly scopes: readonly Scope[];
}

type Context = APIGatewayProxyEvent['requestContext'];

/** By the environment variable `AUTH`: where API Gateway says who called, once it has let the call in. */
const WHO: Readonly<Record<string, (context: Context) => unknown>> = {
  apiKey: ({ identity }) => identity.apiKeyId,
  iam: ({ identity }) => identity.userArn,
  jwt: ({ authorizer }) => authorizer?.principalId,
  none: () => 'anonymous',
};

/**
 * Reads the caller from what API Gateway vouches for. A token brings its own scopes; every other caller has those of `SCOPES`.
 * @throws Error when the API is not set up as `AUTH` says: nobody gets in by mistake.
 */
export function callerOf({ requestContext }: Pick<APIGatewayProxyEvent, 'requestContext'>): Caller {
  const auth = variable('AUTH');
  const who = Object.hasOwn(WHO, auth) ? WHO[auth]?.(requestContext) : undefined;
  if (typeof who !== 'string' || who === '') throw new Error(`API Gateway names no caller for AUTH=${auth}`);
  const scopes = auth === 'jwt' ? requestContext.authorizer?.scopes : variable('SCOPES');
  return { who, scopes: typeof scopes === 'string' ? parseScopes(scopes) : [] };
}
