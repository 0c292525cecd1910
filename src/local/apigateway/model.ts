import type { MockIntegration } from './integration/mock-integration';
import type { RouteNode } from './request/routes';
import type { GatewayResponse } from './response/gateway-response';
import type { LambdaProxyIntegration } from './template/lambda-proxy-integration';
import type { LambdaAuthorizer } from './template/read-authorizer';
import type { Throttle } from './usage/throttle';

/** An API as the template's resources build it up. What a stage serves is a deployment, a snapshot of it. */
export interface RestApi {
  readonly id: string;
  readonly rootResourceId: string;
  binaryMediaTypes: readonly string[];
  apiKeySource: ApiKeySource;
  readonly resources: Map<string, ApiResource>;
  /** By physical id. */
  readonly methods: Map<string, Method>;
  readonly authorizers: Map<string, LambdaAuthorizer>;
  /** By physical id. */
  readonly gatewayResponses: Map<string, GatewayResponse>;
  readonly deployments: Map<string, Deployment>;
  readonly stages: Map<string, Stage>;
}

export interface ApiResource {
  readonly id: string;
  readonly parentId: string;
  readonly pathPart: string;
}

export interface Method {
  readonly resourceId: string;
  readonly httpMethod: string;
  readonly apiKeyRequired: boolean;
  readonly authorization: MethodAuthorization;
  readonly integration: LambdaProxyIntegration | MockIntegration;
}

export type MethodAuthorization =
  | { readonly type: 'NONE' }
  | { readonly type: 'AWS_IAM' }
  | { readonly type: 'CUSTOM'; readonly authorizerId: string };

/** Where the API key of a request comes from: the header x-api-key, or the answer of a Lambda authorizer. */
export type ApiKeySource = 'HEADER' | 'AUTHORIZER';

export interface Deployment {
  readonly id: string;
  readonly routes: RouteNode;
  readonly binaryMediaTypes: readonly string[];
  readonly apiKeySource: ApiKeySource;
  readonly authorizers: ReadonlyMap<string, LambdaAuthorizer>;
  /** By type. */
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
}

export interface Stage {
  readonly name: string;
  readonly deployment: Deployment;
  readonly variables: Readonly<Record<string, string>>;
  readonly methodThrottles: readonly MethodThrottle[];
}

/** A stage's limit for the methods that match; `*` stands for every one. */
export interface MethodThrottle {
  readonly httpMethod: string;
  readonly resourcePath: string;
  readonly throttle: Throttle;
}

export interface ApiKey {
  readonly id: string;
  readonly value: string;
  readonly isEnabled: boolean;
}

export interface UsagePlan {
  readonly id: string;
  readonly apiStages: readonly ApiStage[];
  readonly throttle: Throttle | undefined;
  readonly quota: Quota | undefined;
}

export interface ApiStage {
  readonly restApiId: string;
  readonly stage: string;
  /** By `PATH/METHOD`. */
  readonly throttles: Readonly<Record<string, Throttle>>;
}

export interface Quota {
  readonly limit: number;
  readonly period: 'DAY' | 'WEEK' | 'MONTH';
}

/** Everything of API Gateway in one account and region. */
export interface Account {
  readonly restApis: Map<string, RestApi>;
  readonly apiKeys: Map<string, ApiKey>;
  readonly usagePlans: Map<string, UsagePlan>;
  /** By physical id. */
  readonly usagePlanKeys: Map<string, UsagePlanKey>;
}

export interface UsagePlanKey {
  readonly usagePlanId: string;
  readonly apiKeyId: string;
}
