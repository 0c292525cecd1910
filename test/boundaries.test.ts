/** tools/boundaries.mjs, run over small trees that break one of its rules. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = join(__dirname, '..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boundaries-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The lines that the script prints about a tree of these sources. */
function problemsOf(sources: Readonly<Record<string, string>>): string[] {
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'tools', 'boundaries.mjs'), folder], {
    encoding: 'utf8',
  });
  const lines = stderr.split('\n').filter(Boolean);
  expect(status).toBe(lines.length === 0 ? 0 : 1);
  return lines;
}

const named = (name: string): string => `export const ${name} = 1;\n`;

describe('the arrows', () => {
  it('allow what they name, and imports inside a folder', () => {
    expect(
      problemsOf({
        'signing/index.ts': "export { a } from './key/a';\n",
        'signing/key/a.ts': "import { b } from './b';\nexport const a = b;\n",
        'signing/key/b.ts': "export { E as b } from '../errors';\n",
        'signing/errors.ts': named('E'),
        'functions/aws/c.ts': "import { createHash } from 'node:crypto';\nimport 'aws4';\nimport '../../signing';\n",
      }),
    ).toEqual([]);
  });

  it.each<[what: string, path: string, specifier: string, problem: string]>([
    ['a room', 'signing/index.ts', '../api/routes', 'no arrow from signing to api'],
    ['a folder of a room', 'functions/aws/s3.ts', '../keys/rotation', 'no arrow from functions/aws to functions/keys'],
    ['a file above', 'signing/key/a.ts', '../index', 'no arrow from signing/key to signing/index'],
    [
      'a folder of a folder',
      'local/s3/store/blobs.ts',
      '../body/chunks',
      'no arrow from local/s3/store to local/s3/body',
    ],
    ['another service', 'local/s3/s3.ts', '../lambda/lambda', 'no arrow from local/s3 to local/lambda'],
    [
      'a folder that has no line',
      'signing/other/a.ts',
      '../errors',
      'signing/other has no line in the arrows of signing',
    ],
    ['a room that has no line', 'other/a.ts', '../api/routes', 'other has no line in the arrows of src'],
    ['sub-folders without arrows', 'client/one/a.ts', '../two/b', 'the folder client has no arrows'],
    ['a package', 'signing/errors.ts', 'valibot', 'signing may import none of all packages'],
    [
      'Node.js in a browser',
      'object-key/a.ts',
      'node:path',
      'object-key runs in browsers, which have no modules of Node.js',
    ],
  ])('refuse an import of %s', (_what, path, specifier, problem) => {
    expect(problemsOf({ [path]: `import '${specifier}';\n` })).toEqual([`${path} imports ${specifier}: ${problem}`]);
  });

  it('count types, what is handed on, and imports at run time', () => {
    const lines = ["import type { A } from '../api/a';", "export { b } from '../api/b';", "void import('../api/c');"];
    expect(problemsOf({ 'signing/errors.ts': lines.join('\n') })).toHaveLength(lines.length);
  });

  it('refuse a global of Node.js where browsers run the code, and not the word in a comment', () => {
    const text = '/** No `Buffer`. */\n// no Buffer\nexport const a = Buffer.from("");\n';
    expect(problemsOf({ 'client/a.ts': text })).toEqual(['client/a.ts uses Buffer, which browsers do not have']);
  });

  it('leave tests alone', () => {
    expect(
      problemsOf({
        'signing/errors.ts': named('E'),
        'signing/errors.test.ts': "import '../cli/main';\n",
        'signing/errors.test.fixture.ts': "import '../cli/main';\n",
      }),
    ).toEqual([]);
  });
});

describe('import cycles', () => {
  it('are refused, types included', () => {
    expect(
      problemsOf({
        'api/a.ts': "import type { B } from './b';\nexport type A = B;\n",
        'api/b.ts': "import type { C } from './c';\nexport type B = C;\n",
        'api/c.ts': "import type { A } from './a';\nexport type C = A;\n",
        'api/d.ts': "import type { A } from './a';\nexport type D = A;\n",
      }),
    ).toEqual(['import cycle: api/a.ts → api/b.ts → api/c.ts → api/a.ts']);
  });
});

describe('a folder', () => {
  const files = (count: number, at: string): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`${at}/file-${n}.ts`, named(`name${n}`)]));

  it('has at most 20 files, without its tests', () => {
    expect(problemsOf({ ...files(20, 'api'), 'api/file-0.test.ts': '' })).toEqual([]);
    expect(problemsOf(files(21, 'api'))).toEqual(['api has 21 files; with more than 20 it is more than one idea']);
  });

  it('may have more, and plurals, where a reason is written', () => {
    const both = { 'local/s3/operations/delete-object.ts': '', 'local/s3/operations/delete-objects.ts': '' };
    expect(problemsOf({ ...files(21, 'local/s3/operations'), ...both })).toEqual([]);
  });

  it.each([
    ['edge', 'edges'],
    ['edge-process', 'edge-processes'],
    ['key-policy', 'keys-policies'],
  ])('has no two files that differ by a plural: %s and %s', (one, other) => {
    expect(problemsOf({ [`api/${one}.ts`]: '', [`api/${other}.ts`]: '' })).toEqual([
      `api/${one}.ts and api/${other}.ts differ by a plural only`,
    ]);
  });

  it('exports a name once, but for the handlers', () => {
    const sources = (at: string) => ({
      [`${at}/a.ts`]: 'export async function handler(): Promise<void> {}\n',
      [`${at}/b.ts`]: 'export const handler = 1;\n',
      [`${at}/index.ts`]: "export { handler } from './a';\n",
    });
    expect(problemsOf(sources('functions/handlers'))).toEqual([]);
    expect(problemsOf(sources('functions/http'))).toEqual([
      'functions/http/a.ts and functions/http/b.ts both export handler',
    ]);
  });
});

describe('the arrows of the sources', () => {
  it('a tree without sources is refused', () => {
    expect(problemsOf({})).toEqual([`no sources found in ${folder}`]);
  });
});

describe('an import', () => {
  it.each([
    ["export * from\n  '../index';"],
    ['import { a } from "../index";'],
    ["export const a = import(/* lazily */ '../index');"],
    ['export const a = import(`../index`);'],
    ["import '../index';"],
  ])('is seen as %s', (text) => {
    expect(problemsOf({ 'signing/index.ts': named('a'), 'signing/key/b.ts': `${text}\n` })).toEqual([
      'signing/key/b.ts imports ../index: no arrow from signing/key to signing/index',
    ]);
  });
});

describe('the tables', () => {
  it('have no line for what is not there', async () => {
    const tables = (await import('../tools/boundaries/arrows.mjs' as string)) as {
      readonly ARROWS: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
      readonly EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>>;
    };
    const named = Object.entries(tables.ARROWS).flatMap(([at, lines]) =>
      Object.entries(lines).flatMap(([name, allowed]) =>
        [name, ...(allowed === '*' ? [] : allowed)].map((one) => join(at, one)),
      ),
    );
    const excepted = Object.values(tables.EXCEPTIONS).flatMap((rows) => Object.keys(rows));
    const isThere = (path: string): boolean => [path, `${path}.ts`].some((one) => existsSync(join(ROOT, 'src', one)));
    expect([...new Set([...named, ...excepted])].filter((path) => !isThere(path))).toEqual([]);
  });
});
