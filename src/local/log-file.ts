import { createWriteStream } from 'node:fs';

export interface LogFile {
  write(entry: object): void;
  close(): Promise<void>;
}

/** Appends JSON objects to a file, one a line. */
export function openLogFile(path: string): LogFile {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  return {
    write: (entry) => void stream.write(`${JSON.stringify(entry)}\n`),
    close: () => new Promise((resolve) => stream.end(resolve)),
  };
}
