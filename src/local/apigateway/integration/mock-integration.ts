import { GatewayError } from '../errors';
import type { MockIntegration } from '../model';
import type { Answer } from '../response/http-answer';

export interface MockRequest {
  readonly contentType: string | undefined;
  readonly origin: string | undefined;
}

export function answerMock(mock: MockIntegration, { contentType, origin }: MockRequest): Answer {
  const statusCode = selectStatusCode(mock, contentType);
  const response =
    mock.responses.find(({ selectionPattern }) => selectionPattern?.test(String(statusCode))) ??
    mock.responses.find(({ selectionPattern }) => selectionPattern === undefined);
  if (!response) throw new GatewayError('API_CONFIGURATION_ERROR');
  const isOwnOrigin = origin !== undefined && response.corsOrigins?.origins.includes(origin);
  return {
    statusCode: response.statusCode,
    headers: {
      'Content-Type': 'application/json',
      ...response.headers,
      ...(isOwnOrigin && { 'Access-Control-Allow-Origin': origin }),
    },
    body: response.body,
  };
}

function selectStatusCode(
  { statusCodes, passthroughBehavior }: MockIntegration,
  contentType: string | undefined,
): number {
  const statusCode = statusCodes.get(contentType ?? 'application/json') ?? statusCodes.get('$default');
  if (statusCode !== undefined) return statusCode;
  const isRefused =
    passthroughBehavior === 'NEVER' || (passthroughBehavior === 'WHEN_NO_TEMPLATES' && statusCodes.size > 0);
  // Passed through, the body would have to be the template; API Gateway finds no status code in it.
  throw new GatewayError(isRefused ? 'UNSUPPORTED_MEDIA_TYPE' : 'DEFAULT_5XX');
}
