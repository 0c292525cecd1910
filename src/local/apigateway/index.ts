export { type ApiGateway, type ApiGatewayOptions, openApiGateway } from './api-gateway';
export type { LambdaInvoker } from './integration/lambda-proxy';
