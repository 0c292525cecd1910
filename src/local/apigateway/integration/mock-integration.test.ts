import { describe, expect, test } from 'vitest';
import { send, smallApi, startGateway } from '../api-gateway.test.fixture';

const MAX_AGE = 'method.response.header.Access-Control-Max-Age';

/** Starts an API whose only method is this MOCK integration. */
async function startMock(integration: object, methodResponses: readonly object[] = [{ StatusCode: '200' }]) {
  const Integration = { Type: 'MOCK', RequestTemplates: { 'application/json': '{"statusCode": 200}' }, ...integration };
  const properties = { Integration, MethodResponses: methodResponses };
  const { url } = await smallApi(startGateway(), [{ path: '/', properties }]);
  return (headers: Record<string, string> = {}) => send(url, '/v1', { method: 'OPTIONS', headers });
}

describe('the mock integration', () => {
  test('answers with the headers and the body of the integration response', async () => {
    const preflight = await startMock(
      {
        IntegrationResponses: [
          {
            StatusCode: '200',
            ResponseParameters: { [MAX_AGE]: "'it''s'" },
            ResponseTemplates: { 'application/json': '{"fine": true}' },
          },
        ],
      },
      [{ StatusCode: '200', ResponseParameters: { [MAX_AGE]: true } }],
    );
    const answer = await preflight();
    expect(answer).toMatchObject({ status: 200, text: '{"fine": true}' });
    expect(answer.headers).toMatchObject({ 'access-control-max-age': "it''s", 'content-type': 'application/json' });
    expect(answer.headers).not.toHaveProperty('x-amzn-trace-id');
  });

  test('takes the response whose pattern matches the status of the template, else the one without a pattern', async () => {
    const IntegrationResponses = [{ StatusCode: '400', SelectionPattern: '4\\d\\d' }, { StatusCode: '200' }];
    const methodResponses = [{ StatusCode: '200' }, { StatusCode: '400' }];
    for (const [template, status] of [
      ['{ statusCode: 404 }', 400],
      ["{'statusCode': 200}", 200],
      ['{"statusCode": 500}', 200],
    ] as const) {
      const RequestTemplates = { 'application/json': template };
      const preflight = await startMock({ IntegrationResponses, RequestTemplates }, methodResponses);
      expect([template, (await preflight()).status]).toEqual([template, status]);
    }
  });

  test('answers 500 where no response is meant', async () => {
    const IntegrationResponses = [{ StatusCode: '200', SelectionPattern: '5..' }];
    expect((await (await startMock({ IntegrationResponses }))()).status).toBe(500);
  });

  test('answers by the request template of the content type, and by the passthrough behavior where there is none', async () => {
    const IntegrationResponses = [{ StatusCode: '200' }];
    const text = { 'content-type': 'text/plain' };
    expect((await (await startMock({ IntegrationResponses }))(text)).status).toBe(500);
    for (const PassthroughBehavior of ['NEVER', 'WHEN_NO_TEMPLATES']) {
      const preflight = await startMock({ IntegrationResponses, PassthroughBehavior });
      expect((await preflight(text)).status).toBe(415);
      expect((await preflight()).status).toBe(200);
    }
    const RequestTemplates = { $default: '{"statusCode": 200}' };
    expect((await (await startMock({ IntegrationResponses, RequestTemplates }))(text)).status).toBe(200);
  });

  /** As CDK writes it for `allowOrigins: ['https://one.example', 'https://two.example', 'https://three.example']`. */
  const CORS_TEMPLATE = `#set($origin = $input.params().header.get("Origin"))
#if($origin == "")
  #set($origin = $input.params().header.get("origin"))
#end
#if($origin == "https://two.example" || $origin == "https://three.example")
  #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)
#end`;

  test('answers a preflight of several origins as the template of CDK says', async () => {
    const header = 'method.response.header.Access-Control-Allow-Origin';
    const preflight = await startMock(
      {
        IntegrationResponses: [
          {
            StatusCode: '204',
            ResponseParameters: { [header]: "'https://one.example'" },
            ResponseTemplates: { 'application/json': CORS_TEMPLATE },
          },
        ],
      },
      [{ StatusCode: '204', ResponseParameters: { [header]: true } }],
    );
    for (const [origin, allowed] of [
      ['https://one.example', 'https://one.example'],
      ['https://two.example', 'https://two.example'],
      ['https://three.example', 'https://three.example'],
      ['https://evil.example', 'https://one.example'],
    ] as const) {
      const { status, text, headers } = await preflight({ origin });
      expect([status, text, headers['access-control-allow-origin']]).toEqual([204, '', allowed]);
    }
  });

  test.each([
    ['ERR_NOT_IMPLEMENTED', 'a request template', { RequestTemplates: { 'application/json': '{"statusCode": $x}' } }],
    ['ERR_NOT_IMPLEMENTED', 'a request template', { RequestTemplates: { 'application/json': '#set($x = 1)' } }],
    [
      'ERR_NOT_IMPLEMENTED',
      'Velocity',
      { IntegrationResponses: [{ StatusCode: '200', ResponseTemplates: { 'application/json': '$input.body' } }] },
    ],
    [
      'ERR_NOT_IMPLEMENTED',
      'Velocity',
      { IntegrationResponses: [{ StatusCode: '200', ResponseTemplates: { a: `${CORS_TEMPLATE}\n#stop` } }] },
    ],
    [
      'ERR_NOT_IMPLEMENTED',
      'not a literal',
      {
        IntegrationResponses: [
          { StatusCode: '200', ResponseParameters: { [MAX_AGE]: 'integration.response.header.x' } },
        ],
      },
    ],
    [
      'ERR_INVALID_PROPERTY',
      'Access-Control-Max-Age, which the method',
      { IntegrationResponses: [{ StatusCode: '200', ResponseParameters: { [MAX_AGE]: "'1'" } }] },
    ],
    ['ERR_INVALID_PROPERTY', 'the method has no such response', { IntegrationResponses: [{ StatusCode: '201' }] }],
    ['ERR_NOT_IMPLEMENTED', 'ContentHandling', { IntegrationResponses: [{ StatusCode: '200', ContentHandling: 'x' }] }],
  ])('refuses with %s, naming %s', async (code, named, integration) => {
    const refused = startMock(integration);
    await expect(refused).rejects.toMatchObject({ code });
    await expect(refused).rejects.toThrow(named);
  });
});
