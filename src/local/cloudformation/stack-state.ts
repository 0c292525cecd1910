import { existsSync, readFileSync } from 'node:fs';
import { replaceFile } from '../files/replace-file';
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
