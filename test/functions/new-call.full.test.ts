/**
 * ARCHITECTURE.md, "To add an API call": `GET /whoami` with a function of its own, added place by place to a copy of the sources. At each step
 * the compiler or a tool names the place that is missing.
 */
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, temporaryFolder } from '../run-local';

const ROOT = join(__dirname, '..', '..');
const copy = join(temporaryFolder(afterAll), 'copy');
const COPIED = ['docs/api.md', 'package.json', 'src', 'tools', 'tsconfig.json'];

beforeAll(() => {
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});

const write = (path: string, text: string): void => writeFileSync(join(copy, path), text);
function change(path: string, changes: Readonly<Record<string, string>>): void {
  let text = readFileSync(join(copy, path), 'utf8');
  for (const [before, after] of Object.entries(changes)) {
    expect(text).toContain(before);
    text = text.replace(before, after);
  }
  write(path, text);
}

/** What a command prints about the copy; empty when it finds nothing wrong. */
async function findings(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(process.execPath, args, process.env, copy);
  return code === 0 ? '' : `${stdout}${stderr}`;
}
const compile = (): Promise<string> =>
  findings('node_modules/typescript/bin/tsc', '-p', '.', '--noEmit', '--incremental', 'false');
const generate = (): Promise<string> => findings('tools/api/generate.mjs');

describe('a new call', () => {
  it('names each place of a new call that is missing', async () => {
    expect(await compile()).toBe('');

    // 1: the row
    write(
      'src/api/calls/whoami.ts',
      `import type { FunctionRow } from './function-row';

export const whoami: FunctionRow<'whoami'> = {
  bundle: 'whoami',
  id: 'Identifier',
  description: 'GET /whoami: tells who calls',
  environment: [],
  permissions: [],
  calls: {
    whoami: { method: 'GET', path: '/whoami', summary: 'Tells who calls, and which scopes the caller has.', status: 200, problems: [] },
  },
};
`,
    );
    // 2: the table
    change('src/api/calls/index.ts', {
      'import { upload }': "import { whoami } from './whoami';\nimport { upload }",
      '  | typeof describe;': '  | typeof describe\n  | typeof whoami;',
      'explain, describe]': 'explain, describe, whoami]',
    });
    expect(await compile()).toMatch(/client\.ts.*Property 'whoami' is missing/s);
    const missing = await generate();
    expect(missing).toContain('src/functions/handlers/whoami.ts is missing');
    expect(missing).toContain('src/api/schemas/whoami.ts is missing');

    // 3: the schemas, from which the types are written
    write(
      'src/api/schemas/whoami.ts',
      `import * as v from 'valibot';
import type { WhoAmI } from '../bodies';
import type { whoami } from '../calls/whoami';
import type { FunctionSchemas } from './call-schemas';

export const whoAmI: v.GenericSchema<WhoAmI> = v.strictObject({ who: v.string(), scopes: v.array(v.string()) });

export const schemas: FunctionSchemas<typeof whoami> = { whoami: { response: whoAmI } };
`,
    );
    expect(await compile()).toContain("has no exported member 'WhoAmI'");

    // 4: the handler
    const handler = (handlers: string) => `import type { WhoAmI } from '../../api/bodies';
import { whoami as row } from '../../api/calls/whoami';
import { printScope } from '../../api/scopes';
import { type ApiHandler, createApiHandler, jsonResponse } from '../http/api-handler';
import { callerOf } from '../http/caller';

export const whoami: ApiHandler = async (event) => {
  const { who, scopes } = callerOf(event);
  return jsonResponse(200, { who, scopes: scopes.map(printScope) } satisfies WhoAmI);
};

export const handler: ApiHandler = createApiHandler(row, ${handlers});
`;
    write('src/functions/handlers/whoami.ts', handler('{}'));
    expect(await generate()).toBe('');
    expect(await compile()).toMatch(/handlers\/whoami\.ts.*Property 'whoami' is missing/s);
    write('src/functions/handlers/whoami.ts', handler('{ whoami }'));

    // 5: the client
    change('src/client/client.ts', {
      '  health(): Promise<Health>;': '  health(): Promise<Health>;\n  whoami(): Promise<WhoAmI>;',
      "  health: 'health',": "  health: 'health',\n  whoami: 'whoami',",
      '  SignUrlsBody,': '  SignUrlsBody,\n  WhoAmI,',
    });
    expect(await compile()).toMatch(/client\.ts.*Property 'whoami' is missing/s);
    change('src/client/client.ts', {
      "health: () => get('health'),": "health: () => get('health'),\n    whoami: () => get('whoami'),",
    });
    expect(await compile()).toBe('');
    expect(readFileSync(join(copy, 'docs', 'api.md'), 'utf8')).toContain('## GET whoami');
    expect(readFileSync(join(copy, 'src', 'api', 'bodies.ts'), 'utf8')).toContain('export interface WhoAmI {');

    // 6, test/permissions/specification.ts, is missing in test/permissions/grants.test.ts, which needs the whole build.
  });
});
