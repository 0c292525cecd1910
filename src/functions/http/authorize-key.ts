import type { Action } from '../../api/actions';
import { checkObjectKey } from '../../api/check-object-key';
import { type Scope, scopesFor } from '../../api/scopes';
import { RequestProblem } from './api-handler';
import type { Caller } from './caller';

/** @throws RequestProblem for a key, or a prefix of keys, for which no link can be made. */
export function checkKey(key: string, field: string): void {
  const invalid = checkObjectKey(key);
  if (invalid) throw new RequestProblem(invalid.code, `"${field}" ${invalid.problem}.`, field);
}

/** The caller's scopes that allow it. @throws RequestProblem when there is none. */
export function requireScope({ scopes }: Caller, action: Action, key: string, field: string): Scope[] {
  const fitting = scopesFor(scopes, action, key);
  if (fitting.length > 0) return fitting;
  const message = `The caller needs the scope "${action}", or "${action}:PREFIX" with what "${field}" begins with.`;
  throw new RequestProblem('ERR_SCOPE_MISSING', message, field);
}
