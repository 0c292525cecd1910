import type { IncomingHttpHeaders } from 'node:http';
import type { Properties } from '../cloudformation/properties';

/** Which of a viewer's parameters, headers or cookies a policy takes. Plain data. */
export interface Selection {
  readonly behavior: 'none' | 'whitelist' | 'allExcept' | 'all';
  /** Header names in lower case; the names of parameters and cookies are case-sensitive. */
  readonly names: readonly string[];
}

/** What a cache policy and an origin request policy have in common. */
export interface Selections {
  readonly queryStrings: Selection;
  readonly headers: Selection;
  readonly cookies: Selection;
}

export const NOTHING: Selection = { behavior: 'none', names: [] };
export const EVERYTHING: Selection = { behavior: 'all', names: [] };
export const only = (...names: string[]): Selection => ({ behavior: 'whitelist', names });

/** @throws ResourcePropertyError where a behavior that names something has no names. */
export function readSelection(group: Properties, behaviorName: string, namesName: string): Selection {
  const behavior = group.oneOf(behaviorName, ['none', 'whitelist', 'allExcept', 'all'], 'none');
  const names = group.textList(namesName);
  const needsNames = behavior === 'whitelist' || behavior === 'allExcept';
  if (needsNames !== names.length > 0) group.refuse(namesName, `and ${behaviorName} ${behavior} do not go together`);
  return { behavior, names };
}

/** Header names are told apart without their case. */
export const lowerCase = ({ behavior, names }: Selection): Selection => ({
  behavior,
  names: names.map((name) => name.toLowerCase()),
});

const takes = ({ behavior, names }: Selection, name: string): boolean =>
  behavior === 'all' || (behavior !== 'none' && names.includes(name) === (behavior === 'whitelist'));

/** The parameters that any of the policies takes, spelled and ordered as the viewer sent them. */
export function selectQuery(query: string, ...policies: readonly Selections[]): string {
  const asking = policies.map(({ queryStrings }) => queryStrings).filter(({ behavior }) => behavior !== 'none');
  if (query === '' || asking.length === 0) return '';
  return query
    .split('&')
    .filter((pair) => pair !== '' && asking.some((selection) => takes(selection, pair.split('=', 1)[0] ?? '')))
    .join('&');
}

/**
 * Of what speaks of one connection, or of what the edge decides itself, nothing goes on. Source: CloudFront Developer Guide, "HTTP request
 * headers and CloudFront behavior (custom and Amazon S3 origins)". Cookies have a selection of their own.
 */
const NEVER: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'cookie',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'x-edge-cache',
  'x-real-ip',
]);
/** What conditions and ranges the cache answers; the origin is asked with its own. */
const OF_THE_CACHE = /^(?:accept-encoding|range|if-.*|:.*)$/;

/** The headers that any of the policies takes, by lower-case name. */
export function selectHeaders(
  headers: IncomingHttpHeaders,
  ...policies: readonly Selections[]
): Readonly<Record<string, string>> {
  const asking = policies.map(({ headers: selection }) => selection).filter(({ behavior }) => behavior !== 'none');
  if (asking.length === 0) return NO_HEADERS;
  const taken = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    const isForOrigin = value !== undefined && !NEVER.has(name) && !OF_THE_CACHE.test(name);
    return isForOrigin && asking.some((selection) => takes(selection, name)) ? [[name, String(value)]] : [];
  });
  return Object.fromEntries(taken);
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

/**
 * The cookies that any of the policies takes, as one header. CloudFront's own never go on. Source: CloudFront Developer Guide, "Use signed
 * cookies": their attributes are no part of the cache key.
 */
export function selectCookies(header: string | undefined, ...policies: readonly Selections[]): string {
  const asking = policies.map(({ cookies }) => cookies).filter(({ behavior }) => behavior !== 'none');
  if (header === undefined || asking.length === 0) return '';
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => {
      const name = pair.split('=', 1)[0] ?? '';
      return name !== '' && !SIGNED_COOKIES.test(name) && asking.some((selection) => takes(selection, name));
    })
    .join('; ');
}

const SIGNED_COOKIES = /^CloudFront-(?:Policy|Expires|Signature|Key-Pair-Id|Hash-Algorithm)$/;
