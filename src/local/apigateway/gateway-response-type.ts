export type GatewayResponseType =
  | 'API_CONFIGURATION_ERROR'
  | 'DEFAULT_4XX'
  | 'DEFAULT_5XX'
  | 'INTEGRATION_FAILURE'
  | 'INTEGRATION_TIMEOUT'
  | 'INVALID_API_KEY'
  | 'MISSING_AUTHENTICATION_TOKEN'
  | 'QUOTA_EXCEEDED'
  | 'REQUEST_TOO_LARGE'
  | 'THROTTLED'
  | 'UNSUPPORTED_MEDIA_TYPE';

interface GatewayResponseRow {
  readonly statusCode: number;
  /** `x-amzn-ErrorType` */
  readonly errorType: string;
  readonly message: string;
}

/**
 * The gateway responses that home can give. Status codes: API Gateway Developer Guide, "Gateway response types"; messages and
 * error types as API Gateway answers them.
 */
export const GATEWAY_RESPONSES: Readonly<Record<GatewayResponseType, GatewayResponseRow>> = {
  API_CONFIGURATION_ERROR: row(500, 'InternalServerErrorException', 'Internal server error'),
  DEFAULT_4XX: row(400, 'BadRequestException', 'Bad Request'),
  DEFAULT_5XX: row(500, 'InternalServerErrorException', 'Internal server error'),
  INTEGRATION_FAILURE: row(504, 'InternalServerErrorException', 'Internal server error'),
  INTEGRATION_TIMEOUT: row(504, 'InternalServerErrorException', 'Endpoint request timed out'),
  INVALID_API_KEY: row(403, 'ForbiddenException', 'Forbidden'),
  MISSING_AUTHENTICATION_TOKEN: row(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'),
  QUOTA_EXCEEDED: row(429, 'LimitExceededException', 'Limit Exceeded'),
  REQUEST_TOO_LARGE: row(413, 'RequestTooLargeException', 'Request Too Long'),
  THROTTLED: row(429, 'TooManyRequestsException', 'Too Many Requests'),
  UNSUPPORTED_MEDIA_TYPE: row(415, 'BadRequestException', 'Unsupported Media Type'),
};

/** Those that a template may shape too, though nothing at home gives them. */
export const NEVER_GIVEN: readonly string[] = [
  'ACCESS_DENIED',
  'AUTHORIZER_CONFIGURATION_ERROR',
  'AUTHORIZER_FAILURE',
  'BAD_REQUEST_BODY',
  'BAD_REQUEST_PARAMETERS',
  'EXPIRED_TOKEN',
  'INVALID_SIGNATURE',
  'RESOURCE_NOT_FOUND',
  'UNAUTHORIZED',
  'WAF_FILTERED',
];

/** API Gateway answers a request by itself. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly type: GatewayResponseType;
  readonly statusCode: number;

  /** @param statusCode where API Gateway answers another than the type's own */
  constructor(type: GatewayResponseType, statusCode: number = GATEWAY_RESPONSES[type].statusCode) {
    super(GATEWAY_RESPONSES[type].message);
    this.type = type;
    this.statusCode = statusCode;
  }
}

function row(statusCode: number, errorType: string, message: string): GatewayResponseRow {
  return { statusCode, errorType, message };
}
