import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requirePackage } from '../packages/load-package';

/** Runs the `edgepass` command. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    requirePackage('commander', () => require('commander'));
    const { createProgram } = require('./program') as typeof import('./program');
    await createProgram(readVersion()).parseAsync([...argv]);
  } catch (error) {
    console.error(`edgepass: ${error instanceof Error ? error.message : String(error)}`);
    if (process.env.EDGEPASS_DEBUG && error instanceof Error) console.error(error.stack);
    process.exitCode = 1;
  }
}

/** Returns this package's version. */
function readVersion(): string {
  const manifest = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
