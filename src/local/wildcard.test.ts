import { describe, expect, it } from 'vitest';
import { matchesWildcard } from './wildcard';

describe('a wildcard', () => {
  it.each([
    ['*', '', true],
    ['*', 'a/b', true],
    ['a*c', 'abbc', true],
    ['a*c', 'abb', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*a*b', 'xaxxaxb', true],
    ['*a*b', 'xaxxax', false],
    ['a.c', 'abc', false],
    ['', 'a', false],
    ['a**', 'a', true],
  ])('%s against %s: %s', (pattern, value, expected) => {
    expect(matchesWildcard(pattern, value)).toBe(expected);
  });

  it('does not take exponential time for many stars', () => {
    expect(matchesWildcard(`${'*a'.repeat(40)}b`, 'a'.repeat(2_000))).toBe(false);
  });
});
