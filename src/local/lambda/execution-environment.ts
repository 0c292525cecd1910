import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { type Credentials, environmentVariables } from './environment-variables';
import { type Exit, exited, responseTooLarge, timedOut } from './failure-payload';
import type { FunctionConfiguration } from './function-configuration';
import { readLines } from './log-lines';
import {
  type Invocation,
  LARGEST_RESPONSE_BYTES,
  openRuntimeApi,
  type RuntimeApi,
  type RuntimeBody,
} from './runtime-api';

export interface InvocationResult {
  /** JSON: the handler's result, or the error. */
  readonly payload: string;
  readonly functionError?: 'Unhandled';
}

export interface LogLine {
  readonly functionName: string;
  /** Absent before the first invocation of an environment. */
  readonly requestId?: string;
  readonly line: string;
  readonly stream: 'stdout' | 'stderr';
}

/** All that an environment of one function is made from. */
export interface EnvironmentPlan {
  readonly configuration: FunctionConfiguration;
  readonly taskRoot: string;
  readonly region: string;
  readonly bootstrapFile: string;
  readonly credentials: () => Credentials;
  readonly localEnvironment: () => Readonly<Record<string, string>>;
  readonly clockOffsetMs: (() => number) | undefined;
  readonly log: (line: LogLine) => void;
}

/** Source: AWS Lambda Developer Guide, "Init phase". */
const INIT_SECONDS = 10;
const IDLE_MS = 5 * 60_000;
const OUTPUT_GRACE_MS = 250;

interface Running {
  readonly invocation: Invocation;
  isDelivered: boolean;
  /** What the runtime said; the invocation ends when it asks for the next one. */
  outcome: InvocationResult | undefined;
  readonly settle: (result: InvocationResult) => void;
  readonly fail: (error: unknown) => void;
}

/** One process of a function, serving one invocation at a time, with a Runtime API of its own. */
export class ExecutionEnvironment {
  readonly #plan: EnvironmentPlan;
  readonly #onIdle: () => void;
  #api: RuntimeApi | undefined;
  #child: ChildProcess | undefined;
  #running: Running | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isReady = false;
  #isKilled = false;
  #hasEnded = false;
  #lastRequestId: string | undefined;
  #initFailure: string | undefined;
  #onInitialized: () => void = () => undefined;
  /** Resolves when the process has asked for its first invocation, or has ended. */
  readonly initialized: Promise<void> = new Promise((resolve) => {
    this.#onInitialized = resolve;
  });

  /** @param onIdle it is ready for an invocation */
  constructor(plan: EnvironmentPlan, onIdle: () => void) {
    this.#plan = plan;
    this.#onIdle = onIdle;
  }

  /** Runs the process until it ends, for whatever reason. */
  async run(): Promise<void> {
    try {
      this.#api = await openRuntimeApi({
        onNext: () => this.#next(),
        onResponse: (requestId, body) => this.#note(requestId, responseResult(body)),
        onError: (requestId, { text }) => this.#note(requestId, unhandled(text)),
        onInitError: ({ text }) => {
          this.#initFailure = text;
        },
      });
      const exit = await this.#runProcess(this.#api.address);
      this.#settle((requestId) => unhandled(this.#initFailure ?? exited(requestId, exit)));
    } catch (error) {
      this.#running?.fail(error);
    } finally {
      clearTimeout(this.#timer);
      this.#isReady = false;
      this.#hasEnded = true;
      this.#onInitialized();
      this.#api?.close();
    }
  }

  get isIdle(): boolean {
    return this.#isReady && !this.#isKilled && this.#running === undefined;
  }

  /** It was started before there was work, and its module is still being loaded. */
  get isInitializing(): boolean {
    return !this.#isReady && !this.#isKilled && !this.#hasEnded && this.#running === undefined;
  }

  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  /** Runs the handler with an event: at once when idle, else as soon as the process asks for work. */
  invoke(invocation: Invocation): Promise<InvocationResult> {
    return new Promise((settle, fail) => {
      this.#running = { invocation, isDelivered: false, outcome: undefined, settle, fail };
      if (this.#isReady) this.#deliver(this.#running);
    });
  }

  /** Ends the process and everything that it started. */
  kill(): void {
    this.#isKilled = true;
    if (this.#child) killGroup(this.#child);
  }

  #runProcess(runtimeApi: string): Promise<Exit> {
    if (this.#isKilled) return Promise.resolve({ code: null, signal: 'SIGKILL' });
    const child = this.#spawn(runtimeApi);
    this.#child = child;
    this.#setTimer(INIT_SECONDS);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => {
        killGroup(child);
        // A process that left the group may hold the output open; what it says later is nobody's.
        setTimeout(() => [child.stdout, child.stderr].map((stream) => stream.destroy()), OUTPUT_GRACE_MS).unref();
      });
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  #spawn(runtimeApi: string): ChildProcessByStdio<Writable, Readable, Readable> {
    const { configuration, taskRoot, region, bootstrapFile, credentials, localEnvironment, log } = this.#plan;
    const { functionName, memorySizeMb } = configuration;
    const child = spawn(process.execPath, [`--max-old-space-size=${memorySizeMb}`, bootstrapFile], {
      cwd: taskRoot,
      // A group of its own: Ctrl-C in the terminal reaches the local runtime alone, and what the function starts ends with it.
      detached: true,
      env: environmentVariables({
        configuration,
        region,
        taskRoot,
        runtimeApi,
        credentials: credentials(),
        logStreamName: logStreamName(),
        localEnvironment: localEnvironment(),
      }),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', () => undefined);
    for (const stream of ['stdout', 'stderr'] as const) {
      readLines(child[stream], (line) => {
        const requestId = this.#lastRequestId;
        log({ functionName, ...(requestId !== undefined && { requestId }), line, stream });
      });
    }
    return child;
  }

  #next(): void {
    this.#isReady = true;
    this.#onInitialized();
    if (this.#running && !this.#running.isDelivered) this.#deliver(this.#running);
    else this.#finish();
  }

  #note(requestId: string, outcome: InvocationResult): void {
    if (this.#running?.invocation.requestId !== requestId) return;
    this.#running.outcome ??= outcome;
    this.#finish();
  }

  /** The answer and the request for the next invocation arrive in either order. */
  #finish(): void {
    if (!this.#isReady || (this.#running && !this.#running.outcome)) return;
    this.#setIdleTimer();
    this.#settle();
    this.#onIdle();
  }

  #deliver(running: Running): void {
    const { timeoutSeconds } = this.#plan.configuration;
    running.isDelivered = true;
    this.#isReady = false;
    this.#lastRequestId = running.invocation.requestId;
    this.#setTimer(timeoutSeconds);
    const clockOffsetMs = this.#plan.clockOffsetMs?.();
    const deadlineMs = Date.now() + (clockOffsetMs ?? 0) + timeoutSeconds * 1000;
    this.#api?.deliver(running.invocation, { deadlineMs, clockOffsetMs });
  }

  /** @param fallback the result where the runtime gave none */
  #settle(fallback?: (requestId: string) => InvocationResult): void {
    const running = this.#running;
    this.#running = undefined;
    const result = running?.outcome ?? fallback?.(running?.invocation.requestId ?? '');
    if (result) running?.settle(result);
  }

  #setTimer(seconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#settle((requestId) => unhandled(timedOut(requestId, seconds)));
      this.kill();
    }, seconds * 1000);
  }

  #setIdleTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.kill(), IDLE_MS).unref();
  }
}

function responseResult({ text, bytes }: RuntimeBody): InvocationResult {
  if (bytes <= LARGEST_RESPONSE_BYTES) return { payload: text };
  return unhandled(responseTooLarge(bytes, LARGEST_RESPONSE_BYTES));
}

const unhandled = (payload: string): InvocationResult => ({ payload, functionError: 'Unhandled' });

function logStreamName(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[$LATEST]${randomBytes(16).toString('hex')}`;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone, or the system (Windows) knows none.
    child.kill('SIGKILL');
  }
}
