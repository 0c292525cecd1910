/** AWS's `*` (any characters) and `?` (one character); everything else stands for itself. */
export function matchesWildcard(pattern: string, value: string): boolean {
  // Greedy match with one point to return to: linear for what policies look like, never exponential.
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let v = 0; v < value.length; ) {
    if (pattern[p] === '*') {
      star = p++;
      resume = v;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === value[v])) {
      p++;
      v++;
    } else if (star >= 0) {
      p = star + 1;
      v = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
