import { describe, expect, it } from 'vitest';
import { Properties } from '../../cloudformation/properties';
import { type Refusal, refusal } from '../resource-request.test.fixture';
import { isCountryAllowed, NO_RESTRICTION, readGeoRestriction, readViewerCountry } from './geo-restriction';

const read = (config: Record<string, unknown>) =>
  readGeoRestriction(new Properties('Distribution', config, { Restrictions: 'used' }));
const restriction = (GeoRestriction: object) => ({ Restrictions: { GeoRestriction } });

describe('a geographic restriction', () => {
  it('reads none, allow lists and block lists', () => {
    expect(read({})).toEqual(NO_RESTRICTION);
    expect(read(restriction({ RestrictionType: 'none' }))).toEqual(NO_RESTRICTION);
    expect(read(restriction({ RestrictionType: 'none', Locations: [] }))).toEqual(NO_RESTRICTION);
    const list = read(restriction({ RestrictionType: 'whitelist', Locations: ['CH', 'LI'] }));
    expect(list).toEqual({ type: 'whitelist', locations: ['CH', 'LI'] });
    expect(JSON.parse(JSON.stringify(list))).toEqual(list);
  });

  it.each<[string, object, Refusal, string]>([
    ['an unknown property', { Colour: 1 }, 'ERR_UNKNOWN_PROPERTY', 'Colour'],
    ['no type', { Locations: ['CH'] }, 'ERR_INVALID_PROPERTY', 'RestrictionType'],
    ['a type it does not know', { RestrictionType: 'some' }, 'ERR_INVALID_PROPERTY', 'RestrictionType'],
    ['a list without countries', { RestrictionType: 'blacklist' }, 'ERR_INVALID_PROPERTY', 'Locations'],
    ['countries without a list', { RestrictionType: 'none', Locations: ['CH'] }, 'ERR_INVALID_PROPERTY', 'Locations'],
    ['a country in small letters', { RestrictionType: 'whitelist', Locations: ['ch'] }, 'ERR_INVALID_PROPERTY', '"ch"'],
    ['three letters', { RestrictionType: 'whitelist', Locations: ['CHE'] }, 'ERR_INVALID_PROPERTY', '"CHE"'],
  ])('refuses %s', (_title, group, code, named) => {
    expect(() => read(restriction(group))).toThrow(refusal(code, named));
  });

  describe('a viewer', () => {
    const allow = { type: 'whitelist', locations: ['LI'] } as const;
    const block = { type: 'blacklist', locations: ['MC'] } as const;
    it.each([
      ['from anywhere is let in without a restriction', NO_RESTRICTION, 'MC', true],
      ['from a country on the allow list is let in', allow, 'LI', true],
      ['from another is not', allow, 'MC', false],
      ['from a country on the block list is not', block, 'MC', false],
      ['from another is let in', block, 'LI', true],
      ['who cannot be placed is let in by an allow list', allow, undefined, true],
      ['who cannot be placed is let in by a block list', block, undefined, true],
    ])('%s', (_title, restricted, country, isAllowed) => {
      expect(isCountryAllowed(restricted, country)).toBe(isAllowed);
    });
  });

  it('takes a country that the local runtime is told, and nothing else', () => {
    expect(readViewerCountry('CH')).toBe('CH');
    for (const text of ['', 'ch', 'CHE', 'C1', ' CH']) expect(() => readViewerCountry(text), text).toThrow(RangeError);
  });
});
