import { describe, expect, test } from 'vitest';
import { send, smallApi, startGateway } from '../api-gateway.test.fixture';

/** What a client gets when the function answers this. */
async function answerTo(response: unknown, headers: Record<string, string> = {}, restApi: object = {}) {
  const { url } = await smallApi(
    startGateway(() => response),
    [{ path: '/' }],
    { restApi },
  );
  return send(url, '/v1', { headers });
}

describe('a proxy response', () => {
  test('passes on status, headers and body', async () => {
    const answer = await answerTo({
      statusCode: 201,
      headers: { Location: '/x', 'X-N': 7, 'X-B': true },
      body: 'done',
    });
    expect(answer).toMatchObject({ status: 201, text: 'done' });
    expect(answer.headers).toMatchObject({ location: '/x', 'x-n': '7', 'x-b': 'true', 'content-length': '4' });
    expect(answer.rawHeaders).toContain('Location');
  });

  test('answers 200, JSON and nothing where the function says no more', async () => {
    for (const response of [{}, { body: null }, { headers: null, multiValueHeaders: null, isBase64Encoded: null }]) {
      const answer = await answerTo(response);
      expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([200, '', 'application/json']);
    }
  });

  test('takes a status that is written as a text', async () => {
    expect((await answerTo({ statusCode: '202' })).status).toBe(202);
  });

  test.each([
    null,
    'a text',
    5,
    ['a', 'list'],
    { statusCode: 200, cookies: [] },
    { statusCode: 'ok' },
    { statusCode: 99 },
    { statusCode: 600 },
    { statusCode: 200.5 },
    { body: { an: 'object' } },
    { body: 5 },
    { headers: 'X: y' },
    { headers: { x: { an: 'object' } } },
    { headers: { x: null } },
    { headers: { 'not a name': 'x' } },
    { headers: { x: 'two\r\nlines' } },
    { multiValueHeaders: { x: 'y' } },
    { multiValueHeaders: { x: [{}] } },
    { isBase64Encoded: 'yes' },
  ])('answers 502 to the malformed response %j', async (response) => {
    expect(await answerTo(response)).toMatchObject({ status: 502, text: '{"message":"Internal server error"}' });
  });

  test('merges both kinds of headers, those with many values first', async () => {
    const { rawHeaders } = await answerTo({
      multiValueHeaders: { 'X-mULTI': ['one', 'two'], 'Set-Cookie': ['a=1', 'b=2'] },
      headers: { 'x-multi': 'three', 'set-cookie': 'b=2' },
    });
    const values = rawHeaders.flatMap((name, index) => {
      return index % 2 === 0 && /multi|cookie/i.test(name) ? [[name, rawHeaders[index + 1]]] : [];
    });
    expect(values).toEqual([
      ['X-mULTI', 'one'],
      ['X-mULTI', 'two'],
      ['X-mULTI', 'three'],
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ]);
  });

  test('renames the headers that it writes itself', async () => {
    const headers = {
      'Content-Length': '99',
      Date: 'today',
      Server: 'mine',
      Connection: 'close',
      'Transfer-Encoding': 'x',
    };
    const answer = await answerTo({ headers, body: 'four' });
    expect(answer.text).toBe('four');
    expect(answer.headers).toMatchObject({
      'content-length': '4',
      'x-amzn-remapped-content-length': '99',
      'x-amzn-remapped-date': 'today',
      'x-amzn-remapped-server': 'mine',
      'x-amzn-remapped-connection': 'close',
    });
    expect(answer.headers).not.toHaveProperty('server');
    expect(answer.headers).not.toHaveProperty('transfer-encoding');
  });

  test('keeps the request id its own', async () => {
    const { headers } = await answerTo({ headers: { 'X-Amzn-RequestId': 'mine' } });
    expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('decodes base64 for a client that accepts a binary type, and for no other', async () => {
    const bytes = Buffer.from([0x89, 0x50, 0xff, 0x00]);
    const response = {
      isBase64Encoded: true,
      body: bytes.toString('base64'),
      headers: { 'Content-Type': 'image/png' },
    };
    const png = { BinaryMediaTypes: ['image/png'] };
    expect((await answerTo(response, { accept: 'image/png, text/html' }, png)).bytes).toEqual(bytes);
    expect((await answerTo(response, {}, { BinaryMediaTypes: ['*/*'] })).bytes).toEqual(bytes);
    expect((await answerTo(response, { accept: 'text/html, image/png' }, png)).text).toBe(bytes.toString('base64'));
    expect((await answerTo(response)).text).toBe(bytes.toString('base64'));
    const broken = { isBase64Encoded: true, body: '%%%' };
    expect((await answerTo(broken, {}, { BinaryMediaTypes: ['*/*'] })).status).toBe(500);
  });

  test('gives a 204 neither body nor length', async () => {
    const { status, headers } = await answerTo({ statusCode: 204 });
    expect([status, headers['content-length'], headers['transfer-encoding']]).toEqual([204, undefined, undefined]);
  });

  test('gives a HEAD the headers of the answer alone', async () => {
    const { url } = await smallApi(
      startGateway(() => ({ body: 'four' })),
      [{ path: '/', httpMethod: 'HEAD' }],
    );
    const { status, headers, text } = await send(url, '/v1', { method: 'HEAD' });
    expect([status, headers['content-length'], text]).toEqual([200, '4', '']);
  });
});
