import type { APIGatewayProxyEvent } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CallRow, FunctionRow } from '../../api/calls/function-row';
import { AwsCallError } from '../aws/call-aws';
import { type ApiHandler, createApiHandler, jsonResponse, RequestProblem } from './api-handler';

/** A function with three calls, one of them without an action. */
const row: FunctionRow<'sign' | 'list' | 'health'> = {
  bundle: 'test',
  id: 'Test',
  description: 'a function of this test',
  environment: ['BUCKET_NAME', 'BUCKET_REGION'],
  permissions: [],
  calls: {
    sign: callRow({ method: 'POST', path: '/urls', action: 'sign' }),
    list: callRow({ method: 'GET', path: '/s3objects/{key+}', action: 'list' }),
    health: callRow({ method: 'GET', path: '/health' }),
  },
};
function callRow(call: Pick<CallRow, 'method' | 'path' | 'action'>): CallRow {
  return { summary: '', status: 200, problems: [], ...call };
}
/** Every call is answered in the same way. */
const answering = (handle: ApiHandler): ApiHandler =>
  createApiHandler(row, { sign: handle, list: handle, health: handle });

const event = (more: object = {}): APIGatewayProxyEvent =>
  ({
    body: null,
    httpMethod: 'GET',
    resource: '/health',
    requestContext: { requestId: 'request-1' },
    ...more,
  }) as unknown as APIGatewayProxyEvent;

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** What a route that throws answers, and what it logs. */
async function answerTo(error: unknown): Promise<{ statusCode: number; body: unknown; logged: unknown[] }> {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { statusCode, body } = await answering(() => Promise.reject(error))(event());
  return { statusCode, body: JSON.parse(body), logged: log.mock.calls.flat() };
}

describe("a function's answer", () => {
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
    expect([statusCode, body]).toEqual([
      500,
      expect.objectContaining({ code: 'ERR_INTERNAL', requestId: 'request-1' }),
    ]);
    expect(JSON.stringify([body, logged])).not.toContain('PRIVATE');
    expect(logged).toHaveLength(1);
  });

  it('answers a problem with the status of its code', async () => {
    expect((await answerTo(new RequestProblem('ERR_SCOPE_MISSING', 'no scope'))).body).toMatchObject({
      status: 403,
      title: 'Forbidden',
    });
  });

  /** What is written to the standard output while a route answers. */
  async function metricsOf(httpMethod: string, resource: string, statusCode: number): Promise<unknown[]> {
    const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    await answering(async () => jsonResponse(statusCode, {}))(event({ httpMethod, resource }));
    const lines = write.mock.calls.map(([line]) => JSON.parse(String(line)));
    write.mockRestore();
    return lines;
  }

  it.each([
    ['POST', '/urls', 201, { action: 'sign', Grants: 1, Refusals: 0, Failures: 0 }],
    ['POST', '/urls', 403, { action: 'sign', Grants: 0, Refusals: 1, Failures: 0 }],
    ['GET', '/s3objects/{key+}', 502, { action: 'list', Grants: 0, Refusals: 0, Failures: 1 }],
  ])('counts %s %s with the answer %d in the embedded metric format', async (method, resource, status, counts) => {
    const [line, ...more] = await metricsOf(method, resource, status);
    expect(more).toEqual([]);
    expect(line).toMatchObject({ ...counts, DurationMs: expect.any(Number) });
    const [definition] = (line as { _aws: { CloudWatchMetrics: unknown[] } })._aws.CloudWatchMetrics;
    expect(definition).toMatchObject({ Namespace: 'edgepass', Dimensions: [['FunctionName', 'action']] });
  });

  it('counts nothing for a call that grants nothing', async () => {
    expect(await metricsOf('GET', '/health', 200)).toEqual([]);
  });

  it.each([
    [undefined, 'https://a.example', '*'],
    ['https://a.example, https://b.example', 'https://b.example', 'https://b.example'],
    ['https://a.example', 'https://evil.example', undefined],
    ['https://a.example', undefined, undefined],
  ])('with the allowed origins %s, the origin %s may read as %s', async (allowed, origin, expected) => {
    if (allowed) vi.stubEnv('CORS_ALLOWED_ORIGINS', allowed);
    const answer = await answering(async () => jsonResponse(200, {}))(event({ headers: origin ? { origin } : null }));
    expect(answer.headers?.['Access-Control-Allow-Origin']).toBe(expected);
    expect(answer.headers?.Vary).toBe(allowed && 'Origin');
  });

  it('dispatches each call of its row to its own handler, and refuses what is not in the row', async () => {
    const named =
      (name: string): ApiHandler =>
      async () =>
        jsonResponse(200, name);
    const handler = createApiHandler(row, { sign: named('sign'), list: named('list'), health: named('health') });
    const answer = async (httpMethod: string, resource: string): Promise<unknown> =>
      JSON.parse((await handler(event({ httpMethod, resource }))).body);
    expect(await answer('POST', '/urls')).toBe('sign');
    expect(await answer('GET', '/s3objects/{key+}')).toBe('list');
    expect(await answer('GET', '/urls')).toMatchObject({ status: 404, code: 'ERR_UNKNOWN_ROUTE' });
  });

  it('names a required variable that is missing while Lambda initializes the function', () => {
    const create = (): ApiHandler => answering(async () => jsonResponse(200, {}));
    vi.stubEnv('AUTH', 'none');
    vi.stubEnv('BUCKET_NAME', undefined);
    expect(create).not.toThrow();
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'test');
    expect(create).toThrow('the environment variable BUCKET_NAME is missing');
    vi.stubEnv('BUCKET_NAME', 'bucket');
    expect(create).not.toThrow();
  });
});
