import type { Properties } from '../../cloudformation/properties';
import type { IdentitySource, LambdaAuthorizer } from '../model';
import { readIdentitySources } from './read-identity-sources';
import { readInvocationUri } from './read-lambda-proxy-integration';

/** Source: AWS::ApiGateway::Authorizer, "Properties"; API Gateway API Reference, "CreateAuthorizer". */
export function readAuthorizer(read: Properties, id: string): LambdaAuthorizer {
  read.text('Name');
  const type = read.oneOf('Type', ['REQUEST', 'TOKEN', 'COGNITO_USER_POOLS'], 'REQUEST');
  if (!read.has('Type')) read.refuse('Type', 'is missing');
  if (type === 'COGNITO_USER_POOLS') return read.notImplemented(`an authorizer of type ${type}`);
  const identitySources = readIdentitySources(read);
  const resultTtlSeconds = read.optionalNumber('AuthorizerResultTtlInSeconds', { min: 0, max: 3600 }) ?? 300;
  checkSources(read, type, identitySources, resultTtlSeconds);
  return {
    id,
    type,
    functionArn: readInvocationUri(read, 'AuthorizerUri', 'an authorizer'),
    identitySources,
    tokenPattern: type === 'TOKEN' ? readTokenPattern(read) : undefined,
    resultTtlSeconds,
  };
}

function checkSources(
  read: Properties,
  type: LambdaAuthorizer['type'],
  sources: readonly IdentitySource[],
  resultTtlSeconds: number,
): void {
  if (type === 'TOKEN') {
    const [only, ...others] = sources;
    if (only?.place !== 'method.request.header' || others.length > 0)
      read.refuse('IdentitySource', 'has to be one method.request.header.NAME for a TOKEN authorizer');
    return;
  }
  if (read.has('IdentityValidationExpression'))
    read.refuse('IdentityValidationExpression', 'is for TOKEN authorizers only');
  if (sources.length === 0 && resultTtlSeconds > 0)
    read.refuse('IdentitySource', 'is missing; results are cached by it (AuthorizerResultTtlInSeconds is not 0)');
}

function readTokenPattern(read: Properties): RegExp | undefined {
  const expression = read.optionalText('IdentityValidationExpression');
  if (expression === undefined) return undefined;
  try {
    return new RegExp(`^(?:${expression})$`, 's');
  } catch {
    return read.refuse('IdentityValidationExpression', 'is no regular expression');
  }
}
