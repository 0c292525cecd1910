// Loads the table of calls and the schemas from src/api: also before the compiler has run, for what it compiles is made of them.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../root.mjs';

const src = join(root, 'src');
const SCHEMAS = join(src, 'api', 'schemas');
const cache = join(root, 'node_modules', '.cache', 'edgepass');
/** Files of src/api/schemas without schemas of calls. */
const NOT_SCHEMAS = ['call-schemas.ts', 'field.ts'];

/** Resolves with what src/api exports: `calls`, `problems`, `openapi`, `environment`, and by file the exports of the schemas. */
export async function loadApi() {
  const { build } = await import('esbuild');
  const files = readdirSync(SCHEMAS).filter((file) => !NOT_SCHEMAS.includes(file) && !/\.test\.ts$/.test(file));
  const lines = [
    "export * as calls from './calls/index';",
    "export * as problems from './problems';",
    "export * as openapi from './openapi';",
    "export * as environment from './environment';",
    ...files.map((file, at) => `export * as schemas${at} from './schemas/${file}';`),
  ];
  const { outputFiles } = await build({
    stdin: { contents: lines.join('\n'), resolveDir: join(src, 'api'), loader: 'ts' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
  });
  mkdirSync(cache, { recursive: true });
  const path = join(cache, `api-${process.pid}.mjs`);
  writeFileSync(path, outputFiles[0].contents);
  const { calls, problems, openapi, environment, ...modules } = await import(pathToFileURL(path).href);
  rmSync(path);
  const schemas = Object.fromEntries(files.map((file, at) => [file.replace(/\.ts$/, ''), modules[`schemas${at}`]]));
  requireFiles(calls.FUNCTIONS, schemas);
  return { calls, problems, openapi, environment, schemas };
}

/** @throws Error with the name of every file that a row of the table needs and that is missing. */
function requireFiles(functions, schemas) {
  const missing = functions.flatMap(({ bundle }) => [
    ...(existsSync(join(src, 'functions', 'handlers', `${bundle}.ts`))
      ? []
      : [`src/functions/handlers/${bundle}.ts is missing: the handler of the function ${bundle}`]),
    ...(schemas[bundle]?.schemas
      ? []
      : [
          `src/api/schemas/${bundle}.ts is missing, or does not export "schemas": what the calls of ${bundle} take and answer`,
        ]),
  ]);
  if (missing.length > 0) throw new Error(missing.join('\n'));
}
