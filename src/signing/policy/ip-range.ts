/** One IPv4 address or CIDR block, as `AWS:SourceIp` holds it. */
export interface IpRange {
  readonly network: number;
  readonly mask: number;
}

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const RANGE = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}(?:/(3[0-2]|[12]?\\d))?$`);

/** Undefined unless it is `a.b.c.d` or `a.b.c.d/0` to `/32`. */
export function parseIpRange(text: string): IpRange | undefined {
  const match = RANGE.exec(text);
  if (!match) return undefined;
  const [, a, b, c, d, bits = '32'] = match;
  const address = ((Number(a) << 24) | (Number(b) << 16) | (Number(c) << 8) | Number(d)) >>> 0;
  // A shift by 32 would be a shift by 0.
  const mask = bits === '0' ? 0 : (-1 << (32 - Number(bits))) >>> 0;
  return { network: (address & mask) >>> 0, mask };
}

/** The viewer's address as a number; undefined for IPv6. Servers that listen on `::` see IPv4 viewers as `::ffff:a.b.c.d`. */
export function parseIpv4(text: string): number | undefined {
  const range = text.includes('/') ? undefined : parseIpRange(text.replace(/^::ffff:(?=[\d.]+$)/i, ''));
  return range?.network;
}

export const isInRange = (address: number, { network, mask }: IpRange): boolean => (address & mask) >>> 0 === network;

/** Good enough to tell an IPv6 address from a mistyped one. */
export const looksLikeIpv6 = (text: string): boolean => /^[0-9a-f:.]*:[0-9a-f:.]*(?:%\w+)?(?:\/\d+)?$/i.test(text);
