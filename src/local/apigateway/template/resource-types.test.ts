import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { proxyIntegration, send, smallApi, startGateway } from '../api-gateway.test.fixture';

const CDK = dirname(require.resolve('aws-cdk-lib/package.json'));

/** Properties that CDK knows of a resource type. */
function propertiesOf(type: string): string[] {
  const declarations = readFileSync(join(CDK, 'aws-apigateway', 'lib', 'apigateway.generated.d.ts'), 'utf8');
  const [, body = ''] = new RegExp(`export interface Cfn${type}Props \\{(.*?)\\n\\}`, 's').exec(declarations) ?? [];
  return [...body.matchAll(/^ {4}readonly (\w)(\w+)\??:/gm)].map(([, first = '', rest]) =>
    // CDK spells this one in its own way.
    `${first.toUpperCase()}${rest}`.replace('ProviderArns', 'ProviderARNs'),
  );
}

/** Properties of each type that make a valid resource of a small API. */
async function startMinimal() {
  const fixture = startGateway();
  const { restApiId: RestApiId } = await smallApi(fixture, [{ path: '/' }]);
  const root = await fixture.apply('AWS::ApiGateway::RestApi', 'Api', { Name: 'Api' });
  const ParentId = root.attributes.RootResourceId;
  const key = await fixture.apply('AWS::ApiGateway::ApiKey', 'Key', {});
  const plan = await fixture.apply('AWS::ApiGateway::UsagePlan', 'Plan', {});
  const deployment = await fixture.apply('AWS::ApiGateway::Deployment', 'Deployment', { RestApiId });
  const method = { RestApiId, ResourceId: ParentId, HttpMethod: 'GET', AuthorizationType: 'NONE' };
  const minimal: Record<string, Record<string, unknown>> = {
    Account: {},
    ApiKey: {},
    Authorizer: {
      RestApiId,
      Name: 'Authorizer',
      Type: 'REQUEST',
      AuthorizerUri: proxyIntegration().Uri,
      IdentitySource: 'method.request.header.Authorization',
    },
    Deployment: { RestApiId },
    GatewayResponse: { RestApiId, ResponseType: 'THROTTLED' },
    Method: { ...method, Integration: proxyIntegration() },
    Resource: { RestApiId, ParentId, PathPart: 'pets' },
    RestApi: { Name: 'Api' },
    Stage: { RestApiId, StageName: 'v2', DeploymentId: deployment.physicalId },
    UsagePlan: {},
    UsagePlanKey: { KeyId: key.physicalId, KeyType: 'API_KEY', UsagePlanId: plan.physicalId },
  };
  const apply = (type: string, properties: object, logicalId = 'It') =>
    fixture.apply(`AWS::ApiGateway::${type}`, logicalId, { ...minimal[type], ...properties });
  return { ...fixture, minimal, applyMinimal: apply, RestApiId };
}

const TYPES = [
  'RestApi',
  'Resource',
  'Method',
  'Authorizer',
  'GatewayResponse',
  'Deployment',
  'Stage',
  'ApiKey',
  'UsagePlan',
  'UsagePlanKey',
  'Account',
];

describe("API Gateway's resource types", () => {
  test.each(TYPES)('knows every property that CDK knows of AWS::ApiGateway::%s', async (type) => {
    const { applyMinimal } = await startMinimal();
    const names = propertiesOf(type);
    expect(names).not.toEqual([]);
    for (const name of names) {
      const error = await applyMinimal(type, { [name]: 'x' }, name).catch((reason: { code?: string }) => reason);
      expect([name, 'code' in error && error.code]).not.toEqual([name, 'ERR_UNKNOWN_PROPERTY']);
    }
  });

  test.each(TYPES)('refuses a property that AWS::ApiGateway::%s does not have', async (type) => {
    const { applyMinimal } = await startMinimal();
    const refused = applyMinimal(type, { Colour: 'red' });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_UNKNOWN_PROPERTY' });
    await expect(refused).rejects.toThrow(
      `It (AWS::ApiGateway::${type}): the local runtime does not know the property Colour`,
    );
  });

  test.each(TYPES)('keeps the physical id of AWS::ApiGateway::%s', async (type) => {
    const { applyMinimal } = await startMinimal();
    const first = await applyMinimal(type, {});
    expect(await applyMinimal(type, {})).toEqual(first);
  });

  test('makes ids of lower-case letters and digits', async () => {
    const { applyMinimal } = await startMinimal();
    const { physicalId, attributes } = await applyMinimal('RestApi', {});
    expect(physicalId).toMatch(/^[a-z0-9]{10}$/);
    expect(attributes).toEqual({ RestApiId: physicalId, RootResourceId: expect.stringMatching(/^[a-z0-9]{10}$/) });
    expect((await applyMinimal('ApiKey', {}, 'K')).physicalId).toMatch(/^[a-z0-9]{10}$/);
    expect((await applyMinimal('Resource', {}, 'R')).physicalId).toMatch(/^[a-z0-9]{6}$/);
  });

  test.each([
    ['Method', 'AuthorizationType COGNITO_USER_POOLS', { AuthorizationType: 'COGNITO_USER_POOLS' }],
    ['Method', 'AuthorizationScopes', { AuthorizationScopes: ['a/b'] }],
    ['Authorizer', 'COGNITO_USER_POOLS', { Type: 'COGNITO_USER_POOLS' }],
    ['Authorizer', 'AuthorizerCredentials', { AuthorizerCredentials: 'arn:aws:iam::1:role/r' }],
    ['Authorizer', 'not a function by its ARN', { AuthorizerUri: 'arn:aws:s3:::x' }],
    ['Method', 'RequestValidatorId', { RequestValidatorId: 'abc' }],
    ['Method', 'an integration of type HTTP_PROXY', { Integration: { Type: 'HTTP_PROXY', Uri: 'https://x' } }],
    ['Method', 'an integration of type AWS', { Integration: { ...proxyIntegration(), Type: 'AWS' } }],
    ['Method', 'STREAM', { Integration: { ...proxyIntegration(), ResponseTransferMode: 'STREAM' } }],
    ['Method', 'VPC_LINK', { Integration: { ...proxyIntegration(), ConnectionType: 'VPC_LINK' } }],
    ['Method', 'Credentials', { Integration: { ...proxyIntegration(), Credentials: 'arn:aws:iam::1:role/r' } }],
    ['Method', 'not a function by its ARN', { Integration: { ...proxyIntegration(), Uri: 'arn:aws:s3:::x' } }],
    ['RestApi', 'Body', { Body: { openapi: '3.0.1' } }],
    ['RestApi', 'Policy', { Policy: { Statement: [{}] } }],
    ['RestApi', 'MinimumCompressionSize', { MinimumCompressionSize: 1024 }],
    ['RestApi', 'DisableExecuteApiEndpoint', { DisableExecuteApiEndpoint: true }],
    ['Stage', 'CacheClusterEnabled', { CacheClusterEnabled: true }],
    ['Stage', 'CachingEnabled', { MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', CachingEnabled: true }] }],
    ['Deployment', 'StageName', { StageName: 'v1' }],
    ['UsagePlan', 'Offset', { Quota: { Limit: 5, Period: 'DAY', Offset: 2 } }],
  ])('says that the local runtime does not do %s with %s', async (type, named, properties) => {
    const { applyMinimal } = await startMinimal();
    const refused = applyMinimal(type, properties);
    await expect(refused).rejects.toMatchObject({ code: 'ERR_NOT_IMPLEMENTED' });
    await expect(refused).rejects.toThrow(named);
  });

  test.each([
    ['Resource', 'PathPart', { PathPart: 'a b' }],
    ['Resource', 'PathPart', { PathPart: '{open' }],
    ['Resource', 'ParentId', { ParentId: 'nobody' }],
    ['Resource', 'RestApiId', { RestApiId: 'nobody' }],
    ['Method', 'HttpMethod', { HttpMethod: 'BREW' }],
    ['Method', 'AuthorizationType', { AuthorizationType: 'custom' }],
    ['Method', 'AuthorizerId', { AuthorizationType: 'CUSTOM' }],
    ['Method', 'AuthorizerId', { AuthorizationType: 'CUSTOM', AuthorizerId: 'nobody' }],
    ['Method', 'AuthorizerId', { AuthorizerId: 'abc' }],
    ['Authorizer', 'Type', { Type: undefined }],
    ['Authorizer', 'IdentitySource', { IdentitySource: undefined }],
    ['Authorizer', 'IdentitySource', { IdentitySource: 'method.request.path.id' }],
    ['Authorizer', 'IdentitySource', { Type: 'TOKEN', IdentitySource: 'method.request.querystring.t' }],
    ['Authorizer', 'AuthorizerResultTtlInSeconds', { AuthorizerResultTtlInSeconds: 3601 }],
    ['Authorizer', 'IdentityValidationExpression', { IdentityValidationExpression: '.*' }],
    ['Authorizer', 'IdentityValidationExpression', { Type: 'TOKEN', IdentityValidationExpression: '(' }],
    ['Method', 'ResourceId', { ResourceId: 'nobody' }],
    ['Method', 'IntegrationHttpMethod', { Integration: { ...proxyIntegration(), IntegrationHttpMethod: 'GET' } }],
    ['Method', 'TimeoutInMillis', { Integration: { ...proxyIntegration(), TimeoutInMillis: 30_000 } }],
    ['Method', 'Type is missing', { Integration: undefined }],
    ['Stage', 'DeploymentId', { DeploymentId: 'nobody' }],
    ['Stage', 'StageName', { StageName: 'a/b' }],
    ['UsagePlan', 'Period', { Quota: { Limit: 5, Period: 'HOUR' } }],
    ['UsagePlanKey', 'KeyId', { KeyId: 'nobody' }],
    ['UsagePlanKey', 'UsagePlanId', { UsagePlanId: 'nobody' }],
    ['GatewayResponse', 'StatusCode', { StatusCode: '200' }],
  ])('refuses an invalid %s, naming %s', async (type, named, properties) => {
    const { applyMinimal } = await startMinimal();
    const refused = applyMinimal(type, properties);
    await expect(refused).rejects.toMatchObject({ code: 'ERR_INVALID_PROPERTY' });
    await expect(refused).rejects.toThrow(named);
  });

  test('refuses two resources that would mean the same path, and a way on from a greedy one', async () => {
    const { applyMinimal } = await startMinimal();
    await applyMinimal('Resource', { PathPart: 'pets' }, 'Pets');
    await expect(applyMinimal('Resource', { PathPart: 'pets' }, 'Again')).rejects.toThrow('is there already');
    const { physicalId } = await applyMinimal('Resource', { PathPart: '{proxy+}' }, 'Proxy');
    await expect(applyMinimal('Resource', { PathPart: '{id}' }, 'Id')).rejects.toThrow('only one sibling');
    const below = applyMinimal('Resource', { PathPart: 'x', ParentId: physicalId }, 'Below');
    await expect(below).rejects.toThrow('takes all that follows');
  });

  test('serves a deployment as it was, whatever is applied after it', async () => {
    const { apply, applyMinimal, serve, RestApiId } = await startMinimal();
    const url = await serve(RestApiId);
    const pets = await applyMinimal('Resource', { PathPart: 'pets' }, 'Pets');
    await applyMinimal('Method', { ResourceId: pets.physicalId }, 'GetPets');
    expect((await send(url, '/v1/pets')).status).toBe(403);
    const deployment = await apply('AWS::ApiGateway::Deployment', 'Second', { RestApiId });
    expect((await send(url, '/v1/pets')).status).toBe(403);
    const stage = { RestApiId, StageName: 'v1', DeploymentId: deployment.physicalId };
    await apply('AWS::ApiGateway::Stage', 'Stage', stage);
    expect((await send(url, '/v1/pets')).status).toBe(200);
  });

  test('replaces a method whose HTTP method changes', async () => {
    const fixture = startGateway();
    const put = { path: '/', httpMethod: 'PUT' };
    const { url } = await smallApi(fixture, [put]);
    expect((await send(url, '/v1', { method: 'PUT' })).status).toBe(200);
    const api = await fixture.apply('AWS::ApiGateway::RestApi', 'Api', { Name: 'Api' });
    const RestApiId = api.physicalId;
    const method = { RestApiId, ResourceId: api.attributes.RootResourceId, AuthorizationType: 'NONE' };
    const Integration = proxyIntegration();
    await fixture.apply('AWS::ApiGateway::Method', 'PUT /', { ...method, HttpMethod: 'DELETE', Integration });
    const { physicalId: DeploymentId } = await fixture.apply('AWS::ApiGateway::Deployment', 'Deployment', {
      RestApiId,
    });
    await fixture.apply('AWS::ApiGateway::Stage', 'Stage', { RestApiId, StageName: 'v1', DeploymentId });
    expect((await send(url, '/v1', { method: 'DELETE' })).status).toBe(200);
    expect((await send(url, '/v1', { method: 'PUT' })).status).toBe(403);
  });

  test('no longer serves an API and a stage that the template no longer has', async () => {
    const { gateway, remove, serve, RestApiId } = await startMinimal();
    const url = await serve(RestApiId);
    expect((await send(url, '/v1')).status).toBe(200);
    await remove('AWS::ApiGateway::Stage', 'Stage');
    expect(gateway.apis()).toEqual([{ restApiId: RestApiId, stages: [] }]);
    expect((await send(url, '/v1')).status).toBe(403);
    await remove('AWS::ApiGateway::RestApi', 'Api');
    expect(gateway.apis()).toEqual([]);
    expect((await send(url, '/v1')).status).toBe(403);
  });
});
