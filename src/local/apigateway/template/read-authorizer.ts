import type { Properties } from '../../cloudformation/properties';
import type { IdentitySource, LambdaAuthorizer } from '../model';
import { readIdentitySources } from './read-identity-sources';
import { readInvocationUri } from './read-lambda-proxy-integration';

/** Source: AWS::ApiGateway::Authorizer, "Properties"; API Gateway API Reference, "CreateAuthorizer". */
export function readAuthorizer(props: Properties, id: string): LambdaAuthorizer {
  props.text('Name');
  const type = props.oneOf('Type', ['REQUEST', 'TOKEN', 'COGNITO_USER_POOLS'], 'REQUEST');
  if (!props.has('Type')) props.refuse('Type', 'is missing');
  if (type === 'COGNITO_USER_POOLS') return props.notImplemented(`an authorizer of type ${type}`);
  const identitySources = readIdentitySources(props);
  const resultTtlSeconds = props.optionalNumber('AuthorizerResultTtlInSeconds', { min: 0, max: 3600 }) ?? 300;
  checkSources(props, type, identitySources, resultTtlSeconds);
  return {
    id,
    type,
    functionArn: readInvocationUri(props, 'AuthorizerUri', 'an authorizer'),
    identitySources,
    tokenPattern: type === 'TOKEN' ? readTokenPattern(props) : undefined,
    resultTtlSeconds,
  };
}

function checkSources(
  props: Properties,
  type: LambdaAuthorizer['type'],
  sources: readonly IdentitySource[],
  resultTtlSeconds: number,
): void {
  if (type === 'TOKEN') {
    const [only, ...others] = sources;
    if (only?.place !== 'method.request.header' || others.length > 0)
      props.refuse('IdentitySource', 'has to be one method.request.header.NAME for a TOKEN authorizer');
    return;
  }
  if (props.has('IdentityValidationExpression'))
    props.refuse('IdentityValidationExpression', 'is for TOKEN authorizers only');
  if (sources.length === 0 && resultTtlSeconds > 0)
    props.refuse('IdentitySource', 'is missing; results are cached by it (AuthorizerResultTtlInSeconds is not 0)');
}

function readTokenPattern(props: Properties): RegExp | undefined {
  const expression = props.optionalText('IdentityValidationExpression');
  if (expression === undefined) return undefined;
  try {
    return new RegExp(`^(?:${expression})$`, 's');
  } catch {
    return props.refuse('IdentityValidationExpression', 'is no regular expression');
  }
}
