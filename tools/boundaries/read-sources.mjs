// The sources below a folder, without tests, and what each of them imports.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';

/**
 * @typedef {object} Source
 * @property {string} path Below the folder, with slashes.
 * @property {string} text
 * @property {{ specifier: string, path?: string }[]} imports Types too. `path` is the source that the specifier means.
 */

/** @returns {Source[]} */
export function readSources(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith('.ts') && !/\.test(\.fixture)?\.ts$/.test(path))
    .map((path) => {
      const text = readFileSync(join(folder, path), 'utf8');
      const imports = specifiersOf(text).map((specifier) => ({ specifier, path: resolve(folder, path, specifier) }));
      return { path: path.split(sep).join('/'), text, imports };
    })
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

function specifiersOf(text) {
  const imports =
    /\bfrom\s+(['"])([^'"\n]+)\1|^import\s+(['"])([^'"\n]+)\3|\b(?:import|require|require\.resolve)\(\s*(?:\/\*.*?\*\/\s*)?(['"`])([^'"`\n]+)\5/gms;
  return [...text.matchAll(imports)].map(([, , from, , bare, , called]) => from ?? bare ?? called);
}

function resolve(folder, path, specifier) {
  if (!specifier.startsWith('.')) return undefined;
  const target = join(folder, dirname(path), specifier);
  const found = [`${target}.ts`, join(target, 'index.ts')].find(existsSync) ?? target;
  return posix.normalize(relative(folder, found).split(sep).join('/'));
}
