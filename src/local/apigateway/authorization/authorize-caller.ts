import type { FindAccessKey } from '../../iam/principal';
import { GatewayError } from '../errors';
import type { Deployment, MethodAuthorization } from '../model';
import type { AuthorizationRequest, AuthorizedCaller } from './authorization-request';
import { authorizeByIam } from './by-iam';
import { authorizeByLambda, type LambdaAuthorizerOptions } from './by-lambda';

export interface AuthorizationOptions extends LambdaAuthorizerOptions {
  readonly region: string;
  readonly findAccessKey: FindAccessKey;
}

/** Source: API Gateway Developer Guide, "Output from an API Gateway Lambda authorizer". */
const LONGEST_METHOD_ARN_BYTES = 1600;

/** Throws the gateway response of a refusal. */
export async function authorizeCaller(
  options: AuthorizationOptions,
  authorization: MethodAuthorization,
  authorizers: Deployment['authorizers'],
  request: AuthorizationRequest,
): Promise<AuthorizedCaller> {
  if (authorization.type === 'NONE') return {};
  if (Buffer.byteLength(request.methodArn) > LONGEST_METHOD_ARN_BYTES)
    throw new GatewayError('DEFAULT_4XX', { statusCode: 414, message: 'Request URI too long' });
  if (authorization.type === 'AWS_IAM') return authorizeByIam(options, request, await request.body());
  const authorizer = authorizers.get(authorization.authorizerId);
  if (!authorizer) throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR');
  return authorizeByLambda(options, authorizer, request);
}
