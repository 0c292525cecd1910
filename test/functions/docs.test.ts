import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GenericSchema, is } from 'valibot';
import { describe, expect, it } from 'vitest';
import { OPERATIONS, type Operation } from '../../src/api/operations';
import { PROBLEMS } from '../../src/api/problems';
import { ROUTES, type Route } from '../../src/api/routes';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'api.md'), 'utf8');

const heading = ({ method, path }: Route): string => `${method} ${path.slice(1).replace('+}', '}')}`;
const section = (route: Route): string =>
  page.split(/^##+ /m).find((part) => part.startsWith(`${heading(route)}\n`)) ?? '';
const rowNames = (text: string): string[] => [...text.matchAll(/^\| `(\w+)` /gm)].map(([, name = '']) => name);
const fieldsOf = (schema: GenericSchema | undefined): string[] =>
  Object.keys((schema as { entries?: object } | undefined)?.entries ?? {});

describe('docs/api.md', () => {
  it('lists every code with its status, and no other', () => {
    const listed = [...page.matchAll(/^\| (\d{3}) +\| `(ERR_\w+)`/gm)].map(([, status, code]) => `${status} ${code}`);
    expect(listed.sort()).toEqual(
      Object.entries(PROBLEMS)
        .map(([code, { status }]) => `${status} ${code}`)
        .sort(),
    );
  });

  it.each(ROUTES.map((route) => [heading(route), route] as const))('has a section about %s', (_title, route) => {
    expect(section(route).length).toBeGreaterThan(heading(route).length + 1);
  });

  const described = OPERATIONS.filter(({ body, query }) => body ?? query);
  it.each(described.map((one) => [heading(one), one] as const))('has a row for each field of %s', (_title, one) => {
    expect(rowNames(section(one)).sort()).toEqual([...fieldsOf(one.body), ...fieldsOf(one.query)].sort());
  });

  const withJson = OPERATIONS.filter(({ body, response: answer }) => body ?? answer);
  it.each(withJson.map((one) => [heading(one), one] as const))('has examples of %s that are right', (_title, one) => {
    const examples = [...section(one).matchAll(/^```json\n(.*?)^```/gms)].map(([, json = '']) => JSON.parse(json));
    const isOne = (schema: Operation['body']) => (example: unknown) => schema !== undefined && is(schema, example);
    expect(examples.filter((example) => !isOne(one.body)(example) && !isOne(one.response)(example))).toEqual([]);
    for (const schema of [one.body, one.response]) if (schema) expect(examples.some(isOne(schema))).toBe(true);
  });
});
