/** tools/build-state.mjs, run over a small project of its own. */
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './run-local';

interface BuildState {
  isBuilt(): boolean;
  markBuilt(inputs: string): void;
  cleanOutputs(): void;
  digestOfInputs(): string;
}

/** A project with one source that is built. */
async function project(): Promise<{
  state: BuildState;
  write(path: string): void;
  remove(path: string): void;
  has(path: string): boolean;
}> {
  const folder = temporaryFolder();
  const write = (path: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), '{}');
  };
  for (const name of ['root.mjs', 'build-state.mjs'])
    cpSync(join(__dirname, '..', 'tools', name), join(folder, 'tools', name));
  for (const path of ['tsconfig.json', 'package.json', 'package-lock.json', 'src/a.ts', 'src/b.ts', 'src/a.test.ts'])
    write(path);
  const outputs = [
    'a.js',
    'a.d.ts',
    'b.js',
    'b.d.ts',
    'bundles/f/index.js',
    'entries/local.js',
    'assembly/manifest.json',
  ];
  for (const path of outputs) write(`dist/${path}`);
  const state = (await import(pathToFileURL(join(folder, 'tools', 'build-state.mjs')).href)) as BuildState;
  state.markBuilt(state.digestOfInputs());
  return {
    state,
    write: (path) => writeFileSync(join(folder, path), '{ "changed": true }'),
    remove: (path) => rmSync(join(folder, path), { recursive: true }),
    has: (path) => existsSync(join(folder, path)),
  };
}

describe('the state of the build', () => {
  it.each(['src/a.ts', 'src/new.ts', 'tsconfig.json', 'package-lock.json'])(
    'is stale after a change of %s',
    async (path) => {
      const { state, write } = await project();
      expect(state.isBuilt()).toBe(true);
      write(path);
      expect(state.isBuilt()).toBe(false);
    },
  );

  it('does not count tests', async () => {
    const { state, write } = await project();
    write('src/a.test.ts');
    expect(state.isBuilt()).toBe(true);
  });

  it.each(['a.js', 'b.d.ts', 'bundles', 'entries/local.js', 'assembly/manifest.json'])(
    'is stale without dist/%s',
    async (path) => {
      const { state, remove } = await project();
      remove(`dist/${path}`);
      expect(state.isBuilt()).toBe(false);
    },
  );

  it('stays stale when a source is saved while the build runs', async () => {
    const { state, write } = await project();
    const inputs = state.digestOfInputs();
    write('src/a.ts');
    state.markBuilt(inputs);
    expect(state.isBuilt()).toBe(false);
  });

  it('loses only the outputs whose source is gone', async () => {
    const { state, remove, has } = await project();
    remove('src/b.ts');
    state.cleanOutputs();
    expect(['b.js', 'b.d.ts', 'a.js', 'bundles/f/index.js'].map((path) => has(`dist/${path}`))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(state.isBuilt()).toBe(false);
  });
});
