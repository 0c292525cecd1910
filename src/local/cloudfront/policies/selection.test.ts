import { describe, expect, it } from 'vitest';
import {
  allExcept,
  EVERYTHING,
  NOTHING,
  only,
  type Selection,
  selectCookies,
  selectHeaders,
  selectQuery,
  unionOf,
} from './selection';

describe('of a query', () => {
  it.each<[string, Selection, string, string]>([
    ['nothing', NOTHING, 'a=1', ''],
    ['everything, spelled as the viewer does', EVERYTHING, 'b=%61&a=1&&c', 'b=%61&a=1&&c'],
    ['a list, in the viewer’s order', only('a', 'b'), 'b=2&c=3&a=1&a=0', 'b=2&a=1&a=0'],
    ['all but a list', allExcept('a', 'c'), 'a=1&b=2&c=3', 'b=2'],
    ['a flag without a value', only('flag'), 'flag&other', 'flag'],
    ['names in their own case alone', only('color'), 'Color=red', ''],
    ['a name up to the first =', only('a'), 'a=b=c', 'a=b=c'],
    // The examples of "Cache content based on query string parameters".
    ['what follows ; as part of the value', only('color'), 'color=red;size=large', 'color=red;size=large'],
    ['no parameter behind ;', only('color'), 'size=large;color=red', ''],
    ['no name that is only spelled otherwise', only('v'), '%76=1', ''],
    ['nothing of an empty query', EVERYTHING, '', ''],
  ])('selects %s', (_title, selection, query, selected) => {
    expect(selectQuery(selection, query)).toBe(selected);
  });
});

describe('of headers', () => {
  const headers = { origin: 'https://a.example', 'x-b': 'B', cookie: 'c=1', 'set-cookie': ['a', 'b'] };

  it('selects a list, in the order of the names', () => {
    expect(Object.entries(selectHeaders(only('x-b', 'absent', 'origin'), headers))).toEqual([
      ['origin', 'https://a.example'],
      ['x-b', 'B'],
    ]);
  });

  it('selects everything, or all but a list, and never the cookies', () => {
    expect(selectHeaders(EVERYTHING, headers)).toEqual({
      origin: 'https://a.example',
      'x-b': 'B',
      'set-cookie': 'a, b',
    });
    expect(selectHeaders(allExcept('origin', 'set-cookie'), headers)).toEqual({ 'x-b': 'B' });
  });

  it('tells a header that is absent from one that is empty', () => {
    expect(selectHeaders(only('x'), {})).toEqual({});
    expect(selectHeaders(only('x'), { x: '' })).toEqual({ x: '' });
  });

  it('takes no header from where every object has its properties', () => {
    expect(selectHeaders(only('constructor', 'tostring'), {})).toEqual({});
  });

  it('makes nothing anew where nothing is selected', () => {
    expect(selectHeaders(NOTHING, headers)).toBe(selectHeaders(NOTHING, {}));
    expect(selectHeaders(NOTHING, headers)).toEqual({});
  });
});

describe('of cookies', () => {
  it.each<[string, Selection, string | undefined, string]>([
    ['nothing', NOTHING, 'a=1', ''],
    ['nothing where there are none', EVERYTHING, undefined, ''],
    ['everything, sorted by name', EVERYTHING, 'b=2;  a=1; c', 'a=1; b=2; c'],
    ['a list', only('b', 'a'), 'c=3; b=2; a=1', 'a=1; b=2'],
    ['all but a list', allExcept('b'), 'c=3; b=2; a=1', 'a=1; c=3'],
    ['names in their own case alone', only('a'), 'A=1', ''],
    ['two of one name in the viewer’s order', EVERYTHING, 'a=2; b=0; a=1', 'a=2; a=1; b=0'],
    ['a value with =', only('a'), 'a=b==', 'a=b=='],
    [
      'none of CloudFront’s own',
      EVERYTHING,
      'CloudFront-Policy=p; CloudFront-Signature=s; CloudFront-Key-Pair-Id=k; CloudFront-Expires=1; CloudFront-Hash-Algorithm=SHA256; a=1',
      'a=1',
    ],
  ])('selects %s', (_title, selection, header, selected) => {
    expect(selectCookies(selection, header)).toBe(selected);
  });
});

/** The cells of the table in "Understand how origin request policies and cache policies work together". */
describe('a cache policy and an origin request policy together', () => {
  it.each<[string, Selection, Selection, Selection]>([
    ['none, none', NOTHING, NOTHING, NOTHING],
    ['none, all', NOTHING, EVERYTHING, EVERYTHING],
    ['none, allow list', NOTHING, only('a'), only('a')],
    ['none, block list', NOTHING, allExcept('a'), allExcept('a')],
    ['all, none', EVERYTHING, NOTHING, EVERYTHING],
    ['all, allow list', EVERYTHING, only('a'), EVERYTHING],
    ['all, block list: the cache policy wins', EVERYTHING, allExcept('a'), EVERYTHING],
    ['allow list, none', only('a'), NOTHING, only('a')],
    ['allow list, all', only('a'), EVERYTHING, EVERYTHING],
    ['allow list, allow list', only('a', 'b'), only('b', 'c'), only('a', 'b', 'c')],
    ['allow list, block list: the allow list wins', only('a'), allExcept('a', 'b'), allExcept('b')],
    ['block list, none', allExcept('a'), NOTHING, allExcept('a')],
    ['block list, all', allExcept('a'), EVERYTHING, EVERYTHING],
    ['block list, allow list: the allow list wins', allExcept('a', 'b'), only('a'), allExcept('b')],
    ['block list, block list: both block', allExcept('a'), allExcept('b'), allExcept('a', 'b')],
  ])('%s', (_title, cache, origin, union) => {
    expect(unionOf(cache, origin)).toEqual(union);
  });
});
