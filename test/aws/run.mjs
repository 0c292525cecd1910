// Compiles main.ts, which needs nothing that only Vitest has, and runs it in this process, so that signals reach it.
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
// Inside the checkout, where its packages are found.
const outfile = join(root, '.edgepass', `test-aws-${process.pid}.cjs`);
mkdirSync(dirname(outfile), { recursive: true });
await build({
  entryPoints: [join(root, 'test', 'aws', 'main.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'cjs',
});
createRequire(import.meta.url)(outfile);
rmSync(outfile);
