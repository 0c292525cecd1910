/**
 * A distribution's geographic restriction.
 *
 * [D] CloudFront Developer Guide, "Restrict the geographic distribution of your content": it applies to the whole distribution,
 * answers 403, for which a custom error page may stand, and lets in a viewer whose country is not known. [C] re:Post,
 * "Troubleshoot 403 errors from CloudFront": the sentence of the answer (`country` in `answers.ts`).
 *
 * By design: a viewer on this machine has no country, and none is looked up; the local runtime is told one. Untold, every viewer is let in,
 * as CloudFront does with one it cannot place. [UNV] Whether the country or the signature is checked first; codes that no country has are
 * taken.
 */
import type { Properties, PropertyTable } from '../../cloudformation/properties';

/** Plain data. */
export interface GeoRestriction {
  readonly type: 'none' | 'whitelist' | 'blacklist';
  /** ISO 3166-1 alpha-2, upper case. */
  readonly locations: readonly string[];
}

export const NO_RESTRICTION: GeoRestriction = { type: 'none', locations: [] };

const RESTRICTIONS: PropertyTable = { GeoRestriction: 'used' };
const GEO_RESTRICTION: PropertyTable = { Locations: 'used', RestrictionType: 'used' };
const COUNTRY = /^[A-Z]{2}$/;

/** Reads `Restrictions` of a `DistributionConfig`. @throws ResourcePropertyError */
export function readGeoRestriction(config: Properties): GeoRestriction {
  if (!config.has('Restrictions')) return NO_RESTRICTION;
  const geo = config.group('Restrictions', RESTRICTIONS).group('GeoRestriction', GEO_RESTRICTION);
  if (!geo.has('RestrictionType')) geo.refuse('RestrictionType', 'is missing');
  const type = geo.oneOf('RestrictionType', ['none', 'whitelist', 'blacklist'], 'none');
  const locations = geo.textList('Locations');
  const wrong = locations.find((location) => !COUNTRY.test(location));
  if (wrong !== undefined) geo.refuse('Locations', `has ${JSON.stringify(wrong)}, which is no code of two capitals`);
  if (type === 'none' && locations.length > 0) geo.refuse('Locations', 'has to be empty with none');
  if (type !== 'none' && locations.length === 0)
    geo.refuse('Locations', `has to name a country at least, with ${type}`);
  return { type, locations };
}

/** @param country The viewer's; undefined where it is not known. */
export function isCountryAllowed({ type, locations }: GeoRestriction, country: string | undefined): boolean {
  if (type === 'none' || country === undefined) return true;
  return locations.includes(country) === (type === 'whitelist');
}

/** The country that the local runtime is told its viewers are in. @throws RangeError for what is no country's code. */
export function readViewerCountry(text: string): string {
  if (COUNTRY.test(text)) return text;
  throw new RangeError(`${JSON.stringify(text)} is no country: give the two capitals of ISO 3166-1, as in CH`);
}
