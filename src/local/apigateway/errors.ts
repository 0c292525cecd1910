export type GatewayResponseType =
  | 'ACCESS_DENIED'
  | 'API_CONFIGURATION_ERROR'
  | 'AUTHORIZER_CONFIGURATION_ERROR'
  | 'DEFAULT_4XX'
  | 'DEFAULT_5XX'
  | 'EXPIRED_TOKEN'
  | 'INTEGRATION_FAILURE'
  | 'INTEGRATION_TIMEOUT'
  | 'INVALID_API_KEY'
  | 'INVALID_SIGNATURE'
  | 'MISSING_AUTHENTICATION_TOKEN'
  | 'QUOTA_EXCEEDED'
  | 'REQUEST_TOO_LARGE'
  | 'THROTTLED'
  | 'UNAUTHORIZED'
  | 'UNSUPPORTED_MEDIA_TYPE';

export interface GatewayResponseRow {
  readonly statusCode: number;
  /** `x-amzn-ErrorType` */
  readonly errorType: string;
  readonly message: string | null;
}

/**
 * The gateway responses that the local runtime can give. Status codes: API Gateway Developer Guide, "Gateway response types"; messages and
 * error types as API Gateway answers them.
 */
export const GATEWAY_RESPONSES: Readonly<Record<GatewayResponseType, GatewayResponseRow>> = {
  ACCESS_DENIED: row(403, 'AccessDeniedException', 'User is not authorized to access this resource'),
  API_CONFIGURATION_ERROR: row(500, 'InternalServerErrorException', 'Internal server error'),
  AUTHORIZER_CONFIGURATION_ERROR: row(500, 'AuthorizerConfigurationException', null),
  DEFAULT_4XX: row(400, 'BadRequestException', 'Bad Request'),
  DEFAULT_5XX: row(500, 'InternalServerErrorException', 'Internal server error'),
  EXPIRED_TOKEN: row(403, 'ExpiredTokenException', 'The security token included in the request is expired'),
  INTEGRATION_FAILURE: row(504, 'InternalServerErrorException', 'Internal server error'),
  INTEGRATION_TIMEOUT: row(504, 'InternalServerErrorException', 'Endpoint request timed out'),
  INVALID_API_KEY: row(403, 'ForbiddenException', 'Forbidden'),
  INVALID_SIGNATURE: row(
    403,
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  ),
  MISSING_AUTHENTICATION_TOKEN: row(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'),
  QUOTA_EXCEEDED: row(429, 'LimitExceededException', 'Limit Exceeded'),
  REQUEST_TOO_LARGE: row(413, 'RequestTooLargeException', 'Request Too Long'),
  THROTTLED: row(429, 'TooManyRequestsException', 'Too Many Requests'),
  UNAUTHORIZED: row(401, 'UnauthorizedException', 'Unauthorized'),
  UNSUPPORTED_MEDIA_TYPE: row(415, 'BadRequestException', 'Unsupported Media Type'),
};

/** The types that a template may customize although the local runtime never gives them. */
export const UNUSED_RESPONSE_TYPES: readonly string[] = [
  // An authorizer that fails was only ever seen to give AUTHORIZER_CONFIGURATION_ERROR.
  'AUTHORIZER_FAILURE',
  'BAD_REQUEST_BODY',
  'BAD_REQUEST_PARAMETERS',
  'RESOURCE_NOT_FOUND',
  'WAF_FILTERED',
];

/** Where an answer is another than its type's own. */
export interface GatewayErrorDetail {
  readonly statusCode?: number;
  readonly message?: string;
  /** `x-amzn-ErrorType` */
  readonly errorType?: string;
}

/** API Gateway answers a request by itself. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly type: GatewayResponseType;
  readonly row: GatewayResponseRow;

  constructor(type: GatewayResponseType, detail: GatewayErrorDetail = {}) {
    const own = { ...GATEWAY_RESPONSES[type], ...detail };
    super(own.message ?? type);
    this.type = type;
    this.row = own;
  }
}

function row(statusCode: number, errorType: string, message: string | null): GatewayResponseRow {
  return { statusCode, errorType, message };
}
