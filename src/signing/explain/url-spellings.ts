import { encodeCharacters } from '../../object-key/encode-object-key';

/** Another spelling of a URL, and what sets it apart. */
export interface UrlSpelling {
  readonly url: string;
  /** Follows the word "with". */
  readonly difference: string;
}

type Rewrite =
  | readonly [difference: string, rewrite: (url: string) => string]
  | readonly [difference: string, pattern: RegExp, replacement: string];

/** What signers, HTTP clients, frameworks and people do to a URL. Each was the cause of a reported 403. */
const REWRITES: readonly Rewrite[] = [
  ['https for http', /^http:/, 'https:'],
  ['http for https', /^https:/, 'http:'],
  ['no query', (url) => before(url, '?')],
  ['spaces as "+"', /%20/g, '+'],
  ['spaces as "%20"', /\+/g, '%20'],
  ['pluses as "%2B"', /\+/g, '%2B'],
  ['pluses as "+"', /%2B/gi, '+'],
  ['apostrophes as "\'"', /%27/g, "'"],
  ['apostrophes as "%27"', /'/g, '%27'],
  ['hex digits in upper case', (url) => onHex(url, (hex) => hex.toUpperCase())],
  ['hex digits in lower case', (url) => onHex(url, (hex) => hex.toLowerCase())],
  ['no slash at the end', (url) => onPath(url, (path) => path.replace(/\/$/, ''))],
  ['a slash at the end', (url) => onPath(url, (path) => `${path}/`)],
  ['index.html at the end', (url) => onPath(url, (path) => path.replace(/\/?$/, '/index.html'))],
  ['no percent-encoding in the path', (url) => onPath(url, decode)],
  ['no percent-encoding', decode],
  ['a path as encodeURI writes it', (url) => onSegments(url, encodeURI)],
  ['a path as encodeURIComponent writes it', (url) => onSegments(url, encodeURIComponent)],
  ['all reserved characters encoded', (url) => onSegments(url, encodeCharacters)],
  ['Unicode NFC', (url) => onSegments(url, (text) => encodeURIComponent(text.normalize()))],
  ['Unicode NFD', (url) => onSegments(url, (text) => encodeURIComponent(text.normalize('NFD')))],
  ['percent-encoding done twice', /%/g, '%25'],
  ['percent-encoding done once less', /%25/g, '%'],
  ['no "//", "." or ".." in the path', (url) => onPath(url, withoutDots)],
  ['"name=" for a parameter without value', (url) => onQuery(url, (pair) => (pair.includes('=') ? pair : `${pair}=`))],
  ['"name" for a parameter without value', (url) => onQuery(url, (pair) => pair.replace(/=$/, ''))],
  ['"&amp;", as in HTML, for "&"', /&/g, '&amp;'],
  ['"&" for "&amp;"', /&amp;/g, '&'],
  ['the host in lower case', (url) => onHost(url, (host) => host.toLowerCase())],
  ['no port', /:\d+(?=\/)/, ''],
];

/** Other spellings of a URL: one change first, then two together. Bounded: a few hundred. */
export function* spellings(url: string): Generator<UrlSpelling> {
  const seen = new Set([url]);
  const single: UrlSpelling[] = [];
  for (const spelling of rewrite(url, [...REWRITES, ...withoutEach(url), ...asFolders(url)], seen)) {
    single.push(spelling);
    yield spelling;
  }
  for (const first of single) {
    for (const second of rewrite(first.url, REWRITES, seen)) {
      yield { url: second.url, difference: `${first.difference}, and ${second.difference}` };
    }
  }
}

function* rewrite(url: string, rewrites: readonly Rewrite[], seen: Set<string>): Generator<UrlSpelling> {
  for (const [difference, change, replacement = ''] of rewrites) {
    const changed = change instanceof RegExp ? url.replace(change, replacement) : change(url);
    if (seen.has(changed)) continue;
    seen.add(changed);
    yield { url: changed, difference };
  }
}

/** Trackers and clients add a parameter here and there. */
function withoutEach(url: string): Rewrite[] {
  const pairs = after(url, '?').split('&').slice(0, 20);
  return pairs.map((pair) => [
    `no parameter ${before(pair, '=')}`,
    () => [before(url, '?'), pairs.filter((other) => other !== pair).join('&')].filter(Boolean).join('?'),
  ]);
}

/** A canned policy for a wildcard opens nothing, but people sign it. */
function asFolders(url: string): Rewrite[] {
  const [origin, path] = cut(before(url, '?'));
  const segments = path.split('/').slice(1);
  return segments.map((_, depth) => [
    'a wildcard, which a canned policy takes literally',
    () => `${[origin, ...segments.slice(0, depth)].join('/')}/*`,
  ]);
}

function cut(url: string): [origin: string, rest: string] {
  const slash = url.indexOf('/', url.indexOf('://') + 3);
  return slash < 0 ? [url, ''] : [url.slice(0, slash), url.slice(slash)];
}

function onHost(url: string, change: (host: string) => string): string {
  const [origin, rest] = cut(url);
  return change(origin) + rest;
}

function onPath(url: string, change: (path: string) => string): string {
  const [origin, rest] = cut(url);
  const path = before(rest, '?');
  return origin + change(path) + rest.slice(path.length);
}

function onQuery(url: string, change: (pair: string) => string): string {
  return url.includes('?') ? `${before(url, '?')}?${after(url, '?').split('&').map(change).join('&')}` : url;
}

const onHex = (url: string, change: (hex: string) => string): string => url.replaceAll(/%[0-9a-f]{2}/gi, change);

/** Each segment of the path, decoded and encoded again. */
const onSegments = (url: string, encode: (text: string) => string): string =>
  onPath(url, (path) =>
    path
      .split('/')
      .map((segment) => encode(decode(segment)))
      .join('/'),
  );

function withoutDots(path: string): string {
  const single = path.replaceAll(/\/+/g, '/');
  return URL.canParse(single, 'http://a') ? new URL(single, 'http://a').pathname : single;
}

const before = (text: string, mark: string): string => text.split(mark, 1)[0] ?? '';
const after = (text: string, mark: string): string => (text.includes(mark) ? text.slice(text.indexOf(mark) + 1) : '');

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
