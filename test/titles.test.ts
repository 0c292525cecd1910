import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, temporaryFolder } from './run-local';

const TITLES = join(__dirname, '..', 'tools', 'titles.mjs');

/** Runs the check on a folder with one test file of this text. */
async function check(text: string): Promise<{ code: number | null; stderr: string }> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'deep'));
  writeFileSync(join(folder, 'deep', 'a.test.ts'), text);
  const { code, stderr } = await run(process.execPath, [TITLES, folder]);
  return { code, stderr: stderr.replaceAll(folder, '') };
}

describe('the check of titles', () => {
  it('takes tests in a describe that names their subject', async () => {
    expect(await check("describe('a link', () => {\n  it('opens', () => {});\n});\n")).toEqual({ code: 0, stderr: '' });
  });

  it.each([
    "it('opens', () => {});",
    "it.each([1])('opens %i', () => {});",
    "test('opens', () => {});",
    "for (const link of links) it('opens', () => {});",
    "if (isOpen) {it.skipIf(true)('opens', () => {});}",
    'links.forEach((link) => it(link, () => {}));',
  ])('reports %s outside a describe, with its line', async (line) => {
    const stderr = '/deep/a.test.ts:2: the test stands in no `describe` that names its subject\n';
    expect(await check(`// first\n${line}\n`)).toEqual({ code: 1, stderr });
  });

  it.each(["describe('', ", "describe.each([\n1])('', ", "describe(\n'',"])(
    'reports %j, which names nothing',
    async (start) => {
      const { code, stderr } = await check(`${start}() => {\n  it('opens', () => {});\n});\n`);
      expect([code, stderr]).toEqual([1, '/deep/a.test.ts:1: the `describe` names no subject\n']);
    },
  );

  it('reports a folder without tests', async () => {
    const { code, stderr } = await run(process.execPath, [TITLES, temporaryFolder()]);
    expect([code, stderr]).toEqual([1, 'no tests found\n']);
  });
});
