// A test's title reads alone: every test stands in a `describe` that names its subject. Prints each one that does not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';
import { root } from './root.mjs';

const TESTS = ['it', 'test'];
const SUITES = ['describe', 'suite'];
/** Methods of `it` and `describe` that return a function like them. */
const CONFIGURE = ['each', 'for', 'skipIf', 'runIf', 'extend'];

const MODIFIERS = ['skip', 'only', 'todo', 'fails', 'concurrent', 'sequential', 'shuffle'];

const folders = process.argv.slice(2);
const found = (folders.length > 0 ? folders : [join(root, 'src'), join(root, 'test')]).flatMap(testFiles);
const broken = found.flatMap(problemsOf);
for (const line of broken) console.error(line);
if (found.length === 0) console.error('no tests found');
process.exit(broken.length > 0 || found.length === 0 ? 1 : 0);

function testFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join(folder, path));
}

function problemsOf(path) {
  const text = readFileSync(path, 'utf8');
  const problems = [];
  visit(parseAst(text, { lang: 'ts' }), false);
  return problems;

  function visit(node, hasSubject) {
    if (Array.isArray(node)) for (const one of node) visit(one, hasSubject);
    if (node === null || typeof node?.type !== 'string') return;
    const isCall = node.type === 'CallExpression' && !isConfigured(node);
    if (isCall && TESTS.includes(nameOf(node)) && !hasSubject)
      report(node, 'the test stands in no `describe` that names its subject');
    const isSuite = isCall && SUITES.includes(nameOf(node));
    if (isSuite && isEmpty(node.arguments[0])) report(node, 'the `describe` names no subject');
    for (const [key, child] of Object.entries(node)) if (key !== 'parent') visit(child, hasSubject || isSuite);
  }

  function report({ start }, problem) {
    problems.push(`${path}:${text.slice(0, start).split('\n').length}: ${problem}`);
  }
}

/** Returns `it` for `it(…)`, `it.skip(…)` and `it.each(…)(…)`. */
function nameOf({ callee }) {
  if (callee.type === 'CallExpression') return nameOf(callee);
  if (callee.type === 'TaggedTemplateExpression') return nameOf({ callee: callee.tag });
  if (callee.type === 'MemberExpression')
    return [...CONFIGURE, ...MODIFIERS].includes(callee.property.name) ? nameOf({ callee: callee.object }) : undefined;
  return callee.type === 'Identifier' ? callee.name : undefined;
}

/** `it.each(…)` alone is not a test: the call of what it returns is. */
function isConfigured({ callee }) {
  return callee.type === 'MemberExpression' && CONFIGURE.includes(callee.property.name);
}

function isEmpty(title) {
  return title === undefined || title.value === '' || title.quasis?.[0].value.cooked === '';
}
