import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

/** Where what the functions of a local runtime print is kept, an entry a line. */
export const functionsLogPath = (dataDir: string): string => join(dataDir, 'functions.log');

/** A line that a function printed. */
export interface LogEntry {
  /** ISO 8601 */
  readonly time: string;
  readonly functionName: string;
  /** Absent before the first invocation of an environment. */
  readonly requestId?: string;
  /** As it was printed. */
  readonly line: string;
  readonly stream: 'stdout' | 'stderr';
}

export interface LogFile {
  write(entry: LogEntry): void;
  close(): Promise<void>;
}

/** Appends entries to a file, a JSON object a line. */
export function openLogFile(path: string): LogFile {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  return {
    write: (entry) => void stream.write(`${JSON.stringify(entry)}\n`),
    close: () => new Promise((resolve) => stream.end(resolve)),
  };
}
