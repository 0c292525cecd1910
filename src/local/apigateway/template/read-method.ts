import type { Properties } from '../../cloudformation/properties';
import type { Method, MethodAuthorization } from '../model';
import { INTEGRATION, METHOD_RESPONSE } from './property-tables';
import { readLambdaProxyIntegration } from './read-lambda-proxy-integration';
import { readMockIntegration } from './read-mock-integration';

const HTTP_METHODS = ['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const;

/** Reads an AWS::ApiGateway::Method; what the local runtime cannot do with it is an error here, not at the first request. */
export function readMethod(props: Properties): Method {
  return {
    resourceId: props.text('ResourceId'),
    httpMethod:
      HTTP_METHODS.find((word) => word === props.text('HttpMethod')) ?? props.refuse('HttpMethod', 'is unknown'),
    apiKeyRequired: props.flag('ApiKeyRequired', false),
    authorization: readAuthorization(props),
    integration: readIntegration(props),
  };
}

function readAuthorization(props: Properties): MethodAuthorization {
  const type = props.text('AuthorizationType');
  if (type === 'COGNITO_USER_POOLS') props.notImplemented(`AuthorizationType ${type}`);
  if (type === 'CUSTOM') return { type, authorizerId: props.text('AuthorizerId') };
  if (props.has('AuthorizerId')) props.refuse('AuthorizerId', `is there, and AuthorizationType is ${type}, not CUSTOM`);
  if (type === 'NONE' || type === 'AWS_IAM') return { type };
  return props.refuse('AuthorizationType', 'has to be NONE, AWS_IAM, CUSTOM or COGNITO_USER_POOLS');
}

function readIntegration(method: Properties): Method['integration'] {
  const props = method.group('Integration', INTEGRATION);
  const type = props.text('Type');
  if (props.oneOf('ConnectionType', ['INTERNET', 'VPC_LINK'], 'INTERNET') !== 'INTERNET')
    props.notImplemented('VPC_LINK');
  if (props.oneOf('ResponseTransferMode', ['BUFFERED', 'STREAM'], 'BUFFERED') !== 'BUFFERED')
    props.notImplemented('STREAM');
  if (type === 'AWS_PROXY') return readLambdaProxyIntegration(props);
  if (type === 'MOCK') return readMockIntegration(props, readMethodHeaders(method));
  return props.notImplemented(`an integration of type ${type}`);
}

/** The headers that each of the method's responses declares, by status code. */
function readMethodHeaders(method: Properties): ReadonlyMap<string, readonly string[]> {
  const responses = method.groups('MethodResponses', METHOD_RESPONSE).map((props) => {
    const parameters = Object.keys(props.map('ResponseParameters'));
    return [
      props.text('StatusCode'),
      parameters.map((name) => name.replace(/^method\.response\.header\./, '')),
    ] as const;
  });
  return new Map(responses);
}
