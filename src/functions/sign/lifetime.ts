import type { GrantOptions } from '../../api/bodies';
import type { Scope } from '../../api/scopes';
import type { PolicyOptions } from '../../signing/sign/grant';
import { variable } from '../aws/environment';
import { RequestProblem } from '../http/api-handler';

/** How long a grant lasts, within the construct's bounds and the caller's scopes. */
export interface Lifetime {
  /** In seconds, from now. */
  readonly seconds: number;
  /** The moment from which access is refused. */
  readonly expires: Date;
  readonly policyOptions: PolicyOptions;
}

/** The longest that every object's scopes grant; of the scopes that fit one object, the most generous counts. */
export const longestGranted = (scopesOfEach: Iterable<readonly Scope[]>): number =>
  Math.min(
    ...Array.from(scopesOfEach, (scopes) =>
      Math.max(...scopes.map(({ maxLifetime = Number.POSITIVE_INFINITY }) => maxLifetime)),
    ),
  );

/** @param granted The longest that the caller's scopes grant, in seconds. */
export function readLifetime(options: GrantOptions, granted: number): Lifetime {
  const now = new Date();
  const nowSeconds = Math.floor(now.getTime() / 1000);
  const seconds = requestedSeconds(options, nowSeconds) ?? Math.min(bound('LINK_LIFETIME_SECONDS'), granted);
  checkBounds(seconds, granted, options.expires === undefined ? 'expiresIn' : 'expires');
  const { notBefore, ipAddress } = options;
  const expires = new Date((nowSeconds + seconds) * 1000);
  return {
    seconds,
    expires,
    policyOptions: {
      dateLessThan: expires,
      dateGreaterThan: notBefore === undefined ? undefined : readDate(notBefore, 'notBefore'),
      ipAddress,
      now,
    },
  };
}

function requestedSeconds({ expiresIn, expires }: GrantOptions, nowSeconds: number): number | undefined {
  if (expires === undefined) return expiresIn;
  if (expiresIn !== undefined) {
    throw new RequestProblem('ERR_CONFLICTING_FIELDS', 'Send "expiresIn" or "expires", not both.', 'expires');
  }
  return Math.floor(readDate(expires, 'expires').getTime() / 1000) - nowSeconds;
}

function checkBounds(seconds: number, granted: number, field: string): void {
  const shortest = bound('MIN_LIFETIME_SECONDS');
  const longest = bound('MAX_LIFETIME_SECONDS');
  if (seconds < shortest) {
    throw new RequestProblem('ERR_LIFETIME_TOO_SHORT', `A link lasts at least ${shortest} seconds.`, field);
  }
  if (seconds > longest) {
    throw new RequestProblem('ERR_LIFETIME_TOO_LONG', `A link lasts at most ${longest} seconds.`, field);
  }
  if (seconds > granted) {
    const message = `The caller's scope grants links of at most ${granted} seconds.`;
    throw new RequestProblem('ERR_SCOPE_LIFETIME', message, field);
  }
}

/** Date takes 2026-02-30 for the second of March. */
function readDate(text: string, field: string): Date {
  const day = text.slice(0, 10);
  const date = new Date(text);
  const isDay = new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day);
  if (isDay && !Number.isNaN(date.getTime())) return date;
  throw new RequestProblem('ERR_INVALID_FIELD', `"${field}" is a date that does not exist.`, field);
}

function bound(name: `${'MIN' | 'LINK' | 'MAX'}_LIFETIME_SECONDS`): number {
  const value = Number(variable(name));
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`${name} is not a number of seconds`);
}
