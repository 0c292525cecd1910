import { checkString, EdgepassError } from '../errors';
import { looksLikeIpv6, parseIpRange } from '../policy/ip-range';
import { cannedPolicy, customPolicy } from '../policy/policy';
import { checkResource } from '../policy/resource-option';
import { matchesResource } from '../policy/resource-pattern';
import { readValidity, type ValidityOptions } from '../policy/validity';

/** What a signature is to allow. Anything beyond an end makes the policy a custom one. */
export interface PolicyOptions extends ValidityOptions {
  /** One IPv4 address, or a CIDR block such as `192.0.2.0/24`. Makes the policy a custom one. */
  readonly ipAddress?: string | undefined;
  /** A `Resource` with wildcards that are meant, which must cover the URL. Makes the policy a custom one. */
  readonly resource?: string | undefined;
}

/** A policy that is ready to be signed. */
export interface Grant {
  readonly type: 'canned' | 'custom';
  /** The exact text that is signed. */
  readonly policy: string;
  /** Unix seconds. */
  readonly dateLessThan: number;
}

/** The grant for one URL. */
export function grantUrl(url: string, options: PolicyOptions): Grant {
  if (options.resource === undefined) return grant(url, options, false);
  const resource = checkResource(options.resource);
  if (matchesResource(resource, url)) return grant(resource, options, true);
  throw new EdgepassError(
    'ERR_RESOURCE_EXCLUDES_URL',
    'The resource option does not cover the URL, so every request would be refused',
  );
}

/** The grant for all URLs that a `Resource` covers. */
export const grantResource = (resource: string, options: PolicyOptions): Grant => grant(resource, options, true);

function grant(resource: string, options: PolicyOptions, hasWildcards: boolean): Grant {
  const { dateLessThan, dateGreaterThan } = readValidity(options);
  if (!hasWildcards && dateGreaterThan === undefined && options.ipAddress === undefined) {
    return { type: 'canned', policy: cannedPolicy(resource, dateLessThan), dateLessThan };
  }
  const ipAddress = options.ipAddress === undefined ? undefined : toSourceIp(options.ipAddress);
  return { type: 'custom', policy: customPolicy({ resource, dateLessThan, dateGreaterThan, ipAddress }), dateLessThan };
}

/** With its mask: the documented form for one address is `a.b.c.d/32`. */
function toSourceIp(text: string): string {
  checkString(text, 'ipAddress');
  if (parseIpRange(text)) return text.includes('/') ? text : `${text}/32`;
  if (looksLikeIpv6(text)) {
    throw new EdgepassError(
      'ERR_IP_RANGE_IPV6',
      'CloudFront supports no IPv6 in policies: switch IPv6 off for the distribution',
    );
  }
  throw new EdgepassError('ERR_IP_RANGE_INVALID', 'ipAddress must be one IPv4 address or CIDR block');
}
