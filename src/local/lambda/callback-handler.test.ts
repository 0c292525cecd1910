import { describe, expect, test } from 'vitest';
import { startLambda } from './lambda.test.fixture';

const NODE_22 = { Runtime: 'nodejs22.x' };

describe('a handler with a callback', () => {
  test.each([
    ['the callback', '(event, context, callback) => setTimeout(() => callback(null, "done"), 1)'],
    ['context.succeed', '(event, context) => { setTimeout(() => context.succeed("done"), 1); }'],
    ['context.done', '(event, context) => { setTimeout(() => context.done(null, "done"), 1); }'],
  ])('answers by %s up to nodejs22.x', async (_what, handler) => {
    const { define, invoke } = startLambda();
    const name = await define(`exports.handler = ${handler};`, NODE_22);
    expect(await invoke(name)).toEqual({ payload: 'done' });
    expect(await invoke(name)).toEqual({ payload: 'done' });
  });

  test('reports the error of a callback', async () => {
    const { define, invoke } = startLambda();
    const name = await define('exports.handler = (e, c, callback) => callback(new RangeError("no"));', NODE_22);
    expect(await invoke(name)).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'RangeError', errorMessage: 'no' },
    });
  });

  test('waits for what a callback leaves running, unless it is told not to', async () => {
    const { define, invoke } = startLambda();
    const source = (waits: boolean) => `
    let later = 'not yet';
    exports.handler = (event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = ${waits};
      setTimeout(() => { later = 'later'; }, 50);
      callback(null, { toJSON: () => later });
    };`;
    expect(await invoke(await define(source(true), NODE_22))).toEqual({ payload: 'later' });
    expect(await invoke(await define(source(false), NODE_22))).toEqual({ payload: 'not yet' });
  });

  test('answers null for a handler that neither answers nor leaves anything running', async () => {
    const { define, invoke } = startLambda();
    expect(await invoke(await define('exports.handler = (event, context) => {};', NODE_22))).toEqual({ payload: null });
  });

  test('reports an async handler whose promise nothing can settle', async () => {
    const { define, invoke } = startLambda();
    for (const Runtime of ['nodejs22.x', 'nodejs24.x']) {
      const name = await define('exports.handler = async () => new Promise(() => {});', { Runtime });
      expect(await invoke(name)).toMatchObject({
        functionError: 'Unhandled',
        payload: { errorType: 'Runtime.NodeJsExit' },
      });
    }
  });

  test('refuses a handler with a callback from nodejs24.x on', async () => {
    const { define, invoke } = startLambda();
    const name = await define('exports.handler = (event, context, callback) => callback(null, 1);');
    expect(await invoke(name)).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'Runtime.CallbackHandlerDeprecated' },
    });
  });
});
