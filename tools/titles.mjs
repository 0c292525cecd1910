// A test's title reads alone: every test stands in a `describe` that names its subject. Prints each one that does not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** A statement of the file itself is not indented: the formatter sees to that. */
const TOP_LEVEL_TEST = /^(?:it|test)\b/;
const EMPTY_SUBJECT = /^\s*describe(?:\.\w+(?:\(.*\))?)*\((?:''|""|``)/;

const folders = process.argv.slice(2);
const found = (folders.length > 0 ? folders : [join(root, 'src'), join(root, 'test')]).flatMap(testFiles);
const broken = found.flatMap((path) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, at) => problemOf(line).map((problem) => `${path}:${at + 1}: ${problem}`)),
);
for (const line of broken) console.error(line);
if (found.length === 0) console.error('no tests found');
process.exit(broken.length > 0 || found.length === 0 ? 1 : 0);

function problemOf(line) {
  if (TOP_LEVEL_TEST.test(line)) return ['the test stands in no `describe` that names its subject'];
  return EMPTY_SUBJECT.test(line) ? ['the `describe` names no subject'] : [];
}

function testFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join(folder, path));
}
