import { describe, expect, test } from 'vitest';
import { assetFolder, startLambda } from './lambda.test.fixture';

/** A function whose code is a folder with these files. */
const asset = (files: Record<string, string>, properties: object = {}) => ({
  Code: { S3Bucket: 'assets', S3Key: assetFolder(files) },
  ...properties,
});

describe("a function's initialization", () => {
  test('loads a CommonJS module, an ES module and one below a folder', async () => {
    const { define, invoke } = startLambda();
    const esm = 'export const handler = async () => "esm";';
    const names = [
      await define('', asset({ 'index.js': 'exports.handler = async () => "cjs";' })),
      await define('', asset({ 'index.cjs': 'exports.handler = async () => "cjs";' })),
      await define('', asset({ 'index.mjs': esm })),
      await define('', asset({ 'index.js': esm, 'package.json': '{"type":"module"}' })),
      await define(
        '',
        asset({ 'main.js': 'exports.api = { list: async () => "nested" };' }, { Handler: 'main.api.list' }),
      ),
    ];
    const payloads = [];
    for (const name of names) payloads.push((await invoke(name)).payload);
    expect(payloads).toEqual(['cjs', 'cjs', 'esm', 'esm', 'nested']);
  });

  test('reports a module that throws while it loads, to every invocation', async () => {
    const { define, invoke } = startLambda();
    const name = await define('throw new RangeError("not today");');
    const failure = {
      functionError: 'Unhandled',
      payload: { errorType: 'RangeError', errorMessage: 'not today', trace: expect.any(Array) },
    };
    expect(await invoke(name)).toEqual(failure);
    expect(await invoke(name)).toEqual(failure);
  });

  test.each([
    ['a module that is not there', 'Runtime.ImportModuleError', '', { Handler: 'nothing.handler' }],
    ['a module that needs one that is not there', 'Runtime.ImportModuleError', 'require("not-bundled");', {}],
    ['an export that is not there', 'Runtime.HandlerNotFound', 'exports.other = 1;', {}],
    ['an export that is not a function', 'Runtime.HandlerNotFound', 'exports.handler = 1;', {}],
    ['a module with a syntax error', 'Runtime.UserCodeSyntaxError', 'exports.handler = ;', {}],
    ['a handler name that climbs', 'Runtime.MalformedHandlerName', '', { Handler: '../index.handler' }],
    ['a handler name without a dot', 'Runtime.MalformedHandlerName', '', { Handler: 'handler' }],
  ])('reports %s', async (_what, errorType, source, properties) => {
    const { define, invoke } = startLambda();
    const name = await define(source, asset({ 'index.js': source }, properties));
    expect(await invoke(name)).toMatchObject({ functionError: 'Unhandled', payload: { errorType } });
  });

  test('reports a process that ends while it loads', async () => {
    const { define, invoke } = startLambda();
    expect(await invoke(await define('process.exit(3);'))).toMatchObject({
      functionError: 'Unhandled',
      payload: {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: exit status 3$/),
      },
    });
  });
});
