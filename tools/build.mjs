// Compiles src/ to dist/ and bundles what runs in Lambda, one folder a function. Compiles only what has changed since the last build.
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchemas } from './api/json-schemas.mjs';
import { loadApi } from './api/load-api.mjs';
import { pureSchemas } from './api/pure-schemas.mjs';
import { buildAssembly } from './build-assembly.mjs';
import { buildEntries } from './build-entries.mjs';
import { cleanOutputs, digestOfInputs, markBuilt } from './build-state.mjs';
import { root, runNode } from './root.mjs';

const HANDLERS = join(root, 'src', 'functions', 'handlers');
const inputs = digestOfInputs();
cleanOutputs();
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
try {
  await Promise.all([runNode([tsc, '-p', root]), runNode([tsc, '-p', join(root, 'src', 'cdk')])]);
} catch {
  // The compiler has said why.
  process.exit(1);
}

rmSync(join(root, 'dist', 'bundles'), { recursive: true, force: true });
const [{ build }, api] = await Promise.all([import('esbuild'), loadApi()]);
/** The functions that the stack deploys: the API's, and those that answer no call. Each has a file in `HANDLERS`. */
const functions = [...api.calls.FUNCTIONS.map(({ bundle }) => bundle), ...Object.keys(api.environment.VARIABLES)];
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** What functions name and do not make: texts in the place of two names in src/functions/handlers/describe.ts. */
const texts = { JSON_SCHEMAS: JSON.stringify(jsonSchemas(api)), EDGEPASS_VERSION: version };
const define = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, JSON.stringify(text)]));
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
      plugins: [pureSchemas],
    }),
  ),
);

// The web page, as it is.
rmSync(join(root, 'dist', 'web'), { recursive: true, force: true });
cpSync(join(root, 'src', 'web'), join(root, 'dist', 'web'), { recursive: true });
await Promise.all([buildEntries(), buildAssembly()]);
markBuilt(inputs);
