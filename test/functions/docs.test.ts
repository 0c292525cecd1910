import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GenericSchema, is } from 'valibot';
import { describe, expect, it } from 'vitest';
import { CALLS, type Call, FUNCTIONS } from '../../src/api/calls';
import type { CallSchemas } from '../../src/api/schemas/call-schemas';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'api.md'), 'utf8');

const heading = ({ method, path }: Call): string => `${method} ${path.slice(1).replace('+}', '}')}`;
const section = (call: Call): string =>
  page.split(/^##+ /m).find((part) => part.startsWith(`${heading(call)}\n`)) ?? '';

describe('what derives from the table of calls', () => {
  it.each(['src/api/bodies.ts', 'docs/api.md'])(
    '%s is as the table has it; `node tools/api/generate.mjs` writes it',
    async (path) => {
      const { generated } = (await import('../../tools/api/generate.mjs' as string)) as {
        generated(): Promise<Readonly<Record<string, string>>>;
      };
      const texts = await generated();
      expect(readFileSync(join(root, path), 'utf8')).toBe(texts[path]);
    },
  );
});

describe('docs/api.md', async () => {
  const schemas = new Map<string, CallSchemas>();
  for (const { bundle } of FUNCTIONS) {
    const module = (await import(`../../src/api/schemas/${bundle}.ts`)) as { schemas: Record<string, CallSchemas> };
    for (const [id, of] of Object.entries(module.schemas)) schemas.set(id, of);
  }

  it.each(CALLS.map((call) => [heading(call), call] as const))('has a section about %s', (_title, call) => {
    expect(section(call).length).toBeGreaterThan(heading(call).length + 1);
    const { query, body } = schemas.get(call.operationId) ?? {};
    if (query ?? body) expect(section(call)).toContain(`<!-- ${call.operationId} -->`);
  });

  const withJson = CALLS.map((call) => [heading(call), call, schemas.get(call.operationId) ?? {}] as const).filter(
    ([, , { body, response }]) => body ?? response,
  );
  it.each(withJson)('has examples of %s that are right', (_title, call, { body, response }) => {
    const examples = [...section(call).matchAll(/^```json\n(.*?)^```/gms)].map(([, json = '']) => JSON.parse(json));
    const isOne = (schema: GenericSchema | undefined) => (example: unknown) =>
      schema !== undefined && is(schema, example);
    expect(examples.filter((example) => !isOne(body)(example) && !isOne(response)(example))).toEqual([]);
    for (const schema of [body, response]) if (schema) expect(examples.some(isOne(schema))).toBe(true);
  });
});
