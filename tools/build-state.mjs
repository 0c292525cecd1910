// Knows what a build is made of and what it makes: whether dist/ is stale, and which of its files have lost their source.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './root.mjs';

const dist = join(root, 'dist');

/** What incremental builds keep; outside dist, so that it is not shipped. */
const state = join(root, 'node_modules', '.cache', 'edgepass');
const stamp = join(state, 'built');

/** Folders of dist that the compiler does not write. */
const NOT_COMPILED = /^(assembly|bundles|entries|web)(\/|$)/;
const IS_TEST = /\.test(\.fixture)?\.ts$/;

/** Returns true when dist is what today's sources make, with every file that the build left there. */
export function isBuilt() {
  if (!existsSync(stamp)) return false;
  const { inputs, outputs } = JSON.parse(readFileSync(stamp, 'utf8'));
  return inputs === digestOfInputs() && outputs.every((path) => existsSync(join(dist, path)));
}

/** @param {string} inputs The digest from before the build: what is saved while it runs is not built. */
export function markBuilt(inputs) {
  mkdirSync(state, { recursive: true });
  writeFileSync(stamp, JSON.stringify({ inputs, outputs: filesBelow(dist) }));
}

/** Removes the outputs whose source is gone, and the compiler's memory when it speaks of outputs that are gone. */
export function cleanOutputs() {
  rmSync(stamp, { force: true });
  if (missingOutputs().length > 0) rmSync(state, { recursive: true, force: true });
  const expected = new Set(expectedOutputs());
  for (const path of filesBelow(dist)) if (!NOT_COMPILED.test(path) && !expected.has(path)) rmSync(join(dist, path));
}

const missingOutputs = () => expectedOutputs().filter((path) => !existsSync(join(dist, path)));

/** Paths below dist of what the compiler makes of the sources, tests apart. */
const expectedOutputs = () =>
  sources()
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.slice(0, -'.ts'.length))
    .flatMap((name) => [`${name}.js`, `${name}.d.ts`]);

const sources = () => filesBelow(join(root, 'src')).filter((path) => !IS_TEST.test(path));

/** Returns the SHA-256 of everything that a build is made of. */
export function digestOfInputs() {
  const tools = filesBelow(join(root, 'tools')).filter((name) => /^(build[\w-]*|api\/[\w-]+)\.mjs$/.test(name));
  const inputs = [
    ...sources().map((path) => join(root, 'src', path)),
    ...tools.map((name) => join(root, 'tools', name)),
    ...['tsconfig.json', 'package.json', 'package-lock.json'].map((name) => join(root, name)),
  ];
  return digest(inputs);
}

/** Returns the SHA-256 of files' names and contents. */
export function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  return hash.digest('hex');
}

/** Returns the paths of a folder's files, relative to it and with forward slashes, in the order of their names. */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}
