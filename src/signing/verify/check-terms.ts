import { duration } from '../encoding/duration';
import { redactUrl } from '../encoding/redact-url';
import { EdgepassError } from '../errors';
import { isInRange, looksLikeIpv6, parseIpv4 } from '../policy/ip-range';
import type { Terms } from '../policy/policy';
import { matchesResource } from '../policy/resource-pattern';

/** "Not allowed on or before the specified date", whole seconds. */
export function checkStart({ dateGreaterThan }: Terms, now: number): void {
  if (dateGreaterThan === undefined || now > dateGreaterThan) return;
  throw new EdgepassError('ERR_NOT_YET_VALID', `Not yet valid: begins in ${duration(dateGreaterThan + 1 - now)}`);
}

/** [UNV] At the very second of `DateLessThan` access has ended, as the name says. No allowance is made for clocks that differ. */
export function checkEnd({ dateLessThan }: Terms, now: number): void {
  if (now < dateLessThan) return;
  throw new EdgepassError(
    'ERR_EXPIRED',
    now === dateLessThan ? 'Expired this very second' : `Expired ${duration(now - dateLessThan)} ago`,
  );
}

export function checkAddress({ ipRange, policy }: Terms, ipAddress: string | undefined): void {
  if (!ipRange) return;
  const only = `The policy allows ${policy.ipAddress} only`;
  if (!ipAddress) throw new EdgepassError('ERR_IP_ADDRESS_UNKNOWN', `${only}, and the viewer's address is not known`);
  const address = parseIpv4(ipAddress);
  if (address !== undefined && isInRange(address, ipRange)) return;
  if (address !== undefined)
    throw new EdgepassError('ERR_IP_ADDRESS_MISMATCH', `${only}; the viewer comes from ${ipAddress}`);
  if (looksLikeIpv6(ipAddress)) {
    throw new EdgepassError(
      'ERR_IP_ADDRESS_IPV6',
      `${only}, and the viewer comes by IPv6: switch IPv6 off for the distribution`,
    );
  }
  throw new EdgepassError('ERR_IP_ADDRESS_UNKNOWN', `${only}, and the viewer's address is not known`);
}

export function checkResource({ policy: { resource } }: Terms, requested: string): void {
  if (resource === undefined || resource === requested || matchesResource(resource, requested)) return;
  throw new EdgepassError(
    'ERR_RESOURCE_MISMATCH',
    `The policy covers ${redactUrl(resource)}; requested was ${redactUrl(requested)}`,
  );
}
