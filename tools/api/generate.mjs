// `node tools/api/generate.mjs`: writes what derives from the table of calls and their schemas: src/api/bodies.ts, and docs/api.md between
// its markers. A test holds both.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.mjs';
import { docsPage } from './docs-page.mjs';
import { jsonSchemas } from './json-schemas.mjs';
import { loadApi } from './load-api.mjs';
import { printTypes } from './print-types.mjs';

/** Resolves with the texts of the files by their paths below the project's folder. */
export async function generated() {
  const api = await loadApi();
  const schemas = jsonSchemas(api);
  const page = readFileSync(join(root, 'docs', 'api.md'), 'utf8');
  return { 'src/api/bodies.ts': printTypes(schemas.components), 'docs/api.md': docsPage(page, api, schemas) };
}

if (process.argv[1] === import.meta.filename)
  for (const [path, text] of Object.entries(await generated())) writeFileSync(join(root, path), text);
