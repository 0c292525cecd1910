// Compiles src/ to dist/ and bundles what runs in Lambda, one folder a function. Compiles only what has changed since the last build.
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildAssembly } from './build-assembly.mjs';
import { buildEntries } from './build-entries.mjs';
import { cleanOutputs, markBuilt } from './build-state.mjs';
import { root, runNode } from './root.mjs';

const HANDLERS = join(root, 'src', 'functions', 'handlers');
/** The functions that the stack deploys: every file of that folder is one, and its name is the name of its bundle. */
const functions = readdirSync(HANDLERS)
  .filter((file) => !/\.test\.(fixture\.)?ts$/.test(file))
  .map((file) => basename(file, '.ts'));

cleanOutputs();
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
try {
  await Promise.all([runNode([tsc, '-p', root]), runNode([tsc, '-p', join(root, 'src', 'cdk')])]);
} catch {
  // The compiler has said why.
  process.exit(1);
}

rmSync(join(root, 'dist', 'bundles'), { recursive: true, force: true });
const [{ build }, { openApiJson }] = await Promise.all([import('esbuild'), import('./openapi.mjs')]);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** What functions name and do not make: texts in the place of two names in src/functions/handlers/describe.ts. */
const define = { OPENAPI_JSON: JSON.stringify(openApiJson()), EDGEPASS_VERSION: JSON.stringify(version) };
await Promise.all(
  functions.map((name) =>
    build({
      entryPoints: [join(HANDLERS, `${name}.ts`)],
      outfile: join(root, 'dist', 'bundles', name, 'index.js'),
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      // Paths of this machine in a bundle would change its digest, and with it the asset, from machine to machine.
      absWorkingDir: root,
      legalComments: 'none',
      define,
    }),
  ),
);

// The web page, as it is.
rmSync(join(root, 'dist', 'web'), { recursive: true, force: true });
cpSync(join(root, 'src', 'web'), join(root, 'dist', 'web'), { recursive: true });
await Promise.all([buildEntries(), buildAssembly()]);
markBuilt();
