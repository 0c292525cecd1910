// `npm test`: everything that must hold, in one command. `npm test -- PATTERN` runs only the test files that match.
import { join } from 'node:path';
import { prepare, root, run } from './prepare.mjs';

prepare();
const pattern = process.argv.slice(2);
const bin = (...path) => join(root, 'node_modules', ...path);

if (pattern.length === 0) {
  console.log('format and lint');
  run(process.execPath, [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.']);
  console.log('folders import only what ARCHITECTURE.md allows');
  run(process.execPath, [join(root, 'tools', 'boundaries.mjs')]);
  console.log('types of the tests');
  run(process.execPath, [bin('typescript', 'bin', 'tsc'), '-p', join(root, 'test')]);
}
console.log('tests');
run(process.execPath, [bin('vitest', 'vitest.mjs'), 'run', ...pattern]);
