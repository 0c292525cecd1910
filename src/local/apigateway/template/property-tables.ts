import type { PropertySupport, PropertyTable } from '../../cloudformation/properties';

const noEffect = (reason: string): PropertySupport => ({ noEffect: reason });
const notImplemented = (reason: string): PropertySupport => ({ notImplemented: reason });

const FOR_PEOPLE = noEffect('it is for people');
const NO_CACHE = notImplemented('the local runtime caches no answers');
const NO_IMPORT = notImplemented('the local runtime builds an API from resources, not from a document');
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
  EndpointConfiguration: noEffect('the local runtime has one place'),
  FailOnWarnings: noEffect('only imports warn'),
  MinimumCompressionSize: notImplemented('the local runtime does not compress answers'),
  Mode: NO_IMPORT,
  Name: 'used',
  Parameters: NO_IMPORT,
  Policy: notImplemented('resource policies'),
  SecurityPolicy: noEffect('the local runtime speaks plain HTTP'),
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
  CacheKeyParameters: noEffect('the local runtime caches no answers'),
  CacheNamespace: noEffect('the local runtime caches no answers'),
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
  AccessLogSetting: noEffect('the local runtime writes no access log'),
  CacheClusterEnabled: NO_CACHE,
  CacheClusterSize: noEffect('the local runtime caches no answers'),
  CanarySetting: notImplemented('canary deployments'),
  ClientCertificateId: noEffect('only HTTP integrations use it'),
  DeploymentId: 'used',
  Description: FOR_PEOPLE,
  DocumentationVersion: FOR_PEOPLE,
  MethodSettings: 'used',
  RestApiId: 'used',
  StageName: 'used',
  Tags: FOR_PEOPLE,
  TracingEnabled: noEffect('the local runtime sends no traces'),
  Variables: 'used',
};

export const METHOD_SETTING: PropertyTable = {
  CacheDataEncrypted: noEffect('the local runtime caches no answers'),
  CacheTtlInSeconds: noEffect('the local runtime caches no answers'),
  CachingEnabled: NO_CACHE,
  DataTraceEnabled: noEffect('the local runtime writes no execution log'),
  HttpMethod: 'used',
  LoggingLevel: noEffect('the local runtime writes no execution log'),
  MetricsEnabled: noEffect('the local runtime has no metrics'),
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
  Offset: notImplemented('the local runtime does not know when a plan began'),
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

export const ACCOUNT: PropertyTable = { CloudWatchRoleArn: noEffect('the local runtime writes no execution log') };
