import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSend } from './send';

let server: Server;
let url: string;
let answers: (number | 'cut')[];
let requests: { path: string | undefined; headers: Record<string, unknown> }[];

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push({ path: request.url, headers: request.headers });
    request.resume();
    const status = answers.shift() ?? 200;
    if (status === 'cut') return void request.socket.destroy();
    const body = status === 200 ? { ok: true } : { code: 'ERR_X', detail: 'what to do', requestId: 'r', field: 'f' };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe("the client's sending", () => {
  it.each([[['cut', 503, 429]], [[500]], [[]]] as const)('gets its answer after %j', async (failures) => {
    answers = [...failures];
    const response = await createSend({ url, apiKey: 'k' })({ method: 'POST', path: 'urls', body: { file: 'a' } });
    expect(await response.json()).toEqual({ ok: true });
    expect(requests.map(({ path }) => path)).toEqual(Array.from({ length: failures.length + 1 }, () => '/v1/urls'));
    expect(requests[0]?.headers).toMatchObject({ 'x-api-key': 'k', 'content-type': 'application/json' });
  });

  it('does not send again what the caller has to mend', async () => {
    answers = [400];
    await expect(createSend({ url })({ method: 'GET', path: 'x' })).rejects.toMatchObject({
      code: 'ERR_X',
      status: 400,
      field: 'f',
      requestId: 'r',
      message: 'what to do',
    });
    expect(requests).toHaveLength(1);
  });

  it('gives up after as many as it may, with the last answer’s code, or the cause', async () => {
    answers = [503, 503];
    await expect(createSend({ url, retries: 1 })({ method: 'GET', path: 'x' })).rejects.toMatchObject({ status: 503 });
    answers = ['cut'];
    await expect(createSend({ url, retries: 0 })({ method: 'GET', path: 'x' })).rejects.toMatchObject({
      code: 'ERR_NETWORK',
      status: 0,
      cause: expect.any(TypeError),
    });
  });

  it('asks for a token before each request', async () => {
    answers = [];
    let made = 0;
    const send = createSend({ url, token: async () => `t${++made}` });
    await send({ method: 'GET', path: 'x' });
    await send({ method: 'GET', path: 'x' });
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it('stops when it is told to', async () => {
    answers = [503, 503, 503, 503];
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(createSend({ url })({ method: 'GET', path: 'x', signal })).rejects.toThrow('enough');
    expect(requests).toEqual([]);
  });
});
