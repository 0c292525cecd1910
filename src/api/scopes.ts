import { ACTIONS, type Action } from './actions';

/** What a caller may do, to which objects, and for how long a grant of it may last. */
export interface Scope {
  readonly action: Action;
  /** What the keys of the objects begin with; empty for every object. */
  readonly prefix: string;
  /** The longest lifetime of a grant, in seconds. @default the construct's maximum */
  readonly maxLifetime: number | undefined;
}

const SCOPE = /^(list|sign|upload|delete)(?::((?:[A-Za-z0-9\-._~/]|%[0-9A-Fa-f]{2})*))?(?:;max=([1-9]\d{0,9}))?$/;

/**
 * Reads one scope: `ACTION[:PREFIX][;max=SECONDS]`, the prefix percent-encoded. Undefined for anything else, as a token's claim may hold other
 * applications' scopes too.
 *
 * @example parseScope('sign:reports/;max=3600')
 */
export function parseScope(text: string): Scope | undefined {
  const [, action = '', prefix = '', max] = SCOPE.exec(text) ?? [];
  const known = ACTIONS.find((one) => one === action);
  const decoded = decode(prefix);
  if (!known || decoded === undefined) return undefined;
  return { action: known, prefix: decoded, maxLifetime: max === undefined ? undefined : Number(max) };
}

/** Every scope of a list that is separated by spaces. */
export const parseScopes = (text: string): Scope[] => text.split(' ').flatMap((one) => parseScope(one) ?? []);

/** As `parseScope` reads it. */
export function printScope({ action, prefix, maxLifetime }: Scope): string {
  const encoded = prefix
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replace(/[!'()*]/g, escapeCharacter);
  return `${action}${prefix === '' ? '' : `:${encoded}`}${maxLifetime === undefined ? '' : `;max=${maxLifetime}`}`;
}

/** The scopes that allow this to that object; with several, any will do. */
export const scopesFor = (scopes: readonly Scope[], action: Action, key: string): Scope[] =>
  scopes.filter((scope) => scope.action === action && key.startsWith(scope.prefix));

const escapeCharacter = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

function decode(prefix: string): string | undefined {
  try {
    return decodeURIComponent(prefix);
  } catch {
    return undefined;
  }
}
