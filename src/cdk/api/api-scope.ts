import { type Duration, Token } from 'aws-cdk-lib';
import type { Action } from '../../api/actions';
import { parseScope, printScope } from '../../api/scopes';
import { checkKeyPrefix } from '../base/key-prefix';
import { checkLifetime, checkOrder, type LifetimeProps } from '../base/lifetimes';
import { PropertyError } from '../base/property-error';

/** What callers may do. */
export interface ApiScope {
  /** `list`, `sign`, `upload` or `delete`. */
  readonly action: Action;

  /**
   * What the keys of the objects begin with.
   *
   * @default - every object
   */
  readonly prefix?: string;

  /**
   * The longest lifetime of what this scope grants, whole seconds.
   *
   * @default - `maxLifetime` of the `PrivateContent`
   */
  readonly maxLifetime?: Duration;
}

/** What the API has, which no scope can go beyond. */
export interface ScopeBounds extends Required<LifetimeProps> {
  readonly actions: readonly Action[];
}

/** The scopes as functions read them from `SCOPES`; without any given, everything that the API has. @throws PropertyError */
export function printScopes(scopes: readonly ApiScope[] | undefined, bounds: ScopeBounds): string {
  const granted: readonly ApiScope[] = scopes ?? bounds.actions.map((action) => ({ action }));
  if (granted.length === 0)
    throw new PropertyError('auth.scopes', 'is empty, so no caller may do anything: give a scope, or leave it out');
  return granted.map((scope, at) => printOne(scope, bounds, `auth.scopes[${at}]`)).join(' ');
}

function printOne(scope: ApiScope, bounds: ScopeBounds, property: string): string {
  const { action, prefix = '', maxLifetime } = scope;
  checkAction(action, bounds, `${property}.action`);
  if (Token.isUnresolved(prefix))
    throw new PropertyError(`${property}.prefix`, 'is a token; it is percent-encoded at synthesis, so give its text');
  checkKeyPrefix(`${property}.prefix`, prefix);
  if (maxLifetime) checkMaxLifetime(maxLifetime, bounds, `${property}.maxLifetime`);
  const text = printScope({ action, prefix, maxLifetime: maxLifetime?.toSeconds() });
  if (!parseScope(text)) throw new PropertyError(property, `cannot be written as a scope: ${text}`);
  return text;
}

function checkAction(action: Action, { actions }: ScopeBounds, property: string): void {
  if (actions.includes(action)) return;
  const fix = { list: '', sign: '', upload: ', or enable uploads', delete: ', or enable deletes' }[action] ?? '';
  throw new PropertyError(property, `is "${action}", which this API does not have: give ${actions.join(', ')}${fix}`);
}

function checkMaxLifetime(maxLifetime: Duration, bounds: ScopeBounds, property: string): void {
  if (maxLifetime.isUnresolved())
    throw new PropertyError(property, 'is a token; it is written into a scope at synthesis, so give its number');
  checkLifetime(property, maxLifetime);
  checkOrder('minLifetime', bounds.minLifetime, property, maxLifetime);
  checkOrder(property, maxLifetime, 'maxLifetime', bounds.maxLifetime);
}
