import { type EnvironmentPlan, ExecutionEnvironment, type InvocationResult } from './execution-environment';
import { LambdaError } from './lambda-error';
import type { Invocation } from './runtime-api';

interface Waiting {
  readonly invocation: Invocation;
  readonly resolve: (result: InvocationResult | Promise<InvocationResult>) => void;
  readonly reject: (error: LambdaError) => void;
}

/** The execution environments of one function: more while requests are concurrent, up to a bound; beyond it requests queue. */
export class FunctionEnvironments {
  readonly #maxEnvironments: number;
  readonly #queue: Waiting[] = [];
  readonly #alive: Map<ExecutionEnvironment, Promise<void>> = new Map();
  /** Those of the present plan. The last one used comes first, so that those in excess fall idle and end. */
  #current: ExecutionEnvironment[] = [];
  #plan: EnvironmentPlan;
  #isClosed = false;

  constructor(plan: EnvironmentPlan, maxEnvironments: number) {
    this.#plan = plan;
    this.#maxEnvironments = maxEnvironments;
  }

  invoke(invocation: Invocation): Promise<InvocationResult> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closing());
      this.#queue.push({ invocation, resolve, reject });
      this.#dispatch();
    });
  }

  /**
   * Starts an environment before there is work, unless there is one; resolves when it can take work, or has ended. Lambda initializes
   * environments ahead of invocations too. Source: AWS Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle".
   */
  async prepare(): Promise<void> {
    if (this.#isClosed || this.#alive.size > 0) return;
    const environment = this.#start();
    if (!environment) return;
    this.#current.push(environment);
    await environment.initialized;
  }

  /** New code or configuration: idle environments end now, busy ones after what they are doing. */
  replace(plan: EnvironmentPlan): void {
    this.#plan = plan;
    this.#current = [];
    for (const environment of this.#alive.keys()) this.#endIfReplaced(environment);
    this.#dispatch();
  }

  /** Ends every process, and waits until they have ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#queue.splice(0)) reject(closing());
    for (const environment of this.#alive.keys()) environment.kill();
    await Promise.all(this.#alive.values());
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && !this.#isClosed) {
      const environment =
        this.#current.find(({ isIdle }) => isIdle) ??
        this.#current.find(({ isInitializing }) => isInitializing) ??
        this.#start();
      if (environment === undefined) return;
      this.#serve(environment);
    }
  }

  #serve(environment: ExecutionEnvironment): void {
    const waiting = this.#queue.shift();
    if (!waiting) return;
    this.#current = [environment, ...this.#current.filter((other) => other !== environment)];
    const result = environment.invoke(waiting.invocation);
    waiting.resolve(result);
    const settled = () => this.#endIfReplaced(environment);
    result.then(settled, settled);
  }

  /** Undefined: the bound is reached. */
  #start(): ExecutionEnvironment | undefined {
    if (this.#alive.size >= this.#maxEnvironments) return undefined;
    const environment = new ExecutionEnvironment(this.#plan, () => this.#dispatch());
    const ended = environment.run().then(() => {
      this.#alive.delete(environment);
      this.#current = this.#current.filter((other) => other !== environment);
      this.#dispatch();
    });
    this.#alive.set(environment, ended);
    return environment;
  }

  #endIfReplaced(environment: ExecutionEnvironment): void {
    if (!environment.isBusy && !this.#current.includes(environment)) environment.kill();
  }
}

const closing = () => new LambdaError('ServiceException', 'The function host is closing');
