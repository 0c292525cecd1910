import { RuntimeError } from './failure';
import { type Handler, supportsCallbacks } from './load-handler';
import type { Invocation } from './runtime-client';

/**
 * Runs the handler once: its promise, or (up to nodejs22.x) the callback and `context.done`, `succeed`, `fail`.
 * A handler that leaves nothing to wait for without having answered answers null, or fails when it is async.
 */
export function runHandler(handler: Handler, invocation: Invocation): Promise<unknown> {
  return new Promise((resolve, reject) => {
    onEmptyLoop = () => (isAsync(handler) ? reject(unsettled()) : resolve(null));
    const context = contextOf(invocation);
    const event: unknown = JSON.parse(invocation.event);
    if (!supportsCallbacks()) {
      Promise.resolve(handler(event, context)).then(resolve, reject);
      return;
    }
    const done = (error?: unknown, result?: unknown) => (isNone(error) ? resolve(result) : reject(error));
    const legacy = {
      callbackWaitsForEmptyEventLoop: true,
      done,
      succeed: (result: unknown) => done(null, result),
      fail: (error: unknown) => done(isNone(error) ? 'handled' : error),
    };
    const whole = Object.assign(legacy, context);
    const returned = handler(event, whole, (error, result) => {
      if (isNone(error) && whole.callbackWaitsForEmptyEventLoop) onEmptyLoop = () => resolve(result);
      else done(error, result);
    });
    if (isThenable(returned)) returned.then(resolve, reject);
  }).finally(() => {
    onEmptyLoop = undefined;
  });
}

let onEmptyLoop: (() => void) | undefined;
process.on('beforeExit', () => onEmptyLoop?.());

function contextOf({ requestId, invokedFunctionArn, deadlineMs }: Invocation) {
  const { env } = process;
  return {
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: requestId,
    invokedFunctionArn,
    clientContext: undefined,
    identity: undefined,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

const unsettled = () =>
  new RuntimeError(
    'Runtime.NodeJsExit',
    'The event loop is empty and the promise of the handler was never settled: nothing is left that could settle it.',
  );

const isNone = (value: unknown): value is null | undefined => value === null || value === undefined;
const isAsync = (handler: Handler): boolean => handler.constructor.name === 'AsyncFunction';
const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | undefined)?.then === 'function';
