import type { Properties } from '../../cloudformation/properties';
import type { IdentityPlace, IdentitySource } from '../model';

const PLACES: readonly IdentityPlace[] = [
  'method.request.header',
  'method.request.querystring',
  'stageVariables',
  'context',
];

const SOURCE = /^(method\.request\.header|method\.request\.querystring|stageVariables|context)\.(.+)$/;

/** Reads `IdentitySource`: one or more, separated by commas. */
export function readIdentitySources(read: Properties): IdentitySource[] {
  const stated = read.optionalText('IdentitySource')?.split(',') ?? [];
  return stated.map((text) => {
    const [, place, name] = SOURCE.exec(text.trim()) ?? [];
    const known = PLACES.find((word) => word === place);
    if (known && name) return { place: known, name };
    return read.refuse(
      'IdentitySource',
      `has "${text.trim()}"; it takes method.request.header.NAME, method.request.querystring.NAME, stageVariables.NAME and context.NAME`,
    );
  });
}
