import type { IncomingMessage } from 'node:http';
import type { FindAccessKey } from '../../iam/principal';
import { GatewayError } from '../errors';
import type { ProxyEvent } from '../integration/event';
import type { Deployment, MethodAuthorization } from '../model';
import type { RequestContext, RequestIdentity } from '../request/request-context';
import { authorizeByIam } from './by-iam';
import { type AuthorizerHost, authorizeByLambda } from './by-lambda';

/** A request for a method that asks who calls. */
export interface Attempt {
  readonly request: IncomingMessage;
  /** `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH` with the path as it was sent. */
  readonly methodArn: string;
  /** `arn:aws:execute-api:REGION:ACCOUNT:API` */
  readonly apiArn: string;
  readonly accountId: string;
  readonly sourceIp: string;
  readonly nowMs: number;
  /** The request as a function gets it, without the body. */
  readonly event: () => ProxyEvent;
  readonly body: () => Promise<Buffer>;
}

/** What is known of a caller who may call. */
export interface Admitted {
  readonly identity?: Partial<RequestIdentity>;
  readonly authorizer?: NonNullable<RequestContext['authorizer']>;
  /** The API key, where the API takes it from its authorizer. */
  readonly usageIdentifierKey?: string | undefined;
}

export interface AuthorizationHost extends AuthorizerHost {
  readonly region: string;
  readonly findAccessKey: FindAccessKey;
}

/** Source: API Gateway Developer Guide, "Output from an API Gateway Lambda authorizer". */
const LONGEST_METHOD_ARN_BYTES = 1600;

/** Throws the gateway response of a refusal. */
export async function authorizeCaller(
  host: AuthorizationHost,
  authorization: MethodAuthorization,
  authorizers: Deployment['authorizers'],
  attempt: Attempt,
): Promise<Admitted> {
  if (authorization.type === 'NONE') return {};
  if (Buffer.byteLength(attempt.methodArn) > LONGEST_METHOD_ARN_BYTES)
    throw new GatewayError('DEFAULT_4XX', { statusCode: 414, message: 'Request URI too long' });
  if (authorization.type === 'AWS_IAM') return authorizeByIam(host, attempt, await attempt.body());
  const authorizer = authorizers.get(authorization.authorizerId);
  if (!authorizer) throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR');
  return authorizeByLambda(host, authorizer, attempt);
}
