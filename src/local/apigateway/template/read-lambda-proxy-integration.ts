import type { Properties } from '../../cloudformation/properties';
import type { LambdaProxyIntegration } from '../model';

/** `arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION_ARN/invocations` */
const INVOCATION_URI = /^arn:[^:]+:apigateway:[^:]+:lambda:path\/2015-03-31\/functions\/(arn:[^/]+)\/invocations$/;

/** @param what what needs the function */
export function readInvocationUri(read: Properties, name: string, what: string): string {
  const uri = read.text(name);
  const functionArn = INVOCATION_URI.exec(uri)?.[1];
  if (functionArn !== undefined && !functionArn.includes('${')) return functionArn;
  return read.notImplemented(`${what} with ${uri} (not a function by its ARN)`);
}

export function readLambdaProxyIntegration(read: Properties): LambdaProxyIntegration {
  const functionArn = readInvocationUri(read, 'Uri', 'an AWS_PROXY integration');
  if (read.text('IntegrationHttpMethod') !== 'POST')
    read.refuse('IntegrationHttpMethod', 'has to be POST: Lambda takes no other');
  for (const name of ['Credentials', 'RequestParameters', 'ContentHandling']) {
    if (read.has(name)) read.notImplemented(`an AWS_PROXY integration with ${name}`);
  }
  return {
    type: 'AWS_PROXY',
    functionArn,
    timeoutMs: read.optionalNumber('TimeoutInMillis', { min: 50, max: 29_000 }) ?? 29_000,
  };
}
