// Bundles what people import and what Node.js starts, one file each: it loads in half the time of the two hundred that the local
// runtime is made of. Not minified, so that a stack trace names the functions; comments name the sources.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** Sources by the name of their file in dist/entries. */
const ENTRIES = {
  'bootstrap.js': 'local/lambda/runtime/bootstrap.ts',
  'edge-process.js': 'local/cloudfront/edge/workers/edge-process.ts',
  'edgepass.js': 'cli/main.ts',
  'local.js': 'local/index.ts',
  'signing.js': 'signing/index.ts',
};

export async function buildEntries() {
  const { build } = await import('esbuild');
  const outdir = join(root, 'dist', 'entries');
  rmSync(outdir, { recursive: true, force: true });
  await Promise.all(
    Object.entries(ENTRIES).map(([name, source]) =>
      build({
        entryPoints: [join(root, 'src', source)],
        outfile: join(outdir, name),
        bundle: true,
        packages: 'external',
        platform: 'node',
        target: 'node20',
        format: 'cjs',
        absWorkingDir: root,
      }),
    ),
  );
}
