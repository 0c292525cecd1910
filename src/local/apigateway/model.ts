/** Everything that the template's resources say of an API, and what a deployment makes of it: plain data, read by every other folder. */

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

/** The whole request goes to a function, and its answer back. */
export interface LambdaProxyIntegration {
  readonly type: 'AWS_PROXY';
  readonly functionArn: string;
  readonly timeoutMs: number;
}

/** API Gateway answers by itself; what CDK makes of a CORS preflight. */
export interface MockIntegration {
  readonly type: 'MOCK';
  readonly passthroughBehavior: 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
  /** Status code that the request template of a content type gives. */
  readonly statusCodes: ReadonlyMap<string, number>;
  readonly responses: readonly MockResponse[];
}

export interface MockResponse {
  readonly selectionPattern: RegExp | undefined;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly corsOrigins: CorsOrigins | undefined;
}

/** The origins that a CORS preflight lets in, beside the first, which its header mapping names. */
export interface CorsOrigins {
  readonly origins: readonly string[];
}

export type MethodAuthorization =
  | { readonly type: 'NONE' }
  | { readonly type: 'AWS_IAM' }
  | { readonly type: 'CUSTOM'; readonly authorizerId: string };

/** Where the API key of a request comes from: the header x-api-key, or the answer of a Lambda authorizer. */
export type ApiKeySource = 'HEADER' | 'AUTHORIZER';

/** A function that says who calls and what they may. */
export interface LambdaAuthorizer {
  readonly id: string;
  readonly type: 'REQUEST' | 'TOKEN';
  readonly functionArn: string;
  readonly identitySources: readonly IdentitySource[];
  /** What a token has to look like for the function to be asked at all. */
  readonly tokenPattern: RegExp | undefined;
  /** 0: every request asks the function. */
  readonly resultTtlSeconds: number;
}

/** Where a Lambda authorizer finds who calls, as `method.request.header.Authorization` says it. */
export interface IdentitySource {
  readonly place: IdentityPlace;
  readonly name: string;
}

export type IdentityPlace = 'method.request.header' | 'method.request.querystring' | 'stageVariables' | 'context';

/** What a template makes of a gateway response. */
export interface GatewayResponse {
  readonly type: string;
  readonly statusCode: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** By content type. */
  readonly templates: Readonly<Record<string, string>>;
}

export interface Deployment {
  readonly id: string;
  readonly routes: RouteNode;
  readonly binaryMediaTypes: readonly string[];
  readonly apiKeySource: ApiKeySource;
  readonly authorizers: ReadonlyMap<string, LambdaAuthorizer>;
  /** By type. */
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
}

/** A resource of a deployed API with the ways on from it. */
export interface RouteNode {
  readonly resourceId: string;
  /** `/pets/{petId}` */
  readonly resourcePath: string;
  readonly methods: Map<string, Method>;
  readonly literals: Map<string, RouteNode>;
  /** `{name}`: any one segment; `{name+}`: all that is left. AWS allows one of them beside literal segments. */
  variable: { readonly name: string; readonly isGreedy: boolean; readonly node: RouteNode } | undefined;
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

export interface Throttle {
  /** Requests a second, over time. */
  readonly rateLimit: number;
  /** Requests at once. */
  readonly burstLimit: number;
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
