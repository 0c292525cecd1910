import { format } from 'node:util';

/** Lambda's levels, in order. `console.log` is INFO. */
const LEVELS: readonly string[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

const METHODS: Readonly<Record<string, string>> = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  log: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'FATAL',
};

let requestId: string | undefined;

export function setRequestId(id: string): void {
  requestId = id;
}

/** Makes `console.*` write Lambda's log lines, in the format and from the level that the function asks for. */
export function patchConsole(): void {
  const asLine = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON' ? jsonLine : textLine;
  const lowest = LEVELS.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL ?? '');
  for (const [method, level] of Object.entries(METHODS)) {
    const isWritten = LEVELS.indexOf(level) >= lowest;
    Object.defineProperty(console, method, {
      configurable: true,
      writable: true,
      // A line of the stream is a log event: the line breaks inside an event are written as carriage returns.
      value: (...values: unknown[]) => {
        if (isWritten) process.stdout.write(`${asLine(level, values).replaceAll('\n', '\r')}\n`);
      },
    });
  }
}

function textLine(level: string, values: unknown[]): string {
  return `${new Date().toISOString()}\t${requestId}\t${level}\t${format(...values)}`;
}

/** Source: AWS Lambda Developer Guide, "Using Lambda advanced logging controls with Node.js". */
function jsonLine(level: string, values: unknown[]): string {
  const event = { timestamp: new Date().toISOString(), level, requestId };
  const [first] = values;
  if (values.length !== 1) {
    const error = values.find((value) => value instanceof Error);
    return JSON.stringify({ ...event, message: format(...values), ...(error && describe(error)) });
  }
  try {
    return JSON.stringify({ ...event, message: first }, (_key, value) =>
      value instanceof Error ? { ...describe(value), ...value } : value,
    );
  } catch {
    // A cycle or a BigInt: JSON cannot say it, the text can.
    return JSON.stringify({ ...event, message: format(first) });
  }
}

function describe(error: Error) {
  return {
    errorType: error.constructor.name,
    errorMessage: error.message,
    stackTrace: String(error.stack).split('\n'),
  };
}
