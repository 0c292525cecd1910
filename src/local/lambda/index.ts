export type { Credentials } from './environment-variables';
export type { InvocationResult, LogLine } from './execution-environment';
export { type Lambda, openLambda } from './lambda';
export { LambdaError, type LambdaErrorCode } from './lambda-error';
export type { LambdaOptions } from './lambda-options';
export type { ServiceCaller } from './permission';
