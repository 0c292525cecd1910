/** An error as the Runtime API takes it and as `Invoke` answers it in the payload of a FunctionError. */
export interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** The runtime itself gives up on the function; the names are Lambda's. */
export class RuntimeError extends Error {
  constructor(name: `Runtime.${string}`, message: string, stack?: string) {
    super(message);
    this.name = name;
    if (stack !== undefined) this.stack = stack;
  }
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
}

/** What the runtime passes to `console.error` about an error that the function did not catch. */
export function failureText(title: string, error: unknown): unknown[] {
  const thrown = error instanceof Error ? error : new Error(String(error));
  if (process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON') return [thrown];
  const { name, message, stack } = thrown;
  return [
    title,
    `\t${JSON.stringify({ errorType: name, errorMessage: message, ...thrown, stack: stack?.split('\n') })}`,
  ];
}
