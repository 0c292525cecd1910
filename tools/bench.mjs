// `npm run bench -- NAME`: runs bench/NAME.mjs; without a name, all of them. Each prints ratios to peers measured in the same run.
// Options are the benchmark's own: `npm run bench -- edge --quick`.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { root, run } from './root.mjs';

prepare();
const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.replace(/\.mjs$/, ''));
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const unknown = asked.find((name) => !names.includes(name));
if (unknown) {
  console.error(`there is no benchmark ${unknown}; there are: ${names.join(', ')}`);
  process.exit(1);
}
for (const name of asked.length > 0 ? asked : names)
  run(process.execPath, [join(root, 'bench', `${name}.mjs`), ...options]);
