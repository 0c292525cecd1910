/**
 * The CORS headers of a response headers policy.
 *
 * [D] CloudFront Developer Guide, "Understand response headers policies": a wildcard is the leftmost part of a domain. Refused as
 * CloudFront does: a `*` in Access-Control-Allow-Headers with credentials (captured, aws-cdk #35308).
 *
 * Gaps: wildcards inside the names of allowed headers are refused by name.
 *
 * [UNV] Whether `*` with credentials is refused for origins and exposed headers too: it is here. What a wildcard stands for: one
 * label of a domain, any digits in a port, and `:*` for no port as well. An origin without a scheme is allowed with either;
 * without a port, on the scheme's own port alone.
 */
import type { Properties, PropertyTable } from '../../cloudformation/properties';
import { matchesWildcard } from '../../wildcard';
import { checkHeaderName } from './header-rules';

/** Plain data. */
export interface CorsConfig {
  readonly allowCredentials: boolean;
  readonly allowHeaders: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowOrigins: readonly string[];
  readonly exposeHeaders: readonly string[];
  /** Seconds. */
  readonly maxAge?: number;
  /** Whether these headers replace the origin's. */
  readonly override: boolean;
}

const CORS: PropertyTable = {
  AccessControlAllowCredentials: 'used',
  AccessControlAllowHeaders: 'used',
  AccessControlAllowMethods: 'used',
  AccessControlAllowOrigins: 'used',
  AccessControlExposeHeaders: 'used',
  AccessControlMaxAgeSec: 'used',
  OriginOverride: 'used',
};
const ITEMS: PropertyTable = { Items: 'used' };

const METHODS = ['GET', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** Reads `CorsConfig`. @throws ResourcePropertyError */
export function readCorsConfig(parent: Properties): CorsConfig {
  const config = parent.group('CorsConfig', CORS);
  const listOf = (name: string): readonly string[] => config.group(name, ITEMS).textList('Items');
  const maxAge = config.optionalNumber('AccessControlMaxAgeSec', { min: 0, max: 2 ** 31 - 1 });
  const cors: CorsConfig = {
    allowCredentials: config.flag('AccessControlAllowCredentials'),
    allowHeaders: listOf('AccessControlAllowHeaders'),
    allowMethods: readMethods(config, listOf('AccessControlAllowMethods')),
    allowOrigins: listOf('AccessControlAllowOrigins'),
    exposeHeaders: listOf('AccessControlExposeHeaders'),
    ...(maxAge !== undefined && { maxAge }),
    override: config.flag('OriginOverride'),
  };
  for (const [field, items] of [
    ['AccessControlAllowHeaders', cors.allowHeaders],
    ['AccessControlAllowOrigins', cors.allowOrigins],
  ] as const)
    if (items.length === 0) config.refuse(field, 'has to have an item at least');
  checkOrigins(config, cors.allowOrigins);
  checkCorsHeaders(config, cors);
  return cors;
}

function readMethods(config: Properties, methods: readonly string[]): readonly string[] {
  const isAll = methods.length === 1 && methods[0] === 'ALL';
  const wrong = methods.find((method) => !METHODS.includes(method));
  if (methods.length === 0 || (wrong !== undefined && !isAll))
    config.refuse('AccessControlAllowMethods', `has to be ALL alone, or some of ${METHODS.join(', ')}`);
  return isAll ? METHODS : methods;
}

/** `*`, or scheme, host and port, of which the host alone has to be there. A wildcard is the host's leftmost label, or in the port. */
const ORIGIN_PATTERN = /^(?:(https?):\/\/)?((?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::([\d*]+))?$/i;

/** As a browser spells it: no port where it is the scheme's own. */
const ORIGIN = /^(https?):\/\/([a-z0-9.-]+)(?::(\d+))?$/;

function checkOrigins(config: Properties, origins: readonly string[]): void {
  const wrong = origins.find((origin) => origin !== '*' && !ORIGIN_PATTERN.test(origin));
  if (wrong !== undefined)
    config.refuse(
      'AccessControlAllowOrigins',
      `has ${JSON.stringify(wrong)}, which is no origin (https://*.example.com)`,
    );
}

function checkCorsHeaders(config: Properties, { allowCredentials, ...cors }: CorsConfig): void {
  for (const [field, header, items] of [
    ['AccessControlAllowOrigins', 'Access-Control-Allow-Origin', cors.allowOrigins.filter((item) => item === '*')],
    ['AccessControlAllowHeaders', 'Access-Control-Allow-Headers', cors.allowHeaders],
    ['AccessControlExposeHeaders', 'Access-Control-Expose-Headers', cors.exposeHeaders],
  ] as const) {
    if (allowCredentials && items.some((item) => item.includes('*')))
      config.refuse(field, `(${header}) cannot contain * when allowCredentials is true`);
    for (const name of items.filter((item) => item !== '*')) checkHeaderName(config, field, name);
    const pattern = items.find((item) => item !== '*' && item.includes('*'));
    if (pattern !== undefined) config.notImplemented(`${field}: the wildcard in ${pattern}`);
  }
}

export const CORS_HEADERS: readonly string[] = [
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'access-control-max-age',
];

/** Whether a policy allows the origin that a viewer's request names. */
export const allowsOrigin = ({ allowOrigins }: CorsConfig, origin: string): boolean =>
  allowOrigins.some((pattern) => pattern === '*' || matchesOrigin(pattern.toLowerCase(), origin.toLowerCase()));

function matchesOrigin(pattern: string, origin: string): boolean {
  const [, scheme, host = '', port] = ORIGIN_PATTERN.exec(pattern) ?? [];
  const [, itsScheme, itsHost = '', itsPort] = ORIGIN.exec(origin) ?? [];
  if (itsScheme === undefined || (scheme !== undefined && scheme !== itsScheme)) return false;
  const isHost = host.startsWith('*.') ? itsHost.replace(/^[^.]+/, '*') === host : itsHost === host;
  return (
    isHost && (port === '*' || (port === undefined ? itsPort === undefined : matchesWildcard(port, itsPort ?? '')))
  );
}
