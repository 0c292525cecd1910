import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
// @ts-expect-error a tool in JavaScript, without types
import { buildWhenNeeded } from '../tools/prepare.mjs';

/**
 * Builds what is stale, so that tests never meet old code, and gives the run a temporary folder of its own, which has to be empty in the end.
 */
export default function setup(project: TestProject): () => void {
  buildWhenNeeded();
  project.onTestsRerun(() => buildWhenNeeded());
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-tests-'));
  process.env.TMPDIR = folder;
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  // Also of a run that is interrupted.
  process.once('exit', remove);
  return () => {
    const left = readdirSync(folder);
    remove();
    if (left.length === 0) return;
    console.error(`tests left ${left.length} entries in the temporary folder: ${left.slice(0, 20).join(', ')}`);
    process.exitCode = 1;
  };
}
