// `npm test`: the whole behaviour, in one command. `npm test -- PATTERN` runs only the test files that match.
// `npm run test:full` (`--full`): what is too heavy for that.
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { root, run } from './root.mjs';

prepare();
const isFull = process.argv.includes('--full');
const pattern = process.argv.slice(2).filter((word) => word !== '--full');
const bin = (...path) => join(root, 'node_modules', ...path);

if (pattern.length === 0 && !isFull) {
  console.log('format and lint');
  run(process.execPath, [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.']);
  console.log('folders import only what ARCHITECTURE.md allows');
  run(process.execPath, [join(root, 'tools', 'boundaries.mjs')]);
  console.log('every test has a subject');
  run(process.execPath, [join(root, 'tools', 'titles.mjs')]);
  console.log('types of the tests');
  run(process.execPath, [bin('typescript', 'bin', 'tsc'), '-p', join(root, 'test')]);
}
console.log(isFull ? 'heavy tests' : 'tests');
const config = join(root, isFull ? 'vitest.full.config.mts' : 'vitest.config.mts');
run(process.execPath, [bin('vitest', 'vitest.mjs'), 'run', '--config', config, ...pattern]);
