// No source imports itself by way of others, not for a type either.

/** @returns {string[]} For each knot of sources that import each other, one shortest way around. */
export function checkCycles(sources) {
  const imports = new Map(sources.map((source) => [source.path, source.imports.flatMap(({ path }) => path ?? [])]));
  const reported = new Set();
  return [...imports.keys()].flatMap((start) => {
    if (reported.has(start)) return [];
    const cycle = shortestCycle(imports, start);
    if (!cycle) return [];
    for (const path of cycle) reported.add(path);
    return [`import cycle: ${[...cycle, start].join(' → ')}`];
  });
}

/** Breadth first: the first way back is a shortest one. */
function shortestCycle(imports, start) {
  const ways = [[start]];
  const seen = new Set();
  for (const way of ways) {
    for (const next of imports.get(way.at(-1)) ?? []) {
      if (next === start) return way;
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}
