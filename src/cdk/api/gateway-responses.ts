import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ApiAuthSettings } from './api-auth';

/** A response that API Gateway makes itself, in the shape of the functions' problems and with CORS headers, so that a page can read it. */
interface GatewayResponseRow {
  readonly id: string;
  readonly type: ResponseType;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** @default - none but those for CORS */
  readonly headers?: Readonly<Record<string, string>>;
}

/** RFC 9457, section 4.2.1: beside the type `about:blank` a title is its status in words. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  504: 'Gateway Timeout',
};

const UNAVAILABLE = 'The API could not ask the function: send the request again, then report it with the requestId.';

/** Statuses are API Gateway's own but for UnknownRoute's. Source: API Gateway Developer Guide, "Gateway response types". */
const GATEWAY_RESPONSES: readonly GatewayResponseRow[] = [
  gatewayResponse('InvalidApiKey', ResponseType.INVALID_API_KEY, 403, {
    code: 'ERR_INVALID_API_KEY',
    detail: 'Send the API key in the header x-api-key; this request has none, or one that is not valid here.',
  }),
  gatewayResponse('Unauthorized', ResponseType.UNAUTHORIZED, 401, {
    code: 'ERR_UNAUTHORIZED',
    detail:
      'Send a valid token in the header Authorization: Bearer TOKEN; this request has none, or one that is not valid here.',
  }),
  gatewayResponse('AccessDenied', ResponseType.ACCESS_DENIED, 403, {
    code: 'ERR_ACCESS_DENIED',
    detail: 'This caller may not make this call: a policy has to allow execute-api:Invoke on it.',
  }),
  gatewayResponse('ExpiredToken', ResponseType.EXPIRED_TOKEN, 403, {
    code: 'ERR_EXPIRED_TOKEN',
    detail: 'The credentials that signed this request have expired: get new ones and sign again.',
  }),
  gatewayResponse('InvalidSignature', ResponseType.INVALID_SIGNATURE, 403, {
    code: 'ERR_INVALID_SIGNATURE',
    detail:
      'The signature is not valid for this request: sign what is sent, for the service execute-api and this host, with the right time.',
  }),
  gatewayResponse('QuotaExceeded', ResponseType.QUOTA_EXCEEDED, 429, {
    code: 'ERR_QUOTA_EXCEEDED',
    detail: 'The quota of the API key is used up: wait for the next period.',
  }),
  gatewayResponse('Throttled', ResponseType.THROTTLED, 429, {
    code: 'ERR_THROTTLED',
    detail: 'Too many requests: wait a moment and send it again.',
    headers: { 'Retry-After': '1' },
  }),
  gatewayResponse('TooLarge', ResponseType.REQUEST_TOO_LARGE, 413, {
    code: 'ERR_REQUEST_TOO_LARGE',
    detail: 'The body is over 10 MB: objects are not sent through the API.',
  }),
  gatewayResponse('BadRequestBody', ResponseType.BAD_REQUEST_BODY, 400, {
    code: 'ERR_BAD_REQUEST',
    detail: 'The body cannot be read: send a JSON object.',
  }),
  gatewayResponse('BadRequestParameters', ResponseType.BAD_REQUEST_PARAMETERS, 400, {
    code: 'ERR_BAD_REQUEST',
    detail: 'The path, the query or a header cannot be read: send it percent-encoded.',
  }),
  gatewayResponse('UnsupportedMediaType', ResponseType.UNSUPPORTED_MEDIA_TYPE, 415, {
    code: 'ERR_UNSUPPORTED_MEDIA_TYPE',
    detail: 'Send a JSON object with the header Content-Type: application/json.',
  }),
  gatewayResponse('AuthorizerFailure', ResponseType.AUTHORIZER_FAILURE, 500, {
    code: 'ERR_UNAVAILABLE',
    detail: UNAVAILABLE,
  }),
  gatewayResponse('IntegrationFailure', ResponseType.INTEGRATION_FAILURE, 504, {
    code: 'ERR_UNAVAILABLE',
    detail: UNAVAILABLE,
  }),
  gatewayResponse('IntegrationTimeout', ResponseType.INTEGRATION_TIMEOUT, 504, {
    code: 'ERR_UNAVAILABLE',
    detail: UNAVAILABLE,
  }),
];

/** Source: API Gateway's word for "no such path, or no such method on it", and for a request without a signature where IAM asks for one. */
const UNKNOWN_ROUTE = { id: 'UnknownRoute', type: ResponseType.MISSING_AUTHENTICATION_TOKEN } as const;

function unknownRouteResponse(auth: ApiAuthSettings['kind']): GatewayResponseRow {
  if (auth !== 'iam') {
    const detail = 'There is no such call: GET /openapi.json below the stage lists those that there are.';
    return { ...UNKNOWN_ROUTE, status: 404, code: 'ERR_UNKNOWN_ROUTE', detail };
  }
  const detail =
    'This request has no signature, or there is no such call: sign it with Signature Version 4; GET /openapi.json below the stage lists the calls.';
  return { ...UNKNOWN_ROUTE, status: 403, code: 'ERR_MISSING_AUTHENTICATION_TOKEN', detail };
}

/** Every page may read these, whatever `corsAllowedOrigins` says: API Gateway cannot choose a header by the request, and nothing here is secret. */
const CORS_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'X-Amzn-RequestId,Retry-After',
};

export function addGatewayResponses(restApi: RestApi, auth: ApiAuthSettings['kind']): void {
  for (const { id, type, status, code, detail, headers } of [...GATEWAY_RESPONSES, unknownRouteResponse(auth)]) {
    const problem = {
      type: 'about:blank',
      title: TITLES[status],
      status,
      code,
      detail,
      requestId: '$context.requestId',
    };
    restApi.addGatewayResponse(id, {
      type,
      statusCode: String(status),
      responseHeaders: literals({ ...CORS_HEADERS, ...headers }),
      templates: { 'application/json': JSON.stringify(problem) },
    });
  }
  addDefault(restApi, 'Default4xx', ResponseType.DEFAULT_4XX, 'ERR_REFUSED');
  addDefault(restApi, 'Default5xx', ResponseType.DEFAULT_5XX, 'ERR_UNAVAILABLE');
}

/** For all others: API Gateway's own status, which no template can name, and its own sentence, which it quotes and escapes itself. */
function addDefault(restApi: RestApi, id: string, type: ResponseType, code: string): void {
  const template = `{"type":"about:blank","code":"${code}","detail":$context.error.messageString,"requestId":"$context.requestId"}`;
  restApi.addGatewayResponse(id, {
    type,
    responseHeaders: literals(CORS_HEADERS),
    templates: { 'application/json': template },
  });
}

function gatewayResponse(
  id: string,
  type: ResponseType,
  status: number,
  rest: Pick<GatewayResponseRow, 'code' | 'detail' | 'headers'>,
): GatewayResponseRow {
  return { id, type, status, ...rest };
}

/** A mapping's source that is a text stands in quotation marks. */
const literals = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `'${value}'`]));
