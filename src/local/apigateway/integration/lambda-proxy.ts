import { GatewayError } from '../errors';
import type { LambdaProxyIntegration } from '../model';
import type { Answer } from '../response/http-answer';
import type { ProxyEvent } from './event';
import { readProxyResponse } from './proxy-response';
import { withTimeout } from './with-timeout';

/** How API Gateway reaches functions. Refusals are errors with the Lambda API's code. */
export interface LambdaInvoker {
  invoke(
    functionArn: string,
    event: unknown,
    caller: { readonly principal: string; readonly sourceArn: string },
  ): Promise<{ readonly payload: string; readonly functionError?: 'Unhandled' }>;
}

export interface LambdaProxyCall {
  readonly integration: LambdaProxyIntegration;
  readonly event: ProxyEvent;
  /** `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH` */
  readonly sourceArn: string;
  /** Whether the client takes binary answers. */
  readonly acceptsBinary: boolean;
}

export async function callLambdaProxy(lambda: LambdaInvoker, call: LambdaProxyCall): Promise<Answer> {
  const { integration, event, sourceArn, acceptsBinary } = call;
  const caller = { principal: 'apigateway.amazonaws.com', sourceArn };
  const invocation = lambda.invoke(integration.functionArn, event, caller).catch((error) => {
    throw gatewayError(error);
  });
  const { payload, functionError } = await withTimeout(
    integration.timeoutMs,
    invocation,
    () => new GatewayError('INTEGRATION_TIMEOUT'),
  );
  if (functionError) throw badGateway();
  return readProxyResponse(payload, acceptsBinary) ?? fail(badGateway());
}

/** What the client hears of a refusal; the statuses are those that API Gateway answers. */
function gatewayError(error: unknown): GatewayError {
  const code = (error as { code?: unknown }).code;
  if (code === 'RequestTooLargeException') return new GatewayError('REQUEST_TOO_LARGE');
  // No permission, or no such function: API Gateway cannot tell them apart.
  if (code === 'AccessDeniedException' || code === 'ResourceNotFoundException')
    return new GatewayError('API_CONFIGURATION_ERROR');
  return badGateway();
}

const badGateway = () => new GatewayError('DEFAULT_5XX', { statusCode: 502 });

function fail(error: GatewayError): never {
  throw error;
}
