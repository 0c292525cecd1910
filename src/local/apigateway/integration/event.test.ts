import { describe, expect, test } from 'vitest';
import { type RawRequest, type SmallMethod, send, smallApi, startGateway } from '../api-gateway.test.fixture';

/** What the function gets for a request to the stage `v1` of an API with this one method. */
async function eventOf(
  path: string,
  request: RawRequest = {},
  method: SmallMethod = { path: '/{proxy+}' },
  more: Parameters<typeof smallApi>[2] = {},
) {
  const events: Record<string, unknown>[] = [];
  const gateway = startGateway((event) => {
    events.push(event as Record<string, unknown>);
    return { statusCode: 200 };
  });
  const { url, restApiId } = await smallApi(gateway, [method], more);
  const answer = await send(url, path, request);
  expect(answer.status).toBe(200);
  return { event: events[0] ?? {}, answer, restApiId, host: new URL(url).host, port: new URL(url).port };
}

describe('the proxy event', () => {
  test('tells the function everything about a request', async () => {
    const { event, answer, restApiId, host, port } = await eventOf(
      '/v1/pets/7?color=red',
      {
        method: 'POST',
        body: '{"name":"Rex"}',
        headers: { 'Content-Type': 'application/json', 'user-agent': 'a test', 'X-cUSTOM': 'one' },
      },
      { path: '/pets/{petId}', httpMethod: 'POST' },
      { stage: { Variables: { greeting: 'hello' } } },
    );
    const headers = {
      Host: host,
      'Content-Type': 'application/json',
      'User-Agent': 'a test',
      'X-cUSTOM': 'one',
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Port': port,
      'X-Forwarded-Proto': 'http',
    };
    expect(event).toEqual({
      resource: '/pets/{petId}',
      path: '/pets/7',
      httpMethod: 'POST',
      headers,
      multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      queryStringParameters: { color: 'red' },
      multiValueQueryStringParameters: { color: ['red'] },
      pathParameters: { petId: '7' },
      stageVariables: { greeting: 'hello' },
      requestContext: {
        accountId: '123456789012',
        apiId: restApiId,
        deploymentId: expect.stringMatching(/^[a-z0-9]{6}$/),
        domainName: host,
        domainPrefix: restApiId,
        extendedRequestId: answer.headers['x-amz-apigw-id'],
        httpMethod: 'POST',
        identity: {
          accessKey: null,
          accountId: null,
          caller: null,
          cognitoAuthenticationProvider: null,
          cognitoAuthenticationType: null,
          cognitoIdentityId: null,
          cognitoIdentityPoolId: null,
          principalOrgId: null,
          sourceIp: '127.0.0.1',
          user: null,
          userAgent: 'a test',
          userArn: null,
        },
        path: '/v1/pets/7',
        protocol: 'HTTP/1.1',
        requestId: answer.headers['x-amzn-requestid'],
        requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        requestTimeEpoch: expect.any(Number),
        resourceId: expect.stringMatching(/^[a-z0-9]{6}$/),
        resourcePath: '/pets/{petId}',
        stage: 'v1',
      },
      body: '{"name":"Rex"}',
      isBase64Encoded: false,
    });
  });

  test('says null where a request has nothing', async () => {
    const { event } = await eventOf('/v1/pets', {}, { path: '/pets' });
    expect(event).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
      requestContext: { identity: { userAgent: null } },
    });
  });

  test.each([
    ['/v1/proxy-value', '/proxy-value', 'proxy-value', '/v1/proxy-value'],
    ['/v1/proxy-value/', '/proxy-value/', 'proxy-value', '/v1/proxy-value/'],
    ['/v1/proxy-value//double', '/proxy-value//double', 'proxy-value//double', '/v1/proxy-value//double'],
    ['//v1/proxy-value', '/proxy-value', 'proxy-value', '/v1/proxy-value'],
    ['/v1//proxy-value', '/proxy-value', 'proxy-value', '/v1//proxy-value'],
    ['/v1/a%2Bb@c/d+e', '/a%2Bb@c/d+e', 'a%2Bb@c/d+e', '/v1/a%2Bb@c/d+e'],
    ['/v1/%E6%97%A5%2F%25', '/%E6%97%A5%2F%25', '%E6%97%A5%2F%25', '/v1/%E6%97%A5%2F%25'],
    ['/v1/a/../b', '/a/../b', 'a/../b', '/v1/a/../b'],
  ])('hands on the path of %s as REST APIs do', async (sent, path, proxy, stagePath) => {
    const { event } = await eventOf(sent);
    expect(event).toMatchObject({ path, pathParameters: { proxy }, requestContext: { path: stagePath } });
  });

  test('decodes the query, and keeps every value of a name', async () => {
    const query =
      'email=test%2Balias@gmail.com&plus=test+alias&category=electronics&category=books&empty=&bare&bad=%zz&a=b=c';
    const { event } = await eventOf(`/v1/x?${query}`);
    expect(event.multiValueQueryStringParameters).toEqual({
      email: ['test+alias@gmail.com'],
      plus: ['test alias'],
      category: ['electronics', 'books'],
      empty: [''],
      bare: [''],
      bad: ['%zz'],
      a: ['b=c'],
    });
    expect(event.queryStringParameters).toMatchObject({ category: 'books', plus: 'test alias' });
  });

  test('keeps a query parameter named __proto__', async () => {
    const { event } = await eventOf('/v1/x?__proto__=1');
    expect(Object.entries(event.queryStringParameters as object)).toEqual([['__proto__', '1']]);
  });

  test('keeps every value of a header, and drops those that end at the gateway', async () => {
    const { event } = await eventOf('/v1/x', {
      headers: {
        'x-many': ['one', 'two'],
        connection: 'close',
        expect: '100-continue',
        te: 'trailers',
        'max-forwards': '3',
        date: 'today',
        authorization: 'Basic x',
      },
    });
    expect(event.multiValueHeaders).toMatchObject({
      'x-many': ['one', 'two'],
      date: ['today'],
      Authorization: ['Basic x'],
    });
    expect(event.headers).toMatchObject({ 'x-many': 'two' });
    const names = Object.keys(event.headers as object).map((name) => name.toLowerCase());
    for (const dropped of ['connection', 'content-length', 'expect', 'te', 'max-forwards', 'transfer-encoding']) {
      expect(names).not.toContain(dropped);
    }
  });

  test('adds the client to X-Forwarded-For and says itself how it was reached', async () => {
    const { event } = await eventOf('/v1/x', {
      headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'gopher', 'x-forwarded-port': '70' },
    });
    expect(event.headers).toMatchObject({ 'X-Forwarded-For': '203.0.113.9, 127.0.0.1', 'X-Forwarded-Proto': 'http' });
    expect(event.multiValueHeaders).not.toHaveProperty('x-forwarded-proto');
    expect(event.requestContext).toMatchObject({ identity: { sourceIp: '127.0.0.1' } });
  });

  test('keeps the trace of a request, and answers with it', async () => {
    const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
    const { event, answer } = await eventOf('/v1/x', { headers: { 'x-amzn-trace-id': trace } });
    expect(event.headers).toMatchObject({ 'X-Amzn-Trace-Id': trace });
    expect(answer.headers['x-amzn-trace-id']).toBe(trace);
  });

  test('hands on a body as text, or in base64 where its type is binary', async () => {
    const body = Buffer.from([0x89, 0x50, 0xff, 0x00]);
    const png = { method: 'PUT', body, headers: { 'content-type': 'image/png; x=1' } };
    const binary = await eventOf('/v1/x', png, undefined, { restApi: { BinaryMediaTypes: ['image/png'] } });
    expect(binary.event).toMatchObject({ body: body.toString('base64'), isBase64Encoded: true });
    const all = await eventOf('/v1/x', png, undefined, { restApi: { BinaryMediaTypes: ['*/*'] } });
    expect(all.event).toMatchObject({ body: body.toString('base64'), isBase64Encoded: true });
    const text = await eventOf('/v1/x', png, undefined, { restApi: { BinaryMediaTypes: ['image/gif'] } });
    expect(text.event).toMatchObject({ body: body.toString('utf8'), isBase64Encoded: false });
  });

  test('takes the absolute form of a request line', async () => {
    const { event } = await eventOf('http://api.example/v1/x?a=1');
    expect(event).toMatchObject({ path: '/x', queryStringParameters: { a: '1' } });
  });
});
