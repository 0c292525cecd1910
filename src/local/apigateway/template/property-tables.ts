import type { PropertyTable, Treatment } from '../../cloudformation/properties';

const noEffect = (reason: string): Treatment => ({ noEffect: reason });
const notImplemented = (reason: string): Treatment => ({ notImplemented: reason });

const FOR_PEOPLE = noEffect('it is for people');
const NO_CACHE = notImplemented('home caches no answers');
const NO_IMPORT = notImplemented('home builds an API from resources, not from a document');
const NO_MODELS = noEffect('only request validators use it');

/** Source of each table: the resource type's "Properties" in the CloudFormation reference. */
export const REST_API: PropertyTable = {
  ApiKeySourceType: 'used',
  BinaryMediaTypes: 'used',
  Body: NO_IMPORT,
  BodyS3Location: NO_IMPORT,
  CloneFrom: NO_IMPORT,
  Description: FOR_PEOPLE,
  DisableExecuteApiEndpoint: notImplemented('an API has no other endpoint'),
  EndpointAccessMode: noEffect('only custom domain names use it'),
  EndpointConfiguration: noEffect('home has one place'),
  FailOnWarnings: noEffect('only imports warn'),
  MinimumCompressionSize: notImplemented('home does not compress answers'),
  Mode: NO_IMPORT,
  Name: 'used',
  Parameters: NO_IMPORT,
  Policy: notImplemented('resource policies'),
  SecurityPolicy: noEffect('home speaks plain HTTP'),
  Tags: FOR_PEOPLE,
  Version: FOR_PEOPLE,
};

export const RESOURCE: PropertyTable = { ParentId: 'used', PathPart: 'used', RestApiId: 'used' };

export const METHOD: PropertyTable = {
  ApiKeyRequired: 'used',
  AuthorizationScopes: notImplemented('Amazon Cognito user pools'),
  AuthorizationType: 'used',
  AuthorizerId: 'used',
  HttpMethod: 'used',
  Integration: 'used',
  MethodResponses: 'used',
  OperationName: FOR_PEOPLE,
  RequestModels: NO_MODELS,
  RequestParameters: NO_MODELS,
  RequestValidatorId: notImplemented('request validators'),
  ResourceId: 'used',
  RestApiId: 'used',
};

export const AUTHORIZER: PropertyTable = {
  AuthType: noEffect('only exports use it'),
  AuthorizerCredentials: notImplemented('a role for API Gateway; give it an AWS::Lambda::Permission'),
  AuthorizerResultTtlInSeconds: 'used',
  AuthorizerUri: 'used',
  IdentitySource: 'used',
  IdentityValidationExpression: 'used',
  Name: 'used',
  ProviderARNs: notImplemented('Amazon Cognito user pools'),
  RestApiId: 'used',
  Type: 'used',
};

export const METHOD_RESPONSE: PropertyTable = {
  ResponseModels: noEffect('API Gateway does not check answers'),
  ResponseParameters: 'used',
  StatusCode: 'used',
};

export const INTEGRATION: PropertyTable = {
  CacheKeyParameters: noEffect('home caches no answers'),
  CacheNamespace: noEffect('home caches no answers'),
  ConnectionId: notImplemented('VPC links'),
  ConnectionType: 'used',
  ContentHandling: 'used',
  Credentials: 'used',
  IntegrationHttpMethod: 'used',
  IntegrationResponses: 'used',
  IntegrationTarget: notImplemented('VPC links'),
  PassthroughBehavior: 'used',
  RequestParameters: 'used',
  RequestTemplates: 'used',
  ResponseTransferMode: 'used',
  TimeoutInMillis: 'used',
  Type: 'used',
  Uri: 'used',
};

export const DEPLOYMENT: PropertyTable = {
  DeploymentCanarySettings: notImplemented('canary deployments'),
  Description: FOR_PEOPLE,
  RestApiId: 'used',
  StageDescription: notImplemented('a stage is a resource of its own, AWS::ApiGateway::Stage'),
  StageName: notImplemented('a stage is a resource of its own, AWS::ApiGateway::Stage'),
};

export const STAGE: PropertyTable = {
  AccessLogSetting: noEffect('home writes no access log'),
  CacheClusterEnabled: NO_CACHE,
  CacheClusterSize: noEffect('home caches no answers'),
  CanarySetting: notImplemented('canary deployments'),
  ClientCertificateId: noEffect('only HTTP integrations use it'),
  DeploymentId: 'used',
  Description: FOR_PEOPLE,
  DocumentationVersion: FOR_PEOPLE,
  MethodSettings: 'used',
  RestApiId: 'used',
  StageName: 'used',
  Tags: FOR_PEOPLE,
  TracingEnabled: noEffect('home sends no traces'),
  Variables: 'used',
};

export const METHOD_SETTING: PropertyTable = {
  CacheDataEncrypted: noEffect('home caches no answers'),
  CacheTtlInSeconds: noEffect('home caches no answers'),
  CachingEnabled: NO_CACHE,
  DataTraceEnabled: noEffect('home writes no execution log'),
  HttpMethod: 'used',
  LoggingLevel: noEffect('home writes no execution log'),
  MetricsEnabled: noEffect('home has no metrics'),
  ResourcePath: 'used',
  ThrottlingBurstLimit: 'used',
  ThrottlingRateLimit: 'used',
};

export const API_KEY: PropertyTable = {
  CustomerId: FOR_PEOPLE,
  Description: FOR_PEOPLE,
  Enabled: 'used',
  GenerateDistinctId: noEffect('the id is always another than the value'),
  Name: FOR_PEOPLE,
  StageKeys: noEffect('usage plans took its place'),
  Tags: FOR_PEOPLE,
  Value: 'used',
};

export const USAGE_PLAN: PropertyTable = {
  ApiStages: 'used',
  Description: FOR_PEOPLE,
  Quota: 'used',
  Tags: FOR_PEOPLE,
  Throttle: 'used',
  UsagePlanName: FOR_PEOPLE,
};

export const API_STAGE: PropertyTable = { ApiId: 'used', Stage: 'used', Throttle: 'used' };

export const THROTTLE: PropertyTable = { BurstLimit: 'used', RateLimit: 'used' };

export const QUOTA: PropertyTable = {
  Limit: 'used',
  Offset: notImplemented('home does not know when a plan began'),
  Period: 'used',
};

export const USAGE_PLAN_KEY: PropertyTable = { KeyId: 'used', KeyType: 'used', UsagePlanId: 'used' };

export const GATEWAY_RESPONSE: PropertyTable = {
  ResponseParameters: 'used',
  ResponseTemplates: 'used',
  ResponseType: 'used',
  RestApiId: 'used',
  StatusCode: 'used',
};

export const ACCOUNT: PropertyTable = { CloudWatchRoleArn: noEffect('home writes no execution log') };
