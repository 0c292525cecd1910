export { type ApiGateway, type ApiGatewayOptions, createApiGateway } from './api-gateway';
export type { LambdaInvoker } from './integration/lambda-proxy';
