import { expect, it } from 'vitest';
import { EVERYTHING, NOTHING, only, type Selection, selectCookies, selectHeaders, selectQuery } from './selection';

const policy = (selection: Selection) => ({ queryStrings: selection, headers: selection, cookies: selection });
const except = (...names: string[]): Selection => ({ behavior: 'allExcept', names });

it.each([
  [NOTHING, ''],
  [EVERYTHING, 'b=2&a=%20x&b=3&flag'],
  [only('b'), 'b=2&b=3'],
  [only('flag', 'B'), 'flag'],
  [except('b'), 'a=%20x&flag'],
])('takes of a query what %o says, spelled and ordered as it came', (selection, taken) => {
  expect(selectQuery('b=2&a=%20x&b=3&flag', policy(selection))).toBe(taken);
});

it('takes what any of two policies takes, once', () => {
  expect(selectQuery('a=1&b=2&c=3', policy(only('a')), policy(except('b')))).toBe('a=1&c=3');
});

it('takes headers by lower-case name, and never those of a connection, a range, a condition or a cookie', () => {
  const headers = {
    host: 'h',
    origin: 'o',
    'x-own': '1',
    connection: 'close',
    range: 'bytes=0-',
    'if-match': '"e"',
    cookie: 'a=1',
    'accept-encoding': 'br',
    'transfer-encoding': 'chunked',
  };
  expect(selectHeaders(headers, policy(EVERYTHING))).toEqual({ host: 'h', origin: 'o', 'x-own': '1' });
  expect(selectHeaders(headers, policy(except('host')))).toEqual({ origin: 'o', 'x-own': '1' });
  expect(selectHeaders(headers, policy(only('origin', 'absent')))).toEqual({ origin: 'o' });
  expect(selectHeaders(headers, policy(NOTHING))).toEqual({});
});

it('takes cookies by name, and never CloudFront’s own', () => {
  const header = 'a=1; CloudFront-Signature=s;b=2=3; CloudFront-Key-Pair-Id=K; c';
  expect(selectCookies(header, policy(EVERYTHING))).toBe('a=1; b=2=3; c');
  expect(selectCookies(header, policy(only('b')))).toBe('b=2=3');
  expect(selectCookies(header, policy(NOTHING))).toBe('');
  expect(selectCookies(undefined, policy(EVERYTHING))).toBe('');
});
