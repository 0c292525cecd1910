import { App, Duration, Stack } from 'aws-cdk-lib';
import {
  AuthorizationType,
  IdentitySource,
  LambdaIntegration,
  type MethodOptions,
  Period,
  RequestAuthorizer,
  RestApi,
  Stage,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import { applyStack } from '../../cloudformation/apply-stack';
import type { Template } from '../../cloudformation/template';
import { openIam } from '../../iam/iam';
import { INERT_RESOURCE_TYPES } from '../../inert-resources';
import { startLambda, temporaryFolder } from '../../lambda/lambda.test.fixture';
import { STACK, send, startGateway } from '../api-gateway.test.fixture';

const ECHO = `exports.handler = async ({ path, pathParameters, requestContext }) =>
  ({ body: JSON.stringify({ path, pathParameters, stage: requestContext.stage, authorizer: requestContext.authorizer }) });`;
const AUTHORIZER = `exports.handler = async ({ methodArn, headers, authorizationToken }) => {
  if ((authorizationToken ?? headers.Authorization) !== 'Bearer a') throw new Error('Unauthorized');
  const [api, stage] = methodArn.split('/');
  const Resource = api + '/' + stage + '/*/*';
  return {
    principalId: 'ann',
    context: { scopes: 'list' },
    policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource }] },
  };
};`;

function functionOf(stack: Stack, id: string, source: string): LambdaFunction {
  const code = Code.fromInline(source);
  return new LambdaFunction(stack, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code });
}

/** Synthesizes a stack, applies it as the local runtime does, and serves its API. */
async function boot(build: (stack: Stack) => void) {
  const app = new App({ analyticsReporting: false, outdir: temporaryFolder() });
  build(new Stack(app, 'Small', { env: { account: STACK.accountId, region: STACK.region } }));
  const template = app.synth().getStackByName('Small').template as Template;
  const developer = { accessKeyId: 'AKIADEVELOPER', secretAccessKey: 'secret' };
  const iam = openIam({ accountId: STACK.accountId, developer });
  const { lambda } = startLambda();
  const { gateway, serve } = startGateway(undefined, { lambda, findAccessKey: iam.findAccessKey });
  const warnings: string[] = [];
  await applyStack({
    artifact: { stackName: 'Small', template, findAsset: (key) => key },
    stack: STACK,
    types: { ...INERT_RESOURCE_TYPES, ...iam.resourceTypes, ...lambda.resourceTypes, ...gateway.resourceTypes },
    state: { resources: new Map(), save: () => undefined },
    invoke: (functionArn, event) => lambda.invoke(functionArn, event, 'cloudformation'),
    warn: (message) => warnings.push(message),
  });
  expect(warnings).toEqual([]);
  return { gateway, url: await serve(gateway.apis()[0]?.restApiId ?? '') };
}

/** An API with one function behind everything, in two stages. */
function twoStages(
  stack: Stack,
  options: MethodOptions = {},
  isScopedToMethod = false,
): { api: RestApi; second: Stage } {
  const api = new RestApi(stack, 'Api', { cloudWatchRole: false, deployOptions: { stageName: 'v1' } });
  const call = new LambdaIntegration(functionOf(stack, 'Echo', ECHO), {
    allowTestInvoke: false,
    scopePermissionToMethod: isScopedToMethod,
  });
  api.root.addResource('s3objects').addResource('{key+}').addMethod('DELETE', call, options);
  api.root.addResource('uploads').addResource('{id}').addResource('parts').addMethod('POST', call, options);
  const second = new Stage(stack, 'Second', { deployment: api.latestDeployment ?? never(), stageName: '_api' });
  return { api, second };
}

function never(): never {
  throw new Error('the API has no deployment');
}

const DELETE = { method: 'DELETE' };

describe("API Gateway with the CDK's templates", () => {
  test.each(['v1', '_api'])('boots an API in two stages on one deployment, and serves %s', async (stage) => {
    const { url } = await boot((stack) => void twoStages(stack));
    const key = 'r%C3%A9ports%2F2026/a%20b+c';
    const deleted = await send(url, `/${stage}/s3objects/${key}`, DELETE);
    expect([deleted.status, JSON.parse(deleted.text)]).toEqual([
      200,
      { path: `/s3objects/${key}`, pathParameters: { key }, stage },
    ]);
    const posted = await send(url, `/${stage}/uploads/eyJ9/parts`, { method: 'POST' });
    expect(JSON.parse(posted.text)).toMatchObject({ pathParameters: { id: 'eyJ9' } });
  });

  test('denies the second stage a function that only the first was permitted, which is what CDK does by default', async () => {
    const { url } = await boot((stack) => void twoStages(stack, {}, true));
    expect((await send(url, '/v1/s3objects/a', DELETE)).status).toBe(200);
    expect((await send(url, '/_api/s3objects/a', DELETE)).status).toBe(500);
  });

  test.each(['RequestAuthorizer', 'TokenAuthorizer'] as const)(
    'boots a %s, with the permission to ask it',
    async (kind) => {
      const { url } = await boot((stack) => {
        const resultsCacheTtl = Duration.seconds(60);
        const handler = functionOf(stack, 'Asked', AUTHORIZER);
        const authorizer =
          kind === 'TokenAuthorizer'
            ? new TokenAuthorizer(stack, 'Authorizer', { handler, resultsCacheTtl, validationRegex: '^Bearer .+$' })
            : new RequestAuthorizer(stack, 'Authorizer', {
                handler,
                resultsCacheTtl,
                identitySources: [IdentitySource.header('Authorization')],
              });
        twoStages(stack, { authorizer, authorizationType: AuthorizationType.CUSTOM });
      });
      const ask = (headers: Record<string, string>) => send(url, '/_api/s3objects/a', { ...DELETE, headers });
      const allowed = await ask({ authorization: 'Bearer a' });
      expect([allowed.status, JSON.parse(allowed.text)]).toMatchObject([
        200,
        { authorizer: { principalId: 'ann', scopes: 'list', integrationLatency: expect.any(Number) } },
      ]);
      expect((await ask({ authorization: 'Bearer b' })).status).toBe(401);
      expect((await ask({})).status).toBe(401);
    },
  );

  test('boots IAM authorization', async () => {
    const { url } = await boot((stack) => void twoStages(stack, { authorizationType: AuthorizationType.IAM }));
    expect((await send(url, '/v1/s3objects/a', DELETE)).text).toBe('{"message":"Missing Authentication Token"}');
  });

  test('boots a usage plan for both stages, whose quota they share', async () => {
    const value = 'a-key-of-twenty-or-more';
    const { url } = await boot((stack) => {
      const { api, second } = twoStages(stack, { apiKeyRequired: true });
      const plan = api.addUsagePlan('Plan', {
        apiStages: [{ stage: api.deploymentStage }, { stage: second }],
        throttle: { rateLimit: 10, burstLimit: 20 },
        quota: { limit: 2, period: Period.DAY },
      });
      plan.addApiKey(api.addApiKey('Key', { value }));
    });
    const ask = async (stage: string) => {
      const { status, headers } = await send(url, `/${stage}/s3objects/a`, {
        ...DELETE,
        headers: { 'x-api-key': value },
      });
      return [status, headers['x-amzn-errortype'], headers['retry-after']];
    };
    expect(await ask('v1')).toEqual([200, undefined, undefined]);
    expect(await ask('_api')).toEqual([200, undefined, undefined]);
    expect(await ask('v1')).toEqual([429, 'LimitExceededException', undefined]);
  });

  test('boots the throttle of one method in a plan and in a stage’s settings', async () => {
    const value = 'a-key-of-twenty-or-more';
    const { url } = await boot((stack) => {
      const { api, second } = twoStages(stack, { apiKeyRequired: true });
      const method = api.root.getResource('s3objects')?.getResource('{key+}')?.node.findChild('DELETE') as never;
      const throttle = { rateLimit: 1, burstLimit: 0 };
      const plan = api.addUsagePlan('Plan', {
        apiStages: [{ stage: api.deploymentStage, throttle: [{ method, throttle }] }, { stage: second }],
      });
      plan.addApiKey(api.addApiKey('Key', { value }));
      const third = new Stage(stack, 'Third', {
        deployment: api.latestDeployment ?? never(),
        stageName: 'slow',
        methodOptions: { '/uploads/{id}/parts/POST': { throttlingRateLimit: 1, throttlingBurstLimit: 0 } },
      });
      plan.addApiStage({ stage: third });
    });
    const headers = { 'x-api-key': value };
    const ask = async (path: string, method: string) => {
      const answer = await send(url, path, { method, headers });
      return [answer.status, answer.headers['x-amzn-errortype'], answer.headers['retry-after']];
    };
    const throttled = [429, 'TooManyRequestsException', undefined];
    expect(await ask('/v1/s3objects/a', 'DELETE')).toEqual(throttled);
    expect(await ask('/_api/s3objects/a', 'DELETE')).toEqual([200, undefined, undefined]);
    expect(await ask('/slow/s3objects/a', 'DELETE')).toEqual([200, undefined, undefined]);
    expect(await ask('/slow/uploads/x/parts', 'POST')).toEqual(throttled);
  });
});
