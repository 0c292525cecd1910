// A folder can be taken in: not too many files, and no two names in it that are taken for each other.
import { posix } from 'node:path';

const MOST_FILES = 20;

/** @returns {string[]} A line for each folder with too many files, and for each pair of names that differ by a plural or not at all. */
export function checkFolders(sources, { mostFiles, plurals, exportNames }) {
  const folders = new Map();
  for (const source of sources) {
    const folder = posix.dirname(source.path);
    folders.set(folder, [...(folders.get(folder) ?? []), source]);
  }
  return [...folders].flatMap(([folder, members]) => [
    ...(members.length > MOST_FILES && !(folder in mostFiles)
      ? [`${folder} has ${members.length} files; with more than ${MOST_FILES} it is more than one idea`]
      : []),
    ...(folder in plurals ? [] : pairsOf(members, ({ path }) => [singular(posix.basename(path, '.ts'))])).map(
      ([, one, other]) => `${one} and ${other} differ by a plural only`,
    ),
    ...(folder in exportNames ? [] : pairsOf(members, exportsOf)).map(
      ([name, one, other]) => `${one} and ${other} both export ${name}`,
    ),
  ]);
}

/** The members that have a name in common, with the name. */
function pairsOf(members, namesOf) {
  const owners = new Map();
  return members.flatMap((member) =>
    [...new Set(namesOf(member))].flatMap((name) => {
      const owner = owners.get(name);
      if (owner === undefined) owners.set(name, member.path);
      return owner === undefined ? [] : [[name, owner, member.path]];
    }),
  );
}

/** Every word of a name without its plural. */
const singular = (name) =>
  name
    .split('-')
    .map((word) =>
      word
        .replace(/ies$/, 'y')
        .replace(/(?<=s|x|z|ch|sh)es$/, '')
        .replace(/(?<=[^s])s$/, ''),
    )
    .join('-');

/** What a source declares for others; what it hands on from another source is that one's. */
function exportsOf({ text }) {
  const declared =
    /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|interface|type|enum|const|let) (\w+)/gm;
  return [...text.matchAll(declared)].map(([, name]) => name);
}
