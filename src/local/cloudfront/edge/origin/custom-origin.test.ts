import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DISABLED, type EdgeUnderTest, startEdgeUnderTest } from '../edge.test.fixture';

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'];
const ALL_VIEWER_EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';
const CORS_AND_SECURITY = 'e61eb60c-9c35-4d20-a928-2b84e02af89c';

let api: Server;
let apiUrl: string;
let received: {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}[];
/** Requests that wait for each other. */
let together: (() => void)[];
let test: EdgeUnderTest;

beforeAll(async () => {
  api = createServer(async (request, response) => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: await text(request) });
    if (url?.startsWith('/_api/cut')) return void response.destroy();
    if (url?.startsWith('/_api/together')) await new Promise<void>((resolve) => together.push(resolve));
    response.setHeader('set-cookie', ['a=1; Path=/', 'b=2; Path=/']);
    response.setHeader('cache-control', 'max-age=60');
    response.writeHead(url?.includes('missing') ? 404 : 201, { 'content-type': 'application/json' });
    response.end(url?.includes('large') ? Buffer.alloc(5_000_000) : `{"received":"${method} ${url}"}`);
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});
afterAll(() => {
  api.closeAllConnections();
  api.close();
});
afterEach(() => test.close());

async function start(behavior: object = {}, errors: readonly object[] = []): Promise<void> {
  received = [];
  together = [];
  test = await startEdgeUnderTest({
    errors,
    origins: [
      {
        Id: 'api',
        DomainName: 'abc123.execute-api.us-east-1.amazonaws.com',
        CustomOriginConfig: { OriginProtocolPolicy: 'https-only' },
        OriginCustomHeaders: [{ HeaderName: 'X-From-Edge', HeaderValue: 'yes' }],
      },
    ],
    behaviors: [
      {
        PathPattern: '_api/*',
        TargetOriginId: 'api',
        AllowedMethods: METHODS,
        CachePolicyId: DISABLED,
        OriginRequestPolicyId: ALL_VIEWER_EXCEPT_HOST,
        ...behavior,
      },
    ],
    options: { apiUrl },
  });
}

const send = (path: string, options: RequestInit = {}): Promise<Response> => fetch(test.base + path, options);

describe('a custom origin', () => {
  it('passes a request on whole, but for its host, and the answer back', async () => {
    await start();
    const answer = await send('/_api/urls?x=1&x=2', {
      method: 'POST',
      body: '{"file":"a"}',
      headers: { 'x-api-key': 'k', cookie: 'session=1; CloudFront-Signature=s' },
    });
    expect([answer.status, await answer.text(), answer.headers.get('x-cache')]).toEqual([
      201,
      '{"received":"POST /_api/urls?x=1&x=2"}',
      'Miss from cloudfront',
    ]);
    expect(answer.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Path=/']);
    const [request] = received;
    expect([request?.body, request?.headers['x-api-key'], request?.headers.cookie]).toEqual([
      '{"file":"a"}',
      'k',
      'session=1',
    ]);
    expect(request?.headers).toMatchObject({
      host: new URL(apiUrl).host,
      'x-forwarded-for': '127.0.0.1',
      'x-from-edge': 'yes',
      via: expect.stringContaining('cloudfront.net'),
    });
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('passes %s', async (method) => {
    await start();
    expect((await send('/_api/x', { method })).status).toBe(201);
    expect(received.map((request) => request.method)).toEqual([method]);
  });

  it('keeps nothing where caching is disabled, whatever the answer says', async () => {
    await start();
    for (const _ of [1, 2]) expect((await send('/_api/x')).headers.get('x-cache')).toBe('Miss from cloudfront');
    expect(received).toHaveLength(2);
  });

  it('tells the API who asks, reading too', async () => {
    await start();
    await send('/_api/x');
    expect(received[0]?.headers['x-forwarded-for']).toBe('127.0.0.1');
  });

  it('lets nobody wait for another’s answer where caching is disabled', async () => {
    await start();
    const answers = [send('/_api/together'), send('/_api/together')];
    await expect.poll(() => together.length).toBe(2);
    for (const go of together) go();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([201, 201]);
  });

  it('releases an origin response that an error page replaces', async () => {
    await start({}, [{ ErrorCode: 404, ResponsePagePath: '/none.html', ResponseCode: '404' }]);
    test.origin.put('/none.html', 'nothing here');
    for (let at = 0; at < 20; at++) await (await send('/_api/missing/large')).text();
    const open = (): Promise<number> => new Promise((resolve) => api.getConnections((_error, count) => resolve(count)));
    await expect.poll(open).toBeLessThan(5);
  });

  it('sends nothing of the viewer’s without an origin request policy', async () => {
    await start({ OriginRequestPolicyId: undefined });
    await send('/_api/x?secret=1', { headers: { 'x-api-key': 'k', cookie: 'a=1' } });
    const [request] = received;
    expect([
      request?.url,
      request?.headers['x-api-key'],
      request?.headers.cookie,
      request?.headers['user-agent'],
    ]).toEqual(['/_api/x', undefined, undefined, 'Amazon CloudFront']);
  });

  it('answers 502 and its page when the API cuts the connection', async () => {
    await start();
    const answer = await send('/_api/cut');
    expect([answer.status, answer.headers.get('server'), await answer.text()]).toEqual([
      502,
      'CloudFront',
      expect.stringContaining('connect to the origin'),
    ]);
  });

  it('replaces an API’s error by the distribution’s page, as everybody else’s', async () => {
    await start({}, [{ ErrorCode: 404, ResponsePagePath: '/none.html', ResponseCode: '404' }]);
    test.origin.put('/none.html', 'nothing here');
    expect(await (await send('/_api/missing')).text()).toBe('nothing here');
  });

  it('adds the headers of a response headers policy', async () => {
    await start({ ResponseHeadersPolicyId: CORS_AND_SECURITY });
    const answer = await send('/_api/x', { headers: { origin: 'https://a.test' } });
    expect([answer.headers.get('access-control-allow-origin'), answer.headers.get('x-content-type-options')]).toEqual([
      '*',
      'nosniff',
    ]);
  });
});
