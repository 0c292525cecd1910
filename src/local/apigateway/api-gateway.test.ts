import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { send, smallApi, startGateway } from './api-gateway.test.fixture';

describe('API Gateway', () => {
  test('refuses an API that does not exist', async () => {
    const { serve } = startGateway();
    expect(await send(await serve('nobody'), '/v1')).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
  });

  test('gives every request ids of its own', async () => {
    const { url } = await smallApi(startGateway(), [{ path: '/' }]);
    const answers = [await send(url, '/v1'), await send(url, '/v1')];
    for (const name of ['x-amzn-requestid', 'x-amz-apigw-id']) {
      expect(new Set(answers.map(({ headers }) => headers[name])).size).toBe(2);
    }
  });

  test('answers 500 to an error of its own, and reports it', async () => {
    const errors: unknown[] = [];
    const now = () => {
      throw new Error('no clock');
    };
    const fixture = startGateway(undefined, { now, onError: (error) => errors.push(error) });
    const { url } = await smallApi(fixture, [{ path: '/' }]);
    expect(await send(url, '/v1')).toMatchObject({ status: 500, text: '{"message":"Internal server error"}' });
    expect(errors).toEqual([expect.objectContaining({ message: 'no clock' })]);
  });

  test('goes on when a client goes away in the middle of its body', async () => {
    const errors: unknown[] = [];
    const fixture = startGateway(undefined, { onError: (error) => errors.push(error) });
    const { url } = await smallApi(fixture, [{ path: '/' }]);
    const { port } = new URL(url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write('PUT /v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nten bytes.', () =>
          socket.resetAndDestroy(),
        );
      });
      socket.once('close', () => resolve());
    });
    expect((await send(url, '/v1')).status).toBe(200);
    expect(errors).toEqual([]);
  });

  test('answers many requests at once, each with its own', async () => {
    const fixture = startGateway((event) => ({ body: (event as { path: string }).path }));
    const { url } = await smallApi(fixture, [{ path: '/{proxy+}' }]);
    const paths = Array.from({ length: 200 }, (_, index) => `/${index}`);
    const answers = await Promise.all(paths.map((path) => send(url, `/v1${path}`)));
    expect(answers.map(({ text }) => text)).toEqual(paths);
  });
});
