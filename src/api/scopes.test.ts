import { describe, expect, it } from 'vitest';
import { parseScope, parseScopes, printScope, scopesFor } from './scopes';

describe('a scope', () => {
  it.each([
    ['list', { action: 'list', prefix: '', maxLifetime: undefined }],
    ['sign:reports/', { action: 'sign', prefix: 'reports/', maxLifetime: undefined }],
    ['sign:r%C3%A9sum%C3%A9s/a%20b;max=3600', { action: 'sign', prefix: 'résumés/a b', maxLifetime: 3600 }],
    ['delete;max=1', { action: 'delete', prefix: '', maxLifetime: 1 }],
  ])('reads %s, and writes it again', (text, scope) => {
    expect(parseScope(text)).toEqual(scope);
    expect(printScope(scope as never)).toBe(text);
  });

  it.each(['', 'read', 'Sign', 'sign;max=0', 'sign;max=', 'sign:a b', 'sign:%ff', 'sign:%zz', 'openid'])(
    'takes %j for no scope of ours',
    (text) => {
      expect(parseScope(text)).toBeUndefined();
    },
  );

  it('finds the scopes that allow something to an object', () => {
    const scopes = parseScopes('openid list sign:a/ sign:a/b/;max=60 upload:a/');
    expect(scopesFor(scopes, 'sign', 'a/b/c').map(printScope)).toEqual(['sign:a/', 'sign:a/b/;max=60']);
    expect(scopesFor(scopes, 'sign', 'b')).toEqual([]);
    expect(scopesFor(scopes, 'list', 'anything').map(printScope)).toEqual(['list']);
  });
});
