import { describe, expect, test } from 'vitest';
import { ALLOW, AUTHORIZER_ARN, allowing, Refused, type Say, startAuthorized, TOKEN } from './by-lambda.test.fixture';

const UNAUTHORIZED = { status: 401, body: { message: 'Unauthorized' }, errorType: 'UnauthorizedException' };
const BROKEN = { status: 500, body: { message: null }, errorType: 'AuthorizerConfigurationException' };

describe('authorization by a Lambda function', () => {
  test('asks a REQUEST authorizer with all of a request but the body', async () => {
    const { get, authorizerEvents, callers, RestApiId, AuthorizerId } = await startAuthorized({
      stage: { Variables: { a: 'b' } },
    });
    expect((await get('/v1/pets/7?color=red')).status).toBe(200);
    const methodArn = `arn:aws:execute-api:us-east-1:123456789012:${RestApiId}/v1/GET/pets/7`;
    expect(authorizerEvents[0]).toMatchObject({
      type: 'REQUEST',
      methodArn,
      resource: '/pets/{petId}',
      path: '/pets/7',
      httpMethod: 'GET',
      headers: { Authorization: 'Bearer a' },
      multiValueHeaders: { Authorization: ['Bearer a'] },
      queryStringParameters: { color: 'red' },
      multiValueQueryStringParameters: { color: ['red'] },
      pathParameters: { petId: '7' },
      stageVariables: { a: 'b' },
      requestContext: {
        apiId: RestApiId,
        stage: 'v1',
        resourcePath: '/pets/{petId}',
        identity: { sourceIp: '127.0.0.1' },
      },
    });
    expect(Object.keys(authorizerEvents[0] ?? {})).not.toContain('body');
    const sourceArn = `arn:aws:execute-api:us-east-1:123456789012:${RestApiId}/authorizers/${AuthorizerId}`;
    expect(callers).toEqual([[AUTHORIZER_ARN, { principal: 'apigateway.amazonaws.com', sourceArn }]]);
  });

  test('gives a REQUEST authorizer empty objects where a request has nothing', async () => {
    const { get, authorizerEvents } = await startAuthorized();
    await get('/v1');
    expect(authorizerEvents[0]).toMatchObject({ queryStringParameters: {}, pathParameters: {}, stageVariables: {} });
  });

  test('asks a TOKEN authorizer with the token alone', async () => {
    const { get, authorizerEvents, RestApiId } = await startAuthorized({ authorizer: { Type: 'TOKEN' } });
    expect((await get()).status).toBe(200);
    const methodArn = `arn:aws:execute-api:us-east-1:123456789012:${RestApiId}/v1/GET/pets/7`;
    expect(authorizerEvents).toEqual([{ type: 'TOKEN', authorizationToken: 'Bearer a', methodArn }]);
  });

  test('does not ask about a token that does not look like one', async () => {
    const authorizer = { Type: 'TOKEN', IdentityValidationExpression: 'Bearer [a-z]+' };
    const { get, authorizerEvents } = await startAuthorized({ authorizer });
    expect(await get('/v1', { authorization: 'Bearer 7' })).toEqual(UNAUTHORIZED);
    expect(await get('/v1', { authorization: 'x Bearer a' })).toEqual(UNAUTHORIZED);
    expect([(await get()).status, authorizerEvents.length]).toEqual([200, 1]);
  });

  test('does not ask where an identity source is missing or empty', async () => {
    const IdentitySource =
      'method.request.header.Authorization, method.request.querystring.tenant,context.identity.sourceIp,stageVariables.a';
    const { get, authorizerEvents } = await startAuthorized({
      authorizer: { IdentitySource },
      stage: { Variables: { a: 'b' } },
    });
    expect(await get('/v1', {})).toEqual(UNAUTHORIZED);
    expect(await get('/v1')).toEqual(UNAUTHORIZED);
    expect(await get('/v1?tenant=')).toEqual(UNAUTHORIZED);
    expect(await get('/v1?tenant=x', { authorization: '' })).toEqual(UNAUTHORIZED);
    expect([(await get('/v1?tenant=x')).status, authorizerEvents.length]).toEqual([200, 1]);
  });

  test('hands on the context as strings, with the principal and the time it took', async () => {
    const say = () => allowing({ scopes: 'list sign:a/', count: 7, isAdmin: false });
    const { get, served } = await startAuthorized({ say });
    await get();
    expect(served[0]?.requestContext.authorizer).toEqual({
      scopes: 'list sign:a/',
      count: '7',
      isAdmin: 'false',
      principalId: 'ann',
      integrationLatency: 0,
    });
  });

  test.each([
    ['an explicit deny', [ALLOW, { ...ALLOW, Effect: 'Deny' }], ' with an explicit deny'],
    ['no statement about the method', { ...ALLOW, Resource: 'arn:aws:execute-api:*:*:*/v1/POST/*' }, ''],
    ['no statement about the action', { ...ALLOW, Action: 'execute-api:ManageConnections' }, ''],
  ])('denies by %s', async (_what, Statement, suffix) => {
    const { get, served } = await startAuthorized({ say: () => allowing({}, Statement) });
    expect(await get()).toEqual({
      status: 403,
      body: { Message: `User is not authorized to access this resource${suffix}` },
      errorType: 'AccessDeniedException',
    });
    expect(served).toEqual([]);
  });

  test('allows what a statement about the API and the stage says', async () => {
    const say: Say = ({ methodArn }) => {
      const [api, stage] = methodArn.split('/');
      return allowing({}, { ...ALLOW, Resource: `${api}/${stage}/*/*` });
    };
    const { get, authorizerEvents } = await startAuthorized({ say });
    expect([(await get('/v1/pets/7')).status, (await get('/v1')).status]).toEqual([200, 200]);
    expect(authorizerEvents).toHaveLength(1);
  });

  test.each<[string, Say]>([
    ['null', () => null],
    ['a text', () => 'allow'],
    ['no policy', () => ({ principalId: 'ann' })],
    ['no principal', () => ({ policyDocument: { Statement: [ALLOW] } })],
    ['no statement', () => allowing({}, [])],
    ['another effect', () => allowing({}, { ...ALLOW, Effect: 'allow' })],
    ['a statement without a resource', () => allowing({}, { Effect: 'Allow', Action: '*' })],
    ['a resource that is too long', () => allowing({}, { ...ALLOW, Resource: 'a'.repeat(513) })],
    ['a condition that nobody knows', () => allowing({}, { ...ALLOW, Condition: { Sometimes: { a: 'b' } } })],
    ['a list in the context', () => allowing({ scopes: ['list'] })],
    ['a null in the context', () => allowing({ scopes: null })],
    ['a context that is a text', () => ({ ...allowing(), context: 'a' })],
    ['a key that is a number', () => ({ ...allowing(), usageIdentifierKey: 7 })],
  ])('answers 500 to an authorizer that answers %s', async (_what, say) => {
    expect(await (await startAuthorized({ say })).get()).toEqual(BROKEN);
  });

  const throwing = (error: Error) => (): never => {
    throw error;
  };

  test('answers 401 to an authorizer that throws Unauthorized, 500 to any other error', async () => {
    const { get } = await startAuthorized({ say: throwing(new Error('Unauthorized')) });
    expect(await get()).toEqual(UNAUTHORIZED);
    expect(await (await startAuthorized({ say: throwing(new Error('unauthorized')) })).get()).toEqual(BROKEN);
  });

  test('answers 500 where Lambda does not let API Gateway invoke the authorizer', async () => {
    expect(await (await startAuthorized({ say: throwing(new Refused()) })).get()).toEqual(BROKEN);
  });

  test('keeps an answer for its time, by the identity', async () => {
    const { get, authorizerEvents, setNow, nowMs } = await startAuthorized({
      authorizer: { AuthorizerResultTtlInSeconds: 60 },
    });
    await get();
    setNow(nowMs + 59_999);
    await get('/v1');
    expect(authorizerEvents).toHaveLength(1);
    await get('/v1', { authorization: 'Bearer b' });
    expect(authorizerEvents).toHaveLength(2);
    setNow(nowMs + 60_000);
    await get();
    expect(authorizerEvents).toHaveLength(3);
  });

  test('keeps an answer for five minutes where the template says nothing', async () => {
    const { get, authorizerEvents, setNow, nowMs } = await startAuthorized();
    await get();
    setNow(nowMs + 299_999);
    await get();
    expect(authorizerEvents).toHaveLength(1);
    setNow(nowMs + 300_000);
    await get();
    expect(authorizerEvents).toHaveLength(2);
  });

  test('keeps nothing when told not to, and neither a refusal nor an error', async () => {
    const off = await startAuthorized({ authorizer: { AuthorizerResultTtlInSeconds: 0, IdentitySource: undefined } });
    await off.get('/v1', {});
    await off.get('/v1', {});
    expect(off.authorizerEvents).toHaveLength(2);
    const refusing = await startAuthorized({ say: throwing(new Error('Unauthorized')) });
    await refusing.get();
    await refusing.get();
    expect(refusing.authorizerEvents).toHaveLength(2);
  });

  test('keeps a denial, and judges a kept policy for each method anew', async () => {
    const say: Say = ({ methodArn }) => allowing({}, { ...ALLOW, Resource: methodArn });
    const { get, authorizerEvents } = await startAuthorized({ say });
    expect([(await get('/v1')).status, (await get()).status, authorizerEvents.length]).toEqual([200, 403, 1]);
  });

  test('forgets the identity unused for longest after a thousand', async () => {
    const { get, authorizerEvents } = await startAuthorized();
    for (let index = 0; index <= 1000; index += 1) await get('/v1', { authorization: String(index) });
    await get('/v1', { authorization: '1' });
    expect(authorizerEvents).toHaveLength(1001);
    await get('/v1', { authorization: '0' });
    expect(authorizerEvents).toHaveLength(1002);
  });

  test('asks for each stage by itself', async () => {
    const { apply, gateway, get, authorizerEvents, RestApiId } = await startAuthorized();
    const { physicalId: DeploymentId } = await apply('AWS::ApiGateway::Deployment', 'Deployment', { RestApiId });
    await apply('AWS::ApiGateway::Stage', 'Second', { RestApiId, StageName: '_api', DeploymentId });
    expect(gateway.apis()[0]?.stages).toEqual(['v1', '_api']);
    expect([(await get('/v1')).status, (await get('/_api')).status]).toEqual([200, 200]);
    expect(authorizerEvents.map(({ methodArn }) => methodArn.split(':').at(-1))).toEqual([
      `${RestApiId}/v1/GET/`,
      `${RestApiId}/_api/GET/`,
    ]);
  });

  test('takes the API key from the authorizer where the API says so', async () => {
    let usageIdentifierKey: string | undefined;
    const say = () => ({ ...allowing(), usageIdentifierKey });
    const { apply, get, served, RestApiId } = await startAuthorized({
      say,
      restApi: { ApiKeySourceType: 'AUTHORIZER' },
      methods: [{ path: '/', properties: { ApiKeyRequired: true } }],
      authorizer: { AuthorizerResultTtlInSeconds: 0 },
    });
    const Value = 'a-key-of-twenty-or-more';
    const { physicalId: KeyId } = await apply('AWS::ApiGateway::ApiKey', 'Key', { Enabled: true, Value });
    const plan = await apply('AWS::ApiGateway::UsagePlan', 'Plan', { ApiStages: [{ ApiId: RestApiId, Stage: 'v1' }] });
    const planKey = { KeyId, KeyType: 'API_KEY', UsagePlanId: plan.physicalId };
    await apply('AWS::ApiGateway::UsagePlanKey', 'PlanKey', planKey);
    expect((await get('/v1', { ...TOKEN, 'x-api-key': Value })).status).toBe(403);
    usageIdentifierKey = Value;
    expect((await get('/v1')).status).toBe(200);
    expect(served[0]?.requestContext.identity).toMatchObject({ apiKeyId: KeyId });
  });

  test('lets the template word the refusals', async () => {
    const responses = ['UNAUTHORIZED', 'ACCESS_DENIED', 'AUTHORIZER_CONFIGURATION_ERROR'].map((ResponseType) => ({
      ResponseType,
      ResponseTemplates: { 'application/json': '{"type":"$context.error.responseType"}' },
    }));
    const { get } = await startAuthorized({
      gatewayResponses: responses,
      say: () => allowing({}, { ...ALLOW, Effect: 'Deny' }),
    });
    expect((await get('/v1', {})).body).toEqual({ type: 'UNAUTHORIZED' });
    expect((await get()).body).toEqual({ type: 'ACCESS_DENIED' });
  });

  test('answers 414 where the ARN of a method would be too long to be judged', async () => {
    const { get } = await startAuthorized();
    expect(await get(`/v1/pets/${'7'.repeat(1600)}`)).toMatchObject({
      status: 414,
      body: { message: 'Request URI too long' },
    });
  });

  test('takes a path that no method has for a signed one, as API Gateway does', async () => {
    const { get } = await startAuthorized();
    expect(await get('/v1/nothing', {})).toMatchObject({
      status: 403,
      errorType: 'MissingAuthenticationTokenException',
    });
    expect(await get('/v1/nothing')).toMatchObject({ status: 403, errorType: 'IncompleteSignatureException' });
  });
});
