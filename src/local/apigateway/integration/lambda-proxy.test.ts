import { describe, expect, test } from 'vitest';
import { proxyIntegration, send, smallApi, startGateway } from '../api-gateway.test.fixture';
import type { LambdaInvoker } from './lambda-proxy';

const INTERNAL = '{"message":"Internal server error"}';

/** What a client gets from a method whose function is called like this. */
async function answerFrom(invoke: LambdaInvoker['invoke'], integration: object = {}) {
  const properties = { Integration: { ...proxyIntegration(), ...integration } };
  const { url } = await smallApi(startGateway(undefined, { lambda: { invoke } }), [{ path: '/pets/{id}', properties }]);
  return send(url, '/v1/pets/7');
}

const refusal = (code: string) => Promise.reject(Object.assign(new Error('refused'), { code }));

describe('the Lambda proxy integration', () => {
  test('calls the function as API Gateway, for this stage, method and path', async () => {
    const calls: unknown[] = [];
    await answerFrom(async (functionArn, _event, caller) => {
      calls.push([functionArn, caller]);
      return { payload: '{}' };
    });
    expect(calls).toEqual([
      [
        'arn:aws:lambda:us-east-1:123456789012:function:lister',
        {
          principal: 'apigateway.amazonaws.com',
          sourceArn: expect.stringMatching(
            /^arn:aws:execute-api:us-east-1:123456789012:[a-z0-9]{10}\/v1\/GET\/pets\/\{id\}$/,
          ),
        },
      ],
    ]);
  });

  test('answers 502 to a function that failed or timed out', async () => {
    const failed = await answerFrom(async () => ({ payload: '{"statusCode":200}', functionError: 'Unhandled' }));
    expect(failed).toMatchObject({ status: 502, text: INTERNAL });
    expect(failed.headers['x-amzn-errortype']).toBe('InternalServerErrorException');
  });

  test('answers 502 to a payload that is not JSON', async () => {
    expect(await answerFrom(async () => ({ payload: 'not JSON' }))).toMatchObject({ status: 502, text: INTERNAL });
  });

  test('answers 500 where there is no permission, and no function', async () => {
    for (const code of ['AccessDeniedException', 'ResourceNotFoundException']) {
      expect(await answerFrom(() => refusal(code))).toMatchObject({ status: 500, text: INTERNAL });
    }
  });

  test('answers 502 where Lambda cannot run the function', async () => {
    expect(await answerFrom(() => refusal('ServiceException'))).toMatchObject({ status: 502, text: INTERNAL });
  });

  test('answers 413 where the request is too large for Lambda', async () => {
    const answer = await answerFrom(() => refusal('RequestTooLargeException'));
    expect(answer).toMatchObject({ status: 413, text: '{"message":"Request Too Long"}' });
  });

  test('answers 504 to a function that takes longer than the integration allows', async () => {
    const answer = await answerFrom(() => new Promise(() => undefined), { TimeoutInMillis: 50 });
    expect(answer).toMatchObject({ status: 504, text: '{"message":"Endpoint request timed out"}' });
  });

  test('refuses a body of more than 10 MB before the function runs, with and without a length', async () => {
    let calls = 0;
    const fixture = startGateway(() => {
      calls += 1;
      return {};
    });
    const { url } = await smallApi(fixture, [{ path: '/' }]);
    const limit = 10 * 1024 * 1024;
    const put = (bytes: number, headers: Record<string, string>) =>
      send(url, '/v1', { method: 'PUT', body: Buffer.alloc(bytes, 'x'), headers });
    for (const headers of [{ 'content-length': String(limit + 1) }, { 'transfer-encoding': 'chunked' }]) {
      expect(await put(limit + 1, headers)).toMatchObject({ status: 413, text: '{"message":"Request Too Long"}' });
    }
    expect(calls).toBe(0);
    expect((await put(limit, { 'transfer-encoding': 'chunked' })).status).toBe(200);
  });
});
