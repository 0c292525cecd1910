import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';

/** Old or new, never half: a crash at any point leaves one of the two. Readable by its owner only. */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}
