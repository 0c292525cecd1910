import type { APIGatewayProxyEvent } from 'aws-lambda';
import { afterEach, expect, it, vi } from 'vitest';
import { AwsCallError } from './call-aws';
import { httpHandler, RequestProblem } from './http-api';
import { readFile } from './read-file';

const event = (body: string | null, isBase64Encoded = false): APIGatewayProxyEvent =>
  ({ body, isBase64Encoded, requestContext: { requestId: 'request-1' } }) as APIGatewayProxyEvent;

afterEach(() => vi.restoreAllMocks());

/** What a route that throws answers, and what it logs. */
async function answerTo(error: unknown): Promise<{ statusCode: number; body: unknown; logged: unknown[] }> {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { statusCode, body } = await httpHandler(() => Promise.reject(error))(event(null));
  return { statusCode, body: JSON.parse(body), logged: log.mock.calls.flat() };
}

it('answers a request problem as problem details, and logs nothing', async () => {
  expect(await answerTo(new RequestProblem('ERR_MISSING_FILE', 'Send "file".', 'file'))).toEqual({
    statusCode: 400,
    body: {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: 'ERR_MISSING_FILE',
      detail: 'Send "file".',
      field: 'file',
      requestId: 'request-1',
    },
    logged: [],
  });
});

it('answers what AWS refused with 502 and AWS’s own code and words', async () => {
  const { statusCode, body, logged } = await answerTo(new AwsCallError('s3', 'AccessDenied', 403, 'not authorized'));
  expect([statusCode, body]).toEqual([502, expect.objectContaining({ code: 'AccessDenied' })]);
  expect(JSON.stringify(body)).toContain('not authorized');
  expect(logged).toEqual([expect.objectContaining({ code: 'AccessDenied', requestId: 'request-1' })]);
});

it('keeps the message of an unforeseen error, which may quote its input, out of answer and log', async () => {
  const { statusCode, body, logged } = await answerTo(new TypeError('cannot read "-----BEGIN PRIVATE KEY-----"'));
  expect([statusCode, body]).toEqual([500, expect.objectContaining({ code: 'ERR_INTERNAL', requestId: 'request-1' })]);
  expect(JSON.stringify([body, logged])).not.toContain('PRIVATE');
  expect(logged).toHaveLength(1);
});

it('reads a body that API Gateway handed on in base64', () => {
  const body = Buffer.from('{"file":"ключ.txt"}').toString('base64');
  expect(readFile(event(body, true))).toBe('ключ.txt');
});

it('takes a key of exactly 1,024 bytes and refuses one byte more', () => {
  const key = 'é'.repeat(512);
  expect(readFile(event(JSON.stringify({ file: key })))).toBe(key);
  expect(() => readFile(event(JSON.stringify({ file: `${key}x` })))).toThrow(
    expect.objectContaining({ code: 'ERR_KEY_TOO_LONG', message: expect.stringContaining('1025 bytes') }),
  );
});
