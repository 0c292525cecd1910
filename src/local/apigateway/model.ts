import type { GatewayResponse } from './gateway-response';
import type { LambdaProxyIntegration } from './lambda-proxy-integration';
import type { MockIntegration } from './mock-integration';
import type { RouteNode } from './routes';
import type { Throttle } from './throttle';

/** An API as the template's resources build it up. What a stage serves is a deployment, a snapshot of it. */
export interface RestApi {
  readonly id: string;
  readonly rootResourceId: string;
  binaryMediaTypes: readonly string[];
  readonly resources: Map<string, ApiResource>;
  /** By physical id. */
  readonly methods: Map<string, Method>;
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
  readonly integration: LambdaProxyIntegration | MockIntegration;
}

export interface Deployment {
  readonly id: string;
  readonly routes: RouteNode;
  readonly binaryMediaTypes: readonly string[];
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
