import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { AppliedResource } from './resource-type';

/** What a stack's boots have made so far, by logical id; kept in one file, replaced whole. */
export interface StackState {
  readonly resources: Map<string, AppliedResource>;
  save(): void;
}

export function openStackState(path: string): StackState {
  const resources = new Map<string, AppliedResource>(
    existsSync(path) ? Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, AppliedResource>) : [],
  );
  return { resources, save: () => replaceFile(path, JSON.stringify(Object.fromEntries(resources), null, 1)) };
}

/** Old or new, never half: a crash at any point leaves one of the two. Readable by its owner only, for it holds the API key. */
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
