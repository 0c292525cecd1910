import type { Readable } from 'node:stream';

/** CloudWatch Logs takes at most this much in one event. */
const LONGEST_LINE = 256 * 1024;

/** Cuts a process's output into lines, and too long lines into pieces. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) onLine(cutPieces(line, onLine));
    rest = cutPieces(last, onLine);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}

/** Answers what is left after the pieces. */
function cutPieces(line: string, onLine: (line: string) => void): string {
  let start = 0;
  for (; line.length - start > LONGEST_LINE; start += LONGEST_LINE) onLine(line.slice(start, start + LONGEST_LINE));
  return line.slice(start);
}
