// What ARCHITECTURE.md says of folders holds: arrows between rooms and inside them, no import cycles, folders that can be taken in.
// `node tools/boundaries.mjs [FOLDER]` checks src, or another folder by the same tables.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ARROWS, BROWSER, EXCEPTIONS, PACKAGES } from './boundaries/arrows.mjs';
import { checkArrows } from './boundaries/check-arrows.mjs';
import { checkCycles } from './boundaries/check-cycles.mjs';
import { checkFolders } from './boundaries/check-folders.mjs';
import { readSources } from './boundaries/read-sources.mjs';

const [folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src')] = process.argv.slice(2);
const sources = readSources(folder);
const problems = [
  ...checkArrows(sources, { arrows: ARROWS, packages: PACKAGES, browser: BROWSER }),
  ...checkCycles(sources),
  ...checkFolders(sources, EXCEPTIONS),
  ...(sources.length === 0 ? [`no sources found in ${folder}`] : []),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
