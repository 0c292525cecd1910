import { describe, expect, test } from 'vitest';
import { startLambda } from './lambda.test.fixture';

const answering = (expression: string) => `exports.handler = async (event, context) => (${expression});`;

describe('Lambda', () => {
  test('answers what an async handler returns', async () => {
    const { define, invoke } = startLambda();
    const name = await define(answering('{ twice: event.number * 2 }'));
    expect(await invoke(name, { number: 21 })).toEqual({ payload: { twice: 42 } });
  });

  test('answers null for a handler that returns nothing', async () => {
    const { define, invoke } = startLambda();
    expect(await invoke(await define('exports.handler = async () => {};'))).toEqual({ payload: null });
  });

  test('finds a function by its ARN and by its name', async () => {
    const { define, lambda } = startLambda();
    const name = await define(answering('context.invokedFunctionArn'));
    const arn = `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
    expect(await lambda.invoke(arn, {}, 'cloudformation')).toEqual({ payload: JSON.stringify(arn) });
    expect(await lambda.invoke(name, {}, 'cloudformation')).toEqual({ payload: JSON.stringify(arn) });
  });

  test('rejects a function, a version and an alias that do not exist', async () => {
    const { define, lambda } = startLambda();
    const name = await define(answering('1'));
    for (const unknown of ['nobody', `${name}:1`, `${name}:live`]) {
      await expect(lambda.invoke(unknown, {}, 'cloudformation')).rejects.toMatchObject({
        code: 'ResourceNotFoundException',
      });
    }
  });

  test('tells the handler who it is and how long it has', async () => {
    const { define, invoke } = startLambda();
    const source = answering('{ ...context, left: context.getRemainingTimeInMillis() }');
    const name = await define(source, { Timeout: 7, MemorySize: 256 });
    const { payload } = await invoke(name);
    expect(payload).toMatchObject({
      functionName: name,
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      logGroupName: `/aws/lambda/${name}`,
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const { left } = payload as { left: number };
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(7000);
  });

  test('shows a function nothing of the environment of the host', async () => {
    process.env.SECRET_OF_THE_HOST = 'seen';
    const { define, invoke } = startLambda();
    const variables = { BUCKET_NAME: 'private', AWS_ENDPOINT_URL: 'https://elsewhere.example' };
    const name = await define(answering('process.env'), { Environment: { Variables: variables } });
    const { payload } = await invoke(name);
    delete process.env.SECRET_OF_THE_HOST;
    expect(Object.keys(payload as object).sort()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_DEFAULT_REGION',
      'AWS_ENDPOINT_URL',
      'AWS_EXECUTION_ENV',
      'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_FUNCTION_VERSION',
      'AWS_LAMBDA_INITIALIZATION_TYPE',
      'AWS_LAMBDA_LOG_FORMAT',
      'AWS_LAMBDA_LOG_GROUP_NAME',
      'AWS_LAMBDA_LOG_STREAM_NAME',
      'AWS_LAMBDA_RUNTIME_API',
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'BUCKET_NAME',
      'LAMBDA_TASK_ROOT',
      'LANG',
      'PATH',
      'TZ',
      '_HANDLER',
      '_X_AMZN_TRACE_ID',
    ]);
    expect(payload).toMatchObject({
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_REGION: 'us-east-1',
      AWS_SESSION_TOKEN: 'arn:aws:iam::123456789012:role/lister',
      BUCKET_NAME: 'private',
      _HANDLER: 'index.handler',
    });
  });

  test('runs a function in UTC', async () => {
    const { define, invoke } = startLambda();
    const name = await define(answering('[new Date(0).getHours(), new Date(0).getTimezoneOffset()]'));
    expect(await invoke(name)).toEqual({ payload: [0, 0] });
  });

  test('serves one request after another with the same environment', async () => {
    const { define, invoke } = startLambda();
    const name = await define('let count = 0; exports.handler = async () => [process.pid, (count += 1)];');
    const [first, second] = [await invoke(name), await invoke(name)];
    const [pid] = first.payload as number[];
    expect([first.payload, second.payload]).toEqual([
      [pid, 1],
      [pid, 2],
    ]);
  });

  test('reports a handler that throws, and goes on with the same environment', async () => {
    const { define, invoke } = startLambda();
    const name = await define(`
    class OutOfLuck extends RangeError { name = 'OutOfLuck'; }
    let count = 0;
    exports.handler = async () => { if ((count += 1) === 1) throw new OutOfLuck('none left'); return count; };`);
    expect(await invoke(name)).toEqual({
      functionError: 'Unhandled',
      payload: {
        errorType: 'OutOfLuck',
        errorMessage: 'none left',
        trace: expect.arrayContaining([expect.stringContaining('none left')]),
      },
    });
    expect(await invoke(name)).toEqual({ payload: 2 });
  });

  test('reports what is thrown though it is no error', async () => {
    const { define, invoke } = startLambda();
    expect(await invoke(await define('exports.handler = async () => { throw "no"; };'))).toEqual({
      functionError: 'Unhandled',
      payload: { errorType: 'string', errorMessage: 'no', trace: [] },
    });
  });

  test('reports an answer that JSON cannot say', async () => {
    const { define, invoke } = startLambda();
    const result = await invoke(await define('exports.handler = async () => { const a = {}; a.a = a; return a; };'));
    expect(result).toMatchObject({ functionError: 'Unhandled', payload: { errorType: 'TypeError' } });
  });

  test('refuses an event of more than 6 MB', async () => {
    const { define, invoke } = startLambda();
    const name = await define(answering('event.length'));
    await expect(invoke(name, 'x'.repeat(6 * 1024 * 1024))).rejects.toMatchObject({ code: 'RequestTooLargeException' });
    expect(await invoke(name, 'x'.repeat(5 * 1024 * 1024))).toEqual({ payload: 5 * 1024 * 1024 });
  });

  test('reports an answer of more than 6 MB', async () => {
    const { define, invoke } = startLambda();
    const result = await invoke(await define(answering('"x".repeat(7 * 1024 * 1024)')));
    expect(result).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'Function.ResponseSizeTooLarge' },
    });
  });

  test('rejects an invocation for which there are no credentials', async () => {
    const { define, invoke } = startLambda({
      issueCredentials: (roleArn) => {
        throw new Error(`no role ${roleArn}`);
      },
    });
    await expect(invoke(await define(answering('1')))).rejects.toThrow('no role arn:aws:iam::123456789012:role/lister');
  });
});
