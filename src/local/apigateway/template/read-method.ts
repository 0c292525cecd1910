import type { Properties } from '../../cloudformation/properties';
import type { Method, MethodAuthorization } from '../model';
import { INTEGRATION, METHOD_RESPONSE } from './property-tables';
import { readLambdaProxyIntegration } from './read-lambda-proxy-integration';
import { readMockIntegration } from './read-mock-integration';

const HTTP_METHODS = ['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const;

/** Reads an AWS::ApiGateway::Method; what home cannot do with it is an error here, not at the first request. */
export function readMethod(read: Properties): Method {
  return {
    resourceId: read.text('ResourceId'),
    httpMethod:
      HTTP_METHODS.find((word) => word === read.text('HttpMethod')) ?? read.refuse('HttpMethod', 'is unknown'),
    apiKeyRequired: read.flag('ApiKeyRequired', false),
    authorization: readAuthorization(read),
    integration: readIntegration(read),
  };
}

function readAuthorization(read: Properties): MethodAuthorization {
  const type = read.text('AuthorizationType');
  if (type === 'COGNITO_USER_POOLS') read.notImplemented(`AuthorizationType ${type}`);
  if (type === 'CUSTOM') return { type, authorizerId: read.text('AuthorizerId') };
  if (read.has('AuthorizerId')) read.refuse('AuthorizerId', `is there, and AuthorizationType is ${type}, not CUSTOM`);
  if (type === 'NONE' || type === 'AWS_IAM') return { type };
  return read.refuse('AuthorizationType', 'has to be NONE, AWS_IAM, CUSTOM or COGNITO_USER_POOLS');
}

function readIntegration(method: Properties): Method['integration'] {
  const read = method.group('Integration', INTEGRATION);
  const type = read.text('Type');
  if (read.oneOf('ConnectionType', ['INTERNET', 'VPC_LINK'], 'INTERNET') !== 'INTERNET')
    read.notImplemented('VPC_LINK');
  if (read.oneOf('ResponseTransferMode', ['BUFFERED', 'STREAM'], 'BUFFERED') !== 'BUFFERED')
    read.notImplemented('STREAM');
  if (type === 'AWS_PROXY') return readLambdaProxyIntegration(read);
  if (type === 'MOCK') return readMockIntegration(read, readMethodHeaders(method));
  return read.notImplemented(`an integration of type ${type}`);
}

/** The headers that each of the method's responses declares, by status code. */
function readMethodHeaders(method: Properties): ReadonlyMap<string, readonly string[]> {
  const responses = method.groups('MethodResponses', METHOD_RESPONSE).map((read) => {
    const parameters = Object.keys(read.map('ResponseParameters'));
    return [
      read.text('StatusCode'),
      parameters.map((name) => name.replace(/^method\.response\.header\./, '')),
    ] as const;
  });
  return new Map(responses);
}
