import { functionsLogPath } from '../../local/data-dir/log-file';
import { GrowingFile } from './growing-file';
import { auditAsText, auditOf, entryAsJson, entryAsText, readEntry } from './log-entry';

export interface LogsOptions {
  readonly dataDir: string;
  readonly follow?: true;
  /** A part of the name, in any case. */
  readonly function?: string;
  readonly audit?: true;
  readonly json?: true;
}

const POLL_MS = 250;

/** `edgepass logs`: what the functions of a local runtime have printed, running or not. */
export async function logs(options: LogsOptions): Promise<void> {
  const { dataDir, follow } = options;
  const file = new GrowingFile(functionsLogPath(dataDir));
  const print = (text: string): void => {
    const line = lineOf(text, options);
    if (line !== undefined) console.log(line);
  };
  if (!file.readNew(print) && !follow) {
    throw new Error(
      `${dataDir} has no log of functions; start a local runtime with "npm start", or name another with --data-dir DIR`,
    );
  }
  if (!follow) return;
  // A local runtime that starts later makes the file. The timer keeps the command alive until it is stopped.
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => file.readNew(print), POLL_MS);
    process.once('SIGINT', () => {
      clearInterval(timer);
      resolve();
    });
  });
}

/** What is printed of a line of the file; undefined where it is left out. */
export function lineOf(text: string, options: Omit<LogsOptions, 'dataDir' | 'follow'>): string | undefined {
  const entry = readEntry(text);
  if (!entry) return undefined;
  const matchesFunction = entry.functionName.toLowerCase().includes((options.function ?? '').toLowerCase());
  const audit = options.audit && auditOf(entry);
  if (!matchesFunction || (options.audit && !audit)) return undefined;
  if (options.json) return entryAsJson(entry);
  return audit ? auditAsText(entry, audit) : entryAsText(entry);
}
