import type { FindAccessKey } from '../../iam/principal';
import { GatewayError } from '../errors';
import type { Deployment, MethodAuthorization } from '../model';
import type { Admitted, Attempt } from './authorization-request';
import { authorizeByIam } from './by-iam';
import { type AuthorizerHost, authorizeByLambda } from './by-lambda';

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
