// Bundles what Node.js starts: one file a program loads in half the time of the two hundred that it is made of. Not minified, so
// that a stack trace names the functions; comments name the sources.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** Programs by the name of their file in dist/programs. */
const PROGRAMS = {
  'edgepass.js': 'cli/main.ts',
  'local.js': 'local/index.ts',
  'edge-process.js': 'local/cloudfront/edge/edge-process.ts',
  'bootstrap.js': 'local/lambda/runtime/bootstrap.ts',
};

export async function buildPrograms() {
  const { build } = await import('esbuild');
  const outdir = join(root, 'dist', 'programs');
  rmSync(outdir, { recursive: true, force: true });
  await Promise.all(
    Object.entries(PROGRAMS).map(([name, source]) =>
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
