import { describe, expect, test } from 'vitest';
import { startLambda } from '../lambda/lambda.test.fixture';
import { proxyIntegration, STACK, startGateway } from './api-gateway.test.fixture';

const LISTER = `
  exports.handler = async (event) => ({
    statusCode: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ bucket: process.env.BUCKET_NAME, apiKeyId: event.requestContext.identity.apiKeyId }),
  });`;
const SIGNER = `
  exports.handler = async (event) => ({ statusCode: 201, body: JSON.stringify({ signed: JSON.parse(event.body).file }) });`;

const PREFLIGHT_HEADERS = {
  'method.response.header.Access-Control-Allow-Headers': "'Content-Type,X-Api-Key'",
  'method.response.header.Access-Control-Allow-Origin': "'*'",
  'method.response.header.Access-Control-Allow-Methods': "'GET,POST,OPTIONS'",
  'method.response.header.Access-Control-Max-Age': "'3600'",
};

const PREFLIGHT = {
  ApiKeyRequired: false,
  AuthorizationType: 'NONE',
  HttpMethod: 'OPTIONS',
  Integration: {
    IntegrationResponses: [{ ResponseParameters: PREFLIGHT_HEADERS, StatusCode: '204' }],
    RequestTemplates: { 'application/json': '{ statusCode: 200 }' },
    Type: 'MOCK',
  },
  MethodResponses: [
    {
      ResponseParameters: Object.fromEntries(Object.keys(PREFLIGHT_HEADERS).map((name) => [name, true])),
      StatusCode: '204',
    },
  ],
};

/** The API of the ready-made stack, as its template has it, in front of real functions. */
async function startReferenceApi(permissions: readonly string[] = ['lister', 'signer']) {
  const functions = startLambda();
  const { gateway, apply, serve } = startGateway(undefined, { lambda: functions.lambda });
  const lister = await functions.define(LISTER, { Environment: { Variables: { BUCKET_NAME: 'private' } } });
  const signer = await functions.define(SIGNER);
  const arnOf = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

  const api = await apply('AWS::ApiGateway::RestApi', 'RestApi', {
    ApiKeySourceType: 'HEADER',
    Description: 'Lists private content and signs its URLs',
    EndpointConfiguration: { Types: ['REGIONAL'] },
    Name: 'RestApi',
  });
  const RestApiId = api.physicalId;
  const ParentId = api.attributes.RootResourceId;
  const objects = await apply('AWS::ApiGateway::Resource', 'S3objects', { RestApiId, ParentId, PathPart: 's3objects' });
  const urls = await apply('AWS::ApiGateway::Resource', 'Urls', { RestApiId, ParentId, PathPart: 'urls' });
  for (const ResourceId of [ParentId, objects.physicalId, urls.physicalId]) {
    await apply('AWS::ApiGateway::Method', `Options${ResourceId}`, { RestApiId, ResourceId, ...PREFLIGHT });
  }
  const method = { RestApiId, ApiKeyRequired: true, AuthorizationType: 'NONE' };
  await apply('AWS::ApiGateway::Method', 'GET', {
    ...method,
    HttpMethod: 'GET',
    ResourceId: objects.physicalId,
    Integration: proxyIntegration(arnOf(lister)),
  });
  await apply('AWS::ApiGateway::Method', 'POST', {
    ...method,
    HttpMethod: 'POST',
    ResourceId: urls.physicalId,
    Integration: proxyIntegration(arnOf(signer)),
  });
  await apply('AWS::ApiGateway::GatewayResponse', 'InvalidApiKey', {
    RestApiId,
    ResponseType: 'INVALID_API_KEY',
    StatusCode: '403',
    ResponseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" },
    ResponseTemplates: { 'application/json': '{"code":"ERR_INVALID_API_KEY","requestId":"$context.requestId"}' },
  });
  await apply('AWS::ApiGateway::GatewayResponse', 'UnknownRoute', {
    RestApiId,
    ResponseType: 'MISSING_AUTHENTICATION_TOKEN',
    StatusCode: '404',
    ResponseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" },
    ResponseTemplates: { 'application/json': '{"code":"ERR_UNKNOWN_ROUTE","requestId":"$context.requestId"}' },
  });
  const deployment = await apply('AWS::ApiGateway::Deployment', 'Deployment', { RestApiId, Description: 'It' });
  const stage = await apply('AWS::ApiGateway::Stage', 'Stage', {
    DeploymentId: deployment.physicalId,
    RestApiId,
    StageName: 'v1',
  });
  const sourceArn = `arn:aws:execute-api:us-east-1:123456789012:${RestApiId}/${stage.physicalId}`;
  const statements = { lister: [lister, `${sourceArn}/GET/s3objects`], signer: [signer, `${sourceArn}/POST/urls`] };
  for (const name of permissions as (keyof typeof statements)[]) {
    const [FunctionName, SourceArn] = statements[name];
    const properties = {
      Action: 'lambda:InvokeFunction',
      FunctionName: arnOf(String(FunctionName)),
      Principal: 'apigateway.amazonaws.com',
      SourceArn,
    };
    functions.lambda.resourceTypes['AWS::Lambda::Permission']?.apply({ logicalId: name, properties, stack: STACK });
  }
  const key = await apply('AWS::ApiGateway::ApiKey', 'ApiKey', {
    Description: 'Opens the edgepass API',
    Enabled: true,
    StageKeys: [{ RestApiId, StageName: stage.physicalId }],
  });
  const plan = await apply('AWS::ApiGateway::UsagePlan', 'UsagePlan', {
    ApiStages: [{ ApiId: RestApiId, Stage: stage.physicalId, Throttle: {} }],
    Throttle: { BurstLimit: 2000, RateLimit: 1000 },
  });
  await apply('AWS::ApiGateway::UsagePlanKey', 'UsagePlanKey', {
    KeyId: key.physicalId,
    KeyType: 'API_KEY',
    UsagePlanId: plan.physicalId,
  });
  return {
    url: `${await serve(RestApiId)}/v1/`,
    restApiId: RestApiId,
    keyId: key.physicalId,
    keyValue: gateway.apiKeyValue(key.physicalId) ?? '',
    gateway,
  };
}

describe("the ready-made stack's API", () => {
  test('lists through the function, with the API key', async () => {
    const { url, keyValue, keyId } = await startReferenceApi();
    const response = await fetch(`${url}s3objects`, { headers: { 'x-api-key': keyValue } });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ bucket: 'private', apiKeyId: keyId });
  });

  test('signs through the function, with the API key', async () => {
    const { url, keyValue } = await startReferenceApi();
    const body = JSON.stringify({ file: 'a b/ü.txt' });
    const response = await fetch(`${url}urls`, { method: 'POST', body, headers: { 'x-api-key': keyValue } });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ signed: 'a b/ü.txt' });
  });

  test('answers a request without the API key as the template says', async () => {
    const { url } = await startReferenceApi();
    const response = await fetch(`${url}s3objects`);
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual({
      code: 'ERR_INVALID_API_KEY',
      requestId: response.headers.get('x-amzn-requestid'),
    });
  });

  test('answers an unknown path and an unknown method as the template says', async () => {
    const { url, keyValue } = await startReferenceApi();
    for (const [method, path] of [
      ['GET', 'nothing'],
      ['DELETE', 's3objects'],
      ['GET', ''],
    ]) {
      const response = await fetch(url + path, { method: String(method), headers: { 'x-api-key': keyValue } });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'ERR_UNKNOWN_ROUTE' });
    }
  });

  test('answers a preflight without an API key', async () => {
    const { url } = await startReferenceApi();
    const response = await fetch(`${url}urls`, { method: 'OPTIONS', headers: { origin: 'https://example.com' } });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toBe('GET,POST,OPTIONS');
    expect(response.headers.get('access-control-allow-headers')).toBe('Content-Type,X-Api-Key');
    expect(response.headers.get('access-control-max-age')).toBe('3600');
  });

  test('answers 500 where the template grants no permission to invoke the function', async () => {
    const { url, keyValue } = await startReferenceApi(['lister']);
    const response = await fetch(`${url}urls`, { method: 'POST', body: '{}', headers: { 'x-api-key': keyValue } });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal server error' });
  });

  test('names its API and the stage', async () => {
    const { gateway, restApiId } = await startReferenceApi();
    expect(gateway.apis()).toEqual([{ restApiId, stages: ['v1'] }]);
  });
});
