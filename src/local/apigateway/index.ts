export { type ApiGateway, type ApiGatewayOptions, createApiGateway } from './api-gateway';
export type { LambdaInvoker } from './lambda-proxy';
export type { Listening } from './listen';
export { ResourcePropertyError, type ResourcePropertyErrorCode } from './properties';
