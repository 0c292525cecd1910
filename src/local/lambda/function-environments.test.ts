import { describe, expect, test } from 'vitest';
import { functionRequest, isAlive, STACK, startLambda, until } from './lambda.test.fixture';

const PID_AFTER_A_WHILE = `
  exports.handler = async (event) => { await new Promise((r) => setTimeout(r, event.ms ?? 0)); return process.pid; };`;

const distinct = (results: readonly { payload: unknown }[]) => new Set(results.map(({ payload }) => payload)).size;

describe("a function's environments", () => {
  test('serves concurrent requests with an environment each', async () => {
    const { define, invoke } = startLambda();
    const name = await define(PID_AFTER_A_WHILE);
    const results = await Promise.all([1, 2, 3].map(() => invoke(name, { ms: 500 })));
    expect(distinct(results)).toBe(3);
  });

  test('lets requests beyond the bound wait, and serves each', async () => {
    const { define, invoke } = startLambda({ maxEnvironments: 2 });
    const name = await define(PID_AFTER_A_WHILE);
    const results = await Promise.all([1, 2, 3, 4, 5].map(() => invoke(name, { ms: 50 })));
    expect(results.every(({ payload }) => typeof payload === 'number')).toBe(true);
    expect(distinct(results)).toBe(2);
  });

  test('starts no second environment for requests one after another', async () => {
    const { define, invoke } = startLambda();
    const name = await define(PID_AFTER_A_WHILE);
    const results = [];
    for (let count = 0; count < 50; count += 1) results.push(await invoke(name));
    expect(distinct(results)).toBe(1);
  });

  test('refuses the requests that wait when it closes', async () => {
    const { define, invoke, lambda } = startLambda({ maxEnvironments: 1 });
    const name = await define(PID_AFTER_A_WHILE, { Timeout: 30 });
    const running = invoke(name, { ms: 20_000 });
    const waiting = expect(invoke(name)).rejects.toMatchObject({ code: 'ServiceException' });
    await lambda.close();
    await waiting;
    expect(await running).toMatchObject({ functionError: 'Unhandled' });
  });

  test('replaces the environments of a function whose code or variables change, and only then', async () => {
    const { lambda, invoke } = startLambda();
    const apply = async (properties: Record<string, unknown>) => {
      const result = await lambda.resourceTypes['AWS::Lambda::Function']?.apply(
        functionRequest('Function', { FunctionName: 'replaced', ...properties }),
      );
      expect(result?.physicalId).toBe('replaced');
      return (await invoke('replaced')).payload as [number, string];
    };
    const code = (word: string) => ({
      ZipFile: `exports.handler = async () => [process.pid, '${word}' + process.env.X];`,
    });
    const variables = (X: string) => ({ Environment: { Variables: { X } } });
    const [first] = await apply({ Code: code('a'), ...variables('1') });
    expect(await apply({ Code: code('a'), ...variables('1') })).toEqual([first, 'a1']);
    expect(await apply({ Code: code('a'), ...variables('2') })).toEqual([expect.any(Number), 'a2']);
    expect(await apply({ Code: code('b'), ...variables('2') })).toEqual([expect.any(Number), 'b2']);
    await until(() => !isAlive(first));
  });

  test('lets a replaced environment finish what it is doing', async () => {
    const { lambda, invoke, logs } = startLambda();
    const source = (word: string) => ({
      ZipFile: `exports.handler = async () => { console.log('${word}'); await new Promise((r) => setTimeout(r, 300)); return ['${word}', process.pid]; };`,
    });
    const apply = (word: string) =>
      lambda.resourceTypes['AWS::Lambda::Function']?.apply(
        functionRequest('F', { FunctionName: 'f', Code: source(word) }),
      );
    await apply('old');
    const running = invoke('f');
    await until(() => logs.length > 0);
    await apply('new');
    expect(await invoke('f')).toEqual({ payload: ['new', expect.any(Number)] });
    const { payload } = await running;
    const [word, pid] = payload as [string, number];
    expect(word).toBe('old');
    await until(() => !isAlive(pid));
  });

  test('initializes an environment before its first invocation, which it then serves', async () => {
    const { define, invoke, lambda, logs } = startLambda();
    const name = await define(`console.log('loaded'); ${PID_AFTER_A_WHILE}`);
    await lambda.prepare([name]);
    await until(() => logs.length > 0);
    expect(logs).toEqual([{ functionName: name, line: expect.stringContaining('loaded'), stream: 'stdout' }]);
    const pid = (await invoke(name)).payload as number;
    await lambda.prepare([name]);
    expect((await invoke(name)).payload).toBe(pid);
    expect(logs).toHaveLength(1);
  });

  test('gives an invocation to the environment that is being initialized', async () => {
    const { define, invoke, lambda } = startLambda();
    const name = await define(PID_AFTER_A_WHILE);
    const prepared = lambda.prepare([name]);
    const results = [await invoke(name), await invoke(name)];
    await prepared;
    expect(distinct(results)).toBe(1);
  });

  test('reports to the first invocation that a module throws, though it was prepared', async () => {
    const { define, invoke, lambda, logs } = startLambda();
    const name = await define('throw new RangeError("not today");');
    await lambda.prepare([name]);
    await until(() => logs.length > 0);
    expect(await invoke(name)).toMatchObject({ functionError: 'Unhandled', payload: { errorType: 'RangeError' } });
  });

  test('prepares nothing for a function that is not there, or when it is closed', async () => {
    const { define, lambda, logs } = startLambda();
    const name = await define(`console.log('loaded'); ${PID_AFTER_A_WHILE}`);
    await lambda.close();
    await lambda.prepare([name, 'nothing']);
    expect(logs).toEqual([]);
  });

  test('ends the processes of a function that is removed', async () => {
    const { define, invoke, lambda } = startLambda();
    const name = await define(PID_AFTER_A_WHILE);
    const pid = (await invoke(name)).payload as number;
    const removed = {
      type: 'AWS::Lambda::Function',
      logicalId: 'F',
      physicalId: name,
      attributes: {},
      properties: {},
      stack: STACK,
    };
    await lambda.resourceTypes['AWS::Lambda::Function']?.remove?.(removed);
    expect(isAlive(pid)).toBe(false);
    await expect(invoke(name)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});
