import { describe, expect, test } from 'vitest';
import { type LambdaFixture, startLambda, until } from './lambda.test.fixture';

const JSON_FORMAT = { LoggingConfig: { LogFormat: 'JSON' } };

/** Runs a function once and answers its log lines, as many as are expected. */
async function linesOf(fixture: LambdaFixture, source: string, count: number, properties: object = JSON_FORMAT) {
  await fixture.invoke(await fixture.define(source, properties as Record<string, unknown>));
  await until(() => fixture.logs.length >= count);
  return fixture.logs;
}

const parsed = (logs: LambdaFixture['logs']) => logs.map(({ line }) => JSON.parse(line) as Record<string, unknown>);

describe("a function's log lines", () => {
  test('writes console calls in the JSON format, each with its level and the request', async () => {
    const source = `exports.handler = async () => {
    for (const level of ['trace', 'debug', 'info', 'log', 'warn', 'error']) console[level]('by ' + level);
  };`;
    const logs = await linesOf(startLambda(), source, 6);
    const requestId = logs[0]?.requestId;
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(parsed(logs).map(({ timestamp, ...rest }) => rest)).toEqual([
      { level: 'TRACE', requestId, message: 'by trace' },
      { level: 'DEBUG', requestId, message: 'by debug' },
      { level: 'INFO', requestId, message: 'by info' },
      { level: 'INFO', requestId, message: 'by log' },
      { level: 'WARN', requestId, message: 'by warn' },
      { level: 'ERROR', requestId, message: 'by error' },
    ]);
    for (const { timestamp } of parsed(logs)) expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('writes an object that console.info got as the message, the fields in Lambda’s order', async () => {
    const source = `exports.handler = async () => { console.info({ audit: { who: 'ann', action: 'sign' } }); };`;
    const logs = await linesOf(startLambda(), source, 1);
    expect(logs[0]?.line).toMatch(
      /^\{"timestamp":"[^"]+","level":"INFO","requestId":"[^"]+","message":\{"audit":\{"who":"ann","action":"sign"\}\}\}$/,
    );
  });

  test('writes an object as an object, and several values as a text', async () => {
    const logs = await linesOf(
      startLambda(),
      `exports.handler = async () => { console.log({ a: [1] }); console.log('%s is %d', 'a', 1, { b: 2 }); };`,
      2,
    );
    expect(parsed(logs).map(({ message }) => message)).toEqual([{ a: [1] }, 'a is 1 { b: 2 }']);
  });

  test('writes an error with its type, its message and its stack', async () => {
    const logs = await linesOf(
      startLambda(),
      `exports.handler = async () => {
      const error = Object.assign(new RangeError('too far'), { code: 'ERR_FAR' });
      console.error(error);
      console.error('it failed:', error);
    };`,
      2,
    );
    const stackTrace = expect.arrayContaining(['RangeError: too far']);
    expect(parsed(logs)[0]).toMatchObject({
      message: { errorType: 'RangeError', errorMessage: 'too far', code: 'ERR_FAR', stackTrace },
    });
    expect(parsed(logs)[1]).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far', stackTrace });
    expect(parsed(logs)[1]?.message).toMatch(/^it failed: RangeError: too far/);
  });

  test('writes what JSON cannot say as a text', async () => {
    const logs = await linesOf(
      startLambda(),
      'exports.handler = async () => { const cycle = {}; cycle.self = cycle; console.log(cycle); console.log(1n); };',
      2,
    );
    expect(parsed(logs).map(({ message }) => message)).toEqual(['<ref *1> { self: [Circular *1] }', '1n']);
  });

  test('leaves out what is below the level that the function asks for', async () => {
    const logs = await linesOf(
      startLambda(),
      `exports.handler = async () => { console.debug('no'); console.log('no'); console.warn('yes'); console.error('yes'); };`,
      2,
      { LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'WARN' } },
    );
    expect(parsed(logs).map(({ level, message }) => [level, message])).toEqual([
      ['WARN', 'yes'],
      ['ERROR', 'yes'],
    ]);
  });

  test('writes console calls in the text format, an event on a line', async () => {
    const logs = await linesOf(startLambda(), `exports.handler = async () => { console.log('a\\nb'); };`, 1, {});
    const [time, requestId, level, message] = logs[0]?.line.split('\t') ?? [];
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect([requestId, level, message]).toEqual([logs[0]?.requestId, 'INFO', 'a\rb']);
  });

  test('passes on what a function writes to its streams as it is', async () => {
    const fixture = startLambda();
    const metric = '{"_aws":{"CloudWatchMetrics":[]},"Signed":1}';
    const source = `
    process.stdout.write('loaded\\n');
    exports.handler = async () => { process.stdout.write('${metric}\\nä'); process.stderr.write('to stderr\\n'); };`;
    const name = await fixture.define(source);
    await fixture.invoke(name);
    await fixture.lambda.close();
    await until(() => fixture.logs.length === 4);
    const requestId = expect.any(String);
    expect(fixture.logs).toEqual(
      expect.arrayContaining([
        { functionName: name, line: 'loaded', stream: 'stdout' },
        { functionName: name, requestId, line: metric, stream: 'stdout' },
        { functionName: name, requestId, line: 'ä', stream: 'stdout' },
        { functionName: name, requestId, line: 'to stderr', stream: 'stderr' },
      ]),
    );
  });

  test('logs the error of a handler', async () => {
    const logs = await linesOf(startLambda(), 'exports.handler = async () => { throw new RangeError("too far"); };', 1);
    expect(parsed(logs)).toMatchObject([
      { level: 'ERROR', message: { errorType: 'RangeError', errorMessage: 'too far', stackTrace: expect.any(Array) } },
    ]);
  });

  test('cuts a line of more than 256 KiB', async () => {
    const source = `exports.handler = async () => { process.stdout.write('x'.repeat(300 * 1024) + '\\n'); };`;
    const logs = await linesOf(startLambda(), source, 2, {});
    expect(logs.map(({ line }) => line.length)).toEqual([256 * 1024, 44 * 1024]);
  });
});
