// Compiles src/ to dist/ and bundles what runs in Lambda, one folder a function.
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildAssembly } from './build-assembly.mjs';
import { buildPrograms } from './build-programs.mjs';
import { root, run } from './prepare.mjs';

/** The functions that the stack deploys, by the name of their file in src/functions. */
const FUNCTIONS = [
  'authorizer',
  'delete-object',
  'deploy-site',
  'describe',
  'explain',
  'list-objects',
  'sign-url',
  'signing-keys',
  'upload',
];

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
run(process.execPath, [tsc, '-p', root]);
run(process.execPath, [tsc, '-p', join(root, 'src', 'cdk')]);

rmSync(join(root, 'dist', 'bundles'), { recursive: true, force: true });
const [{ build }, { openApiJson }] = await Promise.all([import('esbuild'), import('./openapi.mjs')]);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** What functions name and do not make: texts in the place of two names in src/functions/describe.ts. */
const define = { OPENAPI_JSON: JSON.stringify(openApiJson()), EDGEPASS_VERSION: JSON.stringify(version) };
await Promise.all(
  FUNCTIONS.map((name) =>
    build({
      entryPoints: [join(root, 'src', 'functions', `${name}.ts`)],
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
cpSync(join(root, 'src', 'web'), join(root, 'dist', 'web'), { recursive: true });

await buildPrograms();
await buildAssembly();

// Tests run from src/ and are not shipped.
for (const entry of readdirSync(join(root, 'dist'), { recursive: true })) {
  if (/\.test\.(fixture\.)?(js|d\.ts)$/.test(entry)) rmSync(join(root, 'dist', entry));
}
