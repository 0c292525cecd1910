import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionCode } from './function-configuration';

/** Where a function's code lies, unpacked. */
export interface CodeFolder {
  readonly taskRoot: string;
  remove(): void;
}

/** @param findAsset folder of the unzipped asset */
export function openCode(code: FunctionCode, findAsset: (s3Bucket: string, s3Key: string) => string): CodeFolder {
  if (code.kind === 'asset') return { taskRoot: findAsset(code.s3Bucket, code.s3Key), remove: () => undefined };
  const taskRoot = mkdtempSync(join(tmpdir(), 'edgepass-function-'));
  writeFileSync(join(taskRoot, 'index.js'), code.source);
  return { taskRoot, remove: () => rmSync(taskRoot, { recursive: true, force: true }) };
}
