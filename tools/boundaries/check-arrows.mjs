// Sources import only what the arrows allow: of the sources, of packages, and of what a browser has.
import { ALL } from './arrows.mjs';

/** @returns {string[]} A line for each import that no arrow allows. */
export function checkArrows(sources, { arrows, packages, browser }) {
  return sources.flatMap((source) => [
    ...source.imports.flatMap(({ specifier, path }) => {
      const problem = path === undefined ? checkPackage(source, specifier) : checkArrow(source.path, path);
      return problem === undefined ? [] : [`${source.path} imports ${specifier}: ${problem}`];
    }),
    ...checkBrowser(source),
  ]);

  /** The arrow between two sources is between the folders, or files, in which their paths part. */
  function checkArrow(from, to) {
    const [start, end] = [from.split('/'), to.split('/')];
    const depth = start.findIndex((name, at) => name !== end[at]);
    if (depth < 0) return undefined;
    const folder = start.slice(0, depth).join('/');
    const table = arrows[folder];
    const isFlat = start.length === depth + 1 && end.length === depth + 1;
    if (!table) return isFlat ? undefined : `the folder ${folder} has no arrows`;
    const [one, other] = [start, end].map((path) => lineOf(table, path[depth]));
    if (one === '.' && other === '.' && isFlat) return undefined;
    const [here, there] = [start, end].map((path) => [...path.slice(0, depth), nameOf(path[depth])].join('/'));
    if (!(one in table)) return `${here} has no line in the arrows of ${folder || 'src'}`;
    return table[one] === ALL || table[one].includes(other) ? undefined : `no arrow from ${here} to ${there}`;
  }

  function checkPackage({ path }, specifier) {
    const [room] = path.split('/');
    if (specifier.startsWith('node:'))
      return browser.includes(room) ? `${room} runs in browsers, which have no modules of Node.js` : undefined;
    const name = specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
    const allowed = packages[room] ?? [];
    return allowed.includes(name) ? undefined : `${room} may import ${allowed.join(', ') || 'none'} of all packages`;
  }

  function checkBrowser({ path, text }) {
    if (!browser.includes(path.split('/')[0])) return [];
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');
    return [...new Set(code.match(/\b(?:Buffer|__dirname)\b|\bprocess(?=\.)/g))].map(
      (name) => `${path} uses ${name}, which browsers do not have`,
    );
  }
}

const nameOf = (part) => part.replace(/\.ts$/, '');
/** A file without a line of its own is one of `.`; a folder needs one. */
const lineOf = (table, part) => (part.endsWith('.ts') && !(nameOf(part) in table) ? '.' : nameOf(part));
