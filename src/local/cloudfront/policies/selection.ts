/**
 * Which of a viewer's query parameters, headers or cookies count: in the cache key, and toward the origin. Plain data; pure
 * functions.
 *
 * [D] CloudFront Developer Guide: the order and the case of query parameters matter, and `&` alone separates them ("Cache content
 * based on query string parameters"); the order of headers and the case of their names do not, the case of their values does
 * ("Cache content based on request headers"); the case of cookies matters, and CloudFront sorts them by name ("Cache content based
 * on cookies"); a cache policy that caches by cookies does not count those of signed cookies ("Use signed cookies"); what two
 * policies name together is the table in "Understand how origin request policies and cache policies work together".
 *
 * [UNV] Whether names are compared decoded (`%76` with `v`), and a query without its empty parts (`a&&b`): spelling decides here.
 * Two cookies of one name: both count, in the viewer's order. The order of sorted cookies: that of their bytes. Signed cookies
 * where no signature is asked for: they do not count either. Two block lists together: the table blocks what either names, against
 * the rule beside it that all that is in the key goes to the origin; the table is followed.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Properties } from '../../cloudformation/properties';

export type SelectionBehavior = 'none' | 'whitelist' | 'allExcept' | 'all';

export interface Selection {
  readonly behavior: SelectionBehavior;
  /** Sorted, each once; names of headers in lower case. Empty unless there is a list to keep. */
  readonly names: readonly string[];
}

export const NOTHING: Selection = { behavior: 'none', names: [] };
export const EVERYTHING: Selection = { behavior: 'all', names: [] };
export const only = (...names: readonly string[]): Selection => listed('whitelist', names);
export const allExcept = (...names: readonly string[]): Selection => listed('allExcept', names);

/** Reads a group such as `CookiesConfig`. A list without names, and names without a list, are refused, as CloudFront does. */
export function readSelection(
  config: Properties,
  fields: { readonly behavior: string; readonly names: string },
  allowed: readonly SelectionBehavior[],
): Selection {
  if (!config.has(fields.behavior)) config.refuse(fields.behavior, 'is missing');
  const behavior = config.oneOf(fields.behavior, allowed, 'none');
  const names = config.textList(fields.names);
  const takesNames = behavior === 'whitelist' || behavior === 'allExcept';
  if (names.includes('')) config.refuse(fields.names, 'has an empty name');
  if (takesNames && names.length === 0) config.refuse(fields.names, `has to have a name at least, with ${behavior}`);
  if (!takesNames && names.length > 0) config.refuse(fields.names, `has to be empty with ${behavior}`);
  return listed(behavior, names);
}

/** Names of headers, as they are compared. */
export const inLowerCase = ({ behavior, names }: Selection): Selection =>
  listed(
    behavior,
    names.map((name) => name.toLowerCase()),
  );

export function selects({ behavior, names }: Selection, name: string): boolean {
  if (behavior === 'whitelist') return names.includes(name);
  return behavior === 'all' || (behavior === 'allExcept' && !names.includes(name));
}

/** What the origin gets when a cache policy and an origin request policy each have a say. */
export function unionOf(cache: Selection, origin: Selection): Selection {
  if (cache.behavior === 'none' || origin.behavior === 'all') return origin;
  if (origin.behavior === 'none' || cache.behavior === 'all') return cache;
  if (cache.behavior === origin.behavior) return listed(cache.behavior, [...cache.names, ...origin.names]);
  const [allowed, blocked] = cache.behavior === 'whitelist' ? [cache, origin] : [origin, cache];
  return listed(
    'allExcept',
    blocked.names.filter((name) => !allowed.names.includes(name)),
  );
}

/** The selected parameters as the viewer spelled and ordered them. */
export function selectQuery(selection: Selection, rawQuery: string): string {
  if (rawQuery === '' || selection.behavior === 'none') return '';
  if (selection.behavior === 'all') return rawQuery;
  const selected = rawQuery.split('&').filter((pair) => pair !== '' && selects(selection, nameOf(pair)));
  return selected.join('&');
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

/** The selected headers that the viewer has sent, by name in lower case. Cookies are none of them. */
export function selectHeaders(selection: Selection, headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const { behavior, names } = selection;
  if (behavior === 'none') return NO_HEADERS;
  const candidates =
    behavior === 'whitelist' ? names.filter((name) => Object.hasOwn(headers, name)) : Object.keys(headers);
  const selected: [string, string][] = [];
  for (const name of candidates) {
    const value = headers[name];
    if (value === undefined || name === 'cookie' || !selects(selection, name)) continue;
    selected.push([name, typeof value === 'string' ? value : value.join(', ')]);
  }
  return Object.fromEntries(selected);
}

/** Source: CloudFront Developer Guide, "Use signed cookies". */
const SIGNED_COOKIES: readonly string[] = [
  'CloudFront-Expires',
  'CloudFront-Hash-Algorithm',
  'CloudFront-Key-Pair-Id',
  'CloudFront-Policy',
  'CloudFront-Signature',
];

/** The value of a `Cookie` header with the selected cookies alone, sorted by name. */
export function selectCookies(selection: Selection, cookieHeader: string | undefined): string {
  if (selection.behavior === 'none' || cookieHeader === undefined) return '';
  const selected = cookieHeader
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => {
      const name = nameOf(pair);
      return pair !== '' && !SIGNED_COOKIES.includes(name) && selects(selection, name);
    });
  return selected.sort((left, right) => compare(nameOf(left), nameOf(right))).join('; ');
}

const listed = (behavior: SelectionBehavior, names: readonly string[]): Selection => ({
  behavior,
  names: [...new Set(names)].sort(),
});

function nameOf(pair: string): string {
  const mark = pair.indexOf('=');
  return mark < 0 ? pair : pair.slice(0, mark);
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
