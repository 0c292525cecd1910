/**
 * Whether a policy's `Resource` covers a URL. Sections are matched one by one, `protocol://domain/path\?query`: `*` stands for any
 * characters and `?` for one, never across a section's end. Source: CloudFront Developer Guide, "Create a signed URL using a
 * custom policy", `Resource`.
 *
 * The guide writes the question mark that begins the query as `\?` and also, in another sentence, as a plain `?`. A plain one is
 * read as that beginning when the URL has a query, and as a wildcard when it has none. Letters match case-sensitively
 * everywhere. [UNV] `http*://`, which older pages had, is taken.
 */
export function matchesResource(resource: string, url: string): boolean {
  if (resource === '*') return true;
  const requested = splitUrl(url);
  if (!requested) return false;
  const pattern = splitPattern(resource, requested.query !== undefined);
  if (!pattern) return false;
  return (
    matchesWildcard(pattern.protocol, requested.protocol) &&
    matchesWildcard(pattern.domain, requested.domain) &&
    matchesWildcard(pattern.path, requested.path) &&
    matchesQuery(pattern.query, requested.query)
  );
}

interface Sections {
  readonly protocol: string;
  readonly domain: string;
  /** With its leading slash. */
  readonly path: string;
  readonly query: string | undefined;
}

function splitUrl(url: string): Sections | undefined {
  const match = /^([a-z]+):\/\/([^/?]*)(\/[^?]*)(?:\?(.*))?$/s.exec(url);
  if (!match) return undefined;
  const [, protocol = '', domain = '', path = '', query] = match;
  return { protocol, domain, path, query };
}

const PROTOCOLS: ReadonlySet<string> = new Set(['http', 'https', '*', 'http*']);

function splitPattern(resource: string, hasQuery: boolean): Sections | undefined {
  const schemeEnd = resource.indexOf('://');
  if (schemeEnd < 0 && !resource.startsWith('*')) return undefined;
  const protocol = schemeEnd < 0 ? '*' : resource.slice(0, schemeEnd);
  if (!PROTOCOLS.has(protocol)) return undefined;
  const rest = schemeEnd < 0 ? resource : resource.slice(schemeEnd + 3);
  const slash = rest.indexOf('/');
  if (slash < 0) {
    return rest.endsWith('*')
      ? { protocol, domain: rest, path: '/*', query: '*' }
      : { protocol, domain: rest, path: '/', query: undefined };
  }
  const [path, query] = splitQuery(rest.slice(slash), hasQuery);
  return { protocol, domain: rest.slice(0, slash), path, query: query ?? (path.endsWith('*') ? '*' : undefined) };
}

function splitQuery(text: string, hasQuery: boolean): [path: string, query: string | undefined] {
  const escaped = text.indexOf('\\?');
  if (escaped >= 0) return [text.slice(0, escaped), text.slice(escaped + 2)];
  const plain = hasQuery ? text.indexOf('?') : -1;
  return plain < 0 ? [text, undefined] : [text.slice(0, plain), text.slice(plain + 1)];
}

/** `*` alone covers a URL without a query too: `hello*` is the same as `hello*\?*`. */
function matchesQuery(pattern: string | undefined, query: string | undefined): boolean {
  if (pattern === '*') return true;
  if (pattern === undefined || query === undefined) return pattern === query;
  return matchesWildcard(pattern, query);
}

/** `*` any characters, `?` one. Backtracks to the last `*` only, so its time is bounded by the product of the lengths. */
function matchesWildcard(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < text.length; ) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at;
      resume = index;
      at += 1;
    } else if (wanted === '?' || wanted === text[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      index = resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
