import { describe, expect, test } from 'vitest';
import { send, smallApi, startGateway } from '../api-gateway.test.fixture';

const KEYED = { path: '/keyed', httpMethod: 'GET', properties: { ApiKeyRequired: true } };
const BROKEN = { path: '/broken', httpMethod: 'GET' };

/** An API with these gateway responses, a method that wants a key and one whose function answers nonsense. */
async function startWith(...gatewayResponses: object[]) {
  const fixture = startGateway(() => 'nonsense');
  const more = { gatewayResponses, stage: { Variables: { greeting: 'hello' } } };
  const { url } = await smallApi(fixture, [KEYED, BROKEN], more);
  return (path: string, headers: Record<string, string> = {}) => send(url, path, { headers });
}

const template = (text: string) => ({ ResponseTemplates: { 'application/json': text } });

describe('a gateway response', () => {
  test('answers in its own words where the template has none', async () => {
    const get = await startWith();
    for (const [path, status, errorType, body] of [
      ['/v1/keyed', 403, 'ForbiddenException', '{"message":"Forbidden"}'],
      ['/v1/x', 403, 'MissingAuthenticationTokenException', '{"message":"Missing Authentication Token"}'],
      ['/v1/broken', 502, 'InternalServerErrorException', '{"message":"Internal server error"}'],
      ['/v2/keyed', 403, 'ForbiddenException', '{"message":"Forbidden"}'],
      ['/', 403, 'ForbiddenException', '{"message":"Forbidden"}'],
    ] as const) {
      const answer = await get(path);
      expect([path, answer.status, answer.text]).toEqual([path, status, body]);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/json',
        'content-length': String(body.length),
        'x-amzn-errortype': errorType,
        'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
        'x-amz-apigw-id': expect.stringMatching(/^[A-Za-z0-9+/]{15}=$/),
      });
    }
  });

  test('answers with the response of the type: status, headers and body', async () => {
    const get = await startWith({
      ResponseType: 'INVALID_API_KEY',
      StatusCode: '401',
      ResponseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" },
      ...template('{"code":"ERR_INVALID_API_KEY"}'),
    });
    const answer = await get('/v1/keyed');
    expect([answer.status, answer.text]).toEqual([401, '{"code":"ERR_INVALID_API_KEY"}']);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect((await get('/v1/x')).headers['access-control-allow-origin']).toBeUndefined();
  });

  test('falls back to DEFAULT_4XX and DEFAULT_5XX, keeping the status of the type', async () => {
    const get = await startWith(
      { ResponseType: 'DEFAULT_4XX', ...template('4:$context.error.responseType') },
      { ResponseType: 'DEFAULT_5XX', ...template('5:$context.error.responseType') },
    );
    expect(await get('/v1/keyed')).toMatchObject({ status: 403, text: '4:INVALID_API_KEY' });
    expect(await get('/v1/x')).toMatchObject({ status: 403, text: '4:MISSING_AUTHENTICATION_TOKEN' });
    expect(await get('/v1/broken')).toMatchObject({ status: 502, text: '5:DEFAULT_5XX' });
  });

  test('gives every response of a class the status of its default', async () => {
    const get = await startWith({ ResponseType: 'DEFAULT_4XX', StatusCode: 418 });
    expect(await get('/v1/keyed')).toMatchObject({ status: 418, text: '{"message":"Forbidden"}' });
    expect((await get('/v1/broken')).status).toBe(502);
  });

  test('does not apply to a stage that does not exist', async () => {
    const get = await startWith({ ResponseType: 'INVALID_API_KEY', ...template('mine') });
    expect(await get('/v2/keyed')).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
  });

  test('substitutes variables, and an unknown one by nothing', async () => {
    const text = [
      `$context.error.message|$context.error.messageString|$context.stage|\${context.httpMethod}`,
      '$context.path|$context.identity.sourceIp|$stageVariables.greeting|[$context.nothing.here]|[$context.error]',
      '[$context.resourcePath]|[$stageVariables.none]|$input.body|$context.requestId.',
    ].join('|');
    const get = await startWith({ ResponseType: 'INVALID_API_KEY', ...template(text) });
    const answer = await get('/v1/keyed?a=1');
    expect(answer.text).toBe(
      [
        'Forbidden|"Forbidden"|v1|GET|/v1/keyed|127.0.0.1|hello|[]|[]|[]|[]|$input.body',
        `${answer.headers['x-amzn-requestid']}.`,
      ].join('|'),
    );
  });

  test('answers in the type that the client accepts, else in JSON', async () => {
    const get = await startWith({
      ResponseType: 'INVALID_API_KEY',
      ResponseTemplates: { 'text/plain': 'plain', 'application/json': '{"json":1}' },
    });
    expect(await get('/v1/keyed', { accept: 'text/plain' })).toMatchObject({ text: 'plain' });
    expect((await get('/v1/keyed', { accept: 'text/plain' })).headers['content-type']).toBe('text/plain');
    expect(await get('/v1/keyed', { accept: '*/*' })).toMatchObject({ text: '{"json":1}' });
  });

  test('takes every response type of API Gateway, and refuses others', async () => {
    const types = [
      'ACCESS_DENIED API_CONFIGURATION_ERROR AUTHORIZER_CONFIGURATION_ERROR AUTHORIZER_FAILURE BAD_REQUEST_BODY',
      'BAD_REQUEST_PARAMETERS DEFAULT_4XX DEFAULT_5XX EXPIRED_TOKEN INTEGRATION_FAILURE INTEGRATION_TIMEOUT INVALID_API_KEY',
      'INVALID_SIGNATURE MISSING_AUTHENTICATION_TOKEN QUOTA_EXCEEDED REQUEST_TOO_LARGE RESOURCE_NOT_FOUND THROTTLED',
      'UNAUTHORIZED UNSUPPORTED_MEDIA_TYPE WAF_FILTERED',
    ].flatMap((line) => line.split(' '));
    expect(types).toHaveLength(21);
    await startWith(...types.map((ResponseType) => ({ ResponseType })));
    await expect(startWith({ ResponseType: 'TEAPOT' })).rejects.toMatchObject({ code: 'ERR_INVALID_PROPERTY' });
  });

  test('refuses a header that is not a literal', async () => {
    const ResponseParameters = { 'gatewayresponse.header.X': 'method.request.header.Accept' };
    const refused = startWith({ ResponseType: 'THROTTLED', ResponseParameters });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_NOT_IMPLEMENTED' });
  });

  test('refuses a header that HTTP cannot carry', async () => {
    for (const ResponseParameters of [
      { 'gatewayresponse.header.X': "'two\nlines'" },
      { 'gatewayresponse.header.a b': "'x'" },
      { 'method.response.header.X': "'x'" },
    ]) {
      const refused = startWith({ ResponseType: 'THROTTLED', ResponseParameters });
      await expect(refused).rejects.toMatchObject({ code: 'ERR_INVALID_PROPERTY' });
    }
  });
});
