import { setClockOffset } from './clock';
import { patchConsole, setRequestId } from './console';
import { type Failure, failureOf, failureText, RuntimeError } from './failure';
import { type Handler, loadHandler } from './load-handler';
import { runHandler } from './run-handler';
import { type Invocation, RuntimeClient } from './runtime-client';

/**
 * The program of an execution environment: loads the function's handler, then takes one invocation after another from the
 * Runtime API and answers each. It ends when the local runtime does.
 */
async function main(): Promise<void> {
  exitWithParent();
  patchConsole();
  const { EDGEPASS_CLOCK_OFFSET_MS: offset } = process.env;
  if (offset !== undefined) setClockOffset(Number(offset));
  const client = new RuntimeClient(process.env.AWS_LAMBDA_RUNTIME_API ?? '');
  const initError: Report = (failure) => client.initError(failure);
  let report = initError;
  process.on('uncaughtException', (error) => exitWithError(error, 129, report));
  process.on('unhandledRejection', (reason) => exitWithError(unhandledRejection(reason), 128, report));
  const handler = await loadHandler().catch((error) => exitWithError(error, 1, report));
  let lastResponse: SentResponse = { sent: Promise.resolve() };
  for (;;) {
    // Asks for the next invocation while the response is still on its way, which halves the time between two invocations.
    const [invocation] = await Promise.all([client.next(), lastResponse.sent]);
    report = (failure) => client.error(invocation.requestId, failure);
    lastResponse = await runInvocation(client, handler, invocation);
    report = initError;
  }
}

type Report = (failure: Failure) => Promise<void>;

/** A response on its way. An object, so that `await` does not wait for the promise inside. */
interface SentResponse {
  readonly sent: Promise<void>;
}

async function runInvocation(client: RuntimeClient, handler: Handler, invocation: Invocation): Promise<SentResponse> {
  setRequestId(invocation.requestId);
  if (invocation.clockOffsetMs !== undefined) setClockOffset(invocation.clockOffsetMs);
  if (invocation.traceId) process.env._X_AMZN_TRACE_ID = invocation.traceId;
  const outcome = await runHandler(handler, invocation)
    .then((result) => ({ result: JSON.stringify(result) ?? 'null' }))
    .catch((error: unknown) => ({ error }));
  if ('result' in outcome) return { sent: client.response(invocation.requestId, outcome.result) };
  console.error(...failureText('Invoke Error', outcome.error));
  return { sent: client.error(invocation.requestId, failureOf(outcome.error)) };
}

/** Logs and reports an error after which the process cannot go on, then ends it. */
async function exitWithError(error: unknown, exitCode: number, report: Report): Promise<never> {
  console.error(...failureText('Uncaught Exception', error));
  await report(failureOf(error)).catch(() => undefined);
  process.exit(exitCode);
}

function unhandledRejection(reason: unknown): RuntimeError {
  const { errorMessage, trace } = failureOf(reason);
  return new RuntimeError('Runtime.UnhandledPromiseRejection', errorMessage, trace.join('\n'));
}

/** The local runtime holds the other end of this pipe; it closes however the local runtime ends, kill -9 included. */
function exitWithParent(): void {
  process.stdin.on('end', () => process.exit(0));
  process.stdin.on('error', () => process.exit(0));
  process.stdin.resume();
  (process.stdin as { unref?: () => void }).unref?.();
}

main().catch(() => process.exit(1));
