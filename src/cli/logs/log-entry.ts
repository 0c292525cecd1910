import type { LogEntry } from '../../local/data-dir/log-file';

/** What a function said, as far as it is in Lambda's JSON log format. Source: AWS Lambda Developer Guide, "Log formats". */
interface JsonLine {
  readonly level: string;
  readonly message: unknown;
}

/** An entry of `functions.log`; undefined for a line that a killed local runtime left half written. */
export function readEntry(text: string): LogEntry | undefined {
  const entry = parse(text) as Partial<LogEntry> | undefined;
  return typeof entry?.functionName === 'string' && typeof entry.line === 'string' && typeof entry.time === 'string'
    ? (entry as LogEntry)
    : undefined;
}

/** What was granted to whom, in a line that a function wrote for the audit. */
export function auditOf({ line }: LogEntry): object | undefined {
  const { message } = (parse(line) ?? {}) as Partial<JsonLine>;
  const audit = (message as { audit?: unknown } | null | undefined)?.audit;
  return typeof audit === 'object' && audit !== null ? audit : undefined;
}

/** The entry as one JSON object, a line in JSON as what it says. */
export function entryAsJson({ line, ...entry }: LogEntry): string {
  return JSON.stringify({ ...entry, line: parse(line) ?? line });
}

/** `2026-03-14T12:00:00.000Z  INFO   FUNCTION  what it said` */
export function entryAsText(entry: LogEntry): string {
  const { level, text } = readLine(entry.line);
  return `${entry.time}  ${level.padEnd(5)}  ${escapeControls(entry.functionName)}  ${escapeControls(text)}`;
}

/** `2026-03-14T12:00:00.000Z  FUNCTION  who=… action=… file=…` */
export function auditAsText(entry: LogEntry, audit: object): string {
  const fields = Object.entries(audit).map(([name, value]) => `${name}=${asText(value)}`);
  return `${entry.time}  ${escapeControls(entry.functionName)}  ${escapeControls(fields.join(' '))}`;
}

function readLine(line: string): { readonly level: string; readonly text: string } {
  const parsed = parse(line) as Partial<JsonLine> | undefined;
  if (typeof parsed?.level === 'string' && 'message' in parsed)
    return { level: parsed.level, text: asText(parsed.message) };
  // Lambda's text format.
  const [, level = '', text] = /^\d{4}-[\d-]+T[\d:.]+Z\t[^\t]*\t([A-Z]+)\t(.*)$/s.exec(line) ?? [];
  return { level, text: text ?? line };
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Line breaks inside an event are carriage returns. Nothing else may speak to a terminal: names of objects come from anybody. */
const escapeControls = (text: string): string =>
  text
    .replace(/\r\n?|\n/g, '\n    ')
    .replace(/(?!\n|\t)\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
