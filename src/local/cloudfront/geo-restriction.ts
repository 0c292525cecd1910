import type { Properties, PropertyTable } from '../cloudformation/properties';

/** Which countries' viewers are let in. Plain data. */
export interface GeoRestriction {
  readonly type: 'none' | 'whitelist' | 'blacklist';
  /** Two capital letters each. */
  readonly countries: readonly string[];
}

const RESTRICTIONS: PropertyTable = { GeoRestriction: 'used' };
const GEO_RESTRICTION: PropertyTable = { Locations: 'used', RestrictionType: 'used' };

/** @param config A `DistributionConfig`. Source: CloudFront API Reference, GeoRestriction. */
export function readGeoRestriction(config: Properties): GeoRestriction {
  const geo = config.group('Restrictions', RESTRICTIONS).group('GeoRestriction', GEO_RESTRICTION);
  const type = geo.oneOf('RestrictionType', ['none', 'whitelist', 'blacklist'], 'none');
  const countries = geo.textList('Locations');
  const wrong = countries.find((country) => !/^[A-Z]{2}$/.test(country));
  if (wrong !== undefined) geo.refuse('Locations', `has ${wrong}, which is no country code of two capital letters`);
  if ((type === 'none') !== (countries.length === 0))
    geo.refuse('Locations', `and RestrictionType ${type} do not go together`);
  return { type, countries };
}

/** @param country Undefined when it is not known: only an allow-list then refuses. [UNV] What CloudFront does with addresses of no country. */
export function isCountryAllowed({ type, countries }: GeoRestriction, country: string | undefined): boolean {
  if (type === 'none') return true;
  return countries.includes(country ?? '') === (type === 'whitelist');
}
