import { describe, expect, test } from 'vitest';
import { isAlive, startLambda, until } from './lambda.test.fixture';

describe('an execution environment', () => {
  test('ends an environment whose handler takes longer than the timeout', async () => {
    const { define, invoke } = startLambda();
    const name = await define(
      `exports.handler = async (event) => { if (event.wait) await new Promise((r) => setTimeout(r, 60_000)); return process.pid; };`,
      { Timeout: 1 },
    );
    const before = (await invoke(name)).payload as number;
    expect(await invoke(name, { wait: true })).toEqual({
      functionError: 'Unhandled',
      payload: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/),
      },
    });
    await until(() => !isAlive(before));
    expect((await invoke(name)).payload).not.toBe(before);
  });

  test('ends an environment whose handler never lets go of the processor', async () => {
    const { define, invoke } = startLambda();
    const name = await define('exports.handler = async () => { for (;;); };', { Timeout: 1 });
    expect(await invoke(name)).toMatchObject({ payload: { errorType: 'Sandbox.Timedout' } });
  });

  test('ends an environment that takes more memory than it has, and starts another', async () => {
    const { define, invoke } = startLambda();
    const name = await define(
      `exports.handler = async (event) => {
      const kept = [];
      while (event.greedy) kept.push(new Array(100_000).fill(kept.length));
      return 'fine';
    };`,
      { MemorySize: 128, Timeout: 60 },
    );
    expect(await invoke(name, { greedy: true })).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('Runtime exited with error') },
    });
    expect(await invoke(name)).toEqual({ payload: 'fine' });
  });

  test.each([
    ['process.exit(0)', 'Runtime exited without providing a reason'],
    ['process.exit(7)', 'Runtime exited with error: exit status 7'],
    ['process.kill(process.pid, "SIGKILL")', 'Runtime exited with error: signal: killed'],
  ])('reports a handler that ends its process by %s', async (statement, reason) => {
    const { define, invoke } = startLambda();
    const name = await define(
      `exports.handler = async (event) => { if (event.end) { ${statement}; await new Promise(() => setTimeout(() => {}, 9_000)); } return 'fine'; };`,
    );
    expect(await invoke(name, { end: true })).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining(reason) },
    });
    expect(await invoke(name)).toEqual({ payload: 'fine' });
  });

  test.each([
    ['an exception outside the handler', 'setTimeout(() => { throw new RangeError("late"); }, 1)', 'RangeError'],
    [
      'a rejection that nobody handles',
      'void Promise.reject(new RangeError("late"))',
      'Runtime.UnhandledPromiseRejection',
    ],
  ])('reports %s and starts another environment', async (_what, statement, errorType) => {
    const { define, invoke } = startLambda();
    const name = await define(
      `exports.handler = async (event) => {
    if (event.fail) { ${statement}; await new Promise((resolve) => setTimeout(resolve, 5_000)); }
    return process.pid;
  };`,
      { Timeout: 10 },
    );
    const before = (await invoke(name)).payload;
    const failed = await invoke(name, { fail: true });
    expect(failed).toMatchObject({ functionError: 'Unhandled', payload: { errorType, errorMessage: 'late' } });
    const after = await invoke(name);
    expect(after).toEqual({ payload: expect.any(Number) });
    expect(after.payload).not.toBe(before);
  });

  test('leaves no process behind when it closes, not even one that a function started', async () => {
    const { define, invoke, lambda } = startLambda();
    const name = await define(`
    const { spawn } = require('node:child_process');
    exports.handler = async () => [process.pid, spawn('sleep', ['600'], { stdio: 'inherit' }).pid];`);
    const { payload } = await invoke(name);
    const [own, started] = payload as [number, number];
    expect([isAlive(own), isAlive(started)]).toEqual([true, true]);
    await lambda.close();
    expect(isAlive(own)).toBe(false);
    await until(() => !isAlive(started));
  });

  test('answers a request that closing interrupts, and none after', async () => {
    const { define, invoke, lambda, logs } = startLambda();
    const name = await define(
      'exports.handler = async () => { console.log("here"); await new Promise((r) => setTimeout(r, 9e3)); };',
      { Timeout: 20 },
    );
    const interrupted = invoke(name);
    await until(() => logs.length > 0);
    await lambda.close();
    expect(await interrupted).toMatchObject({ payload: { errorType: 'Runtime.ExitError' } });
    await expect(invoke(name)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test('survives a process that ends in the middle of what it says to the Runtime API', async () => {
    const { define, invoke } = startLambda();
    const name = await define(`
    const { connect } = require('node:net');
    exports.handler = async (event, { awsRequestId }) => {
      if (!event.end) return 'fine';
      const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
      const path = '/2018-06-01/runtime/invocation/' + awsRequestId + '/response';
      const socket = connect(port, host);
      await new Promise((sent) => socket.write('POST ' + path + ' HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 9\\r\\n\\r\\n{', sent));
      await new Promise((resolve) => setTimeout(resolve, 50));
      process.exit(4);
    };`);
    expect(await invoke(name, { end: true })).toMatchObject({ payload: { errorType: 'Runtime.ExitError' } });
    expect(await invoke(name)).toEqual({ payload: 'fine' });
  });

  test('answers 404 to what the Runtime API does not have', async () => {
    const { define, invoke } = startLambda();
    const name = await define(`
    exports.handler = async () => {
      const answer = await fetch('http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/nothing');
      return answer.status;
    };`);
    expect(await invoke(name)).toEqual({ payload: 404 });
  });

  test('answers what a process said to the Runtime API though it never comes back for more', async () => {
    const { define, invoke } = startLambda();
    const name = await define(
      `exports.handler = async (event, { awsRequestId }) => {
      if (!event.stay) return 'fine';
      const path = '/2018-06-01/runtime/invocation/' + awsRequestId + '/response';
      await fetch('http://' + process.env.AWS_LAMBDA_RUNTIME_API + path, { method: 'POST', body: '"said"' });
      for (;;);
    };`,
      { Timeout: 1 },
    );
    expect(await invoke(name, { stay: true })).toEqual({ payload: 'said' });
    expect(await invoke(name)).toEqual({ payload: 'fine' });
  });
});
