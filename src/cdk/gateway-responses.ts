import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/** What API Gateway answers by itself, in the shape of the functions' own problems and with CORS headers, so that a page can read it. */
interface GatewayAnswer {
  readonly id: string;
  readonly type: ResponseType;
  /** @default - API Gateway's own status */
  readonly statusCode?: string;
  readonly code: string;
  readonly detail: string;
}

/** API Gateway puts its own sentence here. */
const OWN_MESSAGE = '$context.error.message';

const ANSWERS: readonly GatewayAnswer[] = [
  {
    id: 'InvalidApiKey',
    type: ResponseType.INVALID_API_KEY,
    statusCode: '403',
    code: 'ERR_INVALID_API_KEY',
    detail: 'Send the API key in the header x-api-key; this request has none, or one that is not valid here.',
  },
  {
    id: 'UnknownRoute',
    // API Gateway's word for: no such path, or no such method on it.
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    statusCode: '404',
    code: 'ERR_UNKNOWN_ROUTE',
    detail: 'There is no such call. Use GET /s3objects or POST /urls below the stage.',
  },
  {
    id: 'Throttled',
    type: ResponseType.THROTTLED,
    statusCode: '429',
    code: 'ERR_THROTTLED',
    detail: 'Too many requests: wait a moment and send it again.',
  },
  {
    id: 'TooLarge',
    type: ResponseType.REQUEST_TOO_LARGE,
    statusCode: '413',
    code: 'ERR_REQUEST_TOO_LARGE',
    detail: 'The body is over 10 MB: send an object key, not the object.',
  },
  { id: 'Default4xx', type: ResponseType.DEFAULT_4XX, code: 'ERR_REFUSED', detail: OWN_MESSAGE },
  { id: 'Default5xx', type: ResponseType.DEFAULT_5XX, code: 'ERR_UNAVAILABLE', detail: OWN_MESSAGE },
];

export function addGatewayResponses(restApi: RestApi): void {
  for (const { id, type, statusCode, code, detail } of ANSWERS) {
    restApi.addGatewayResponse(id, {
      type,
      ...(statusCode && { statusCode }),
      responseHeaders: { 'Access-Control-Allow-Origin': "'*'" },
      templates: {
        'application/json': JSON.stringify({ type: 'about:blank', code, detail, requestId: '$context.requestId' }),
      },
    });
  }
}
