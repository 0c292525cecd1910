import type { IncomingHttpHeaders } from 'node:http';
import { matchesWildcard } from '../../wildcard';
import type { CorsHeaders, ResponseHeadersPolicy } from '../response-headers-policy';
import type { AnswerHeaders } from './edge-cache';

/**
 * An answer's headers as the policy wants them: removed first, then added. Source: CloudFront Developer Guide, "Add or remove HTTP headers in
 * CloudFront responses with a policy" and "Understand response headers policies".
 */
export function applyResponseHeaders(
  { cors, added, removed }: ResponseHeadersPolicy,
  viewerHeaders: IncomingHttpHeaders,
  method: string,
  headers: AnswerHeaders,
): AnswerHeaders {
  const kept = Object.entries(headers).filter(([name]) => !removed.includes(name.toLowerCase()));
  // What is removed counts as never sent by the origin.
  const answered = new Map(kept.map(([name, value]) => [name.toLowerCase(), { name, value }]));
  for (const { name, value, override } of [...corsHeaders(cors, viewerHeaders, method, answered), ...added]) {
    if (override || !answered.has(name)) answered.set(name, { name, value });
  }
  return Object.fromEntries([...answered.values()].map(({ name, value }) => [name, value]));
}

interface AddedHere {
  readonly name: string;
  readonly value: string;
  readonly override: boolean;
}

/**
 * Only a request with `Origin` gets CORS headers. Without `OriginOverride`, an origin that answers any of them is left alone.
 * [UNV] A preflight alone gets the allowed methods and headers; an origin that is echoed is named in Vary.
 */
function corsHeaders(
  cors: CorsHeaders | undefined,
  { origin, ...asked }: IncomingHttpHeaders,
  method: string,
  answered: ReadonlyMap<string, unknown>,
): AddedHere[] {
  if (!cors || origin === undefined) return [];
  if (!cors.originOverride && [...answered.keys()].some((name) => name.startsWith('access-control-'))) return [];
  if (!cors.allowOrigins.some((pattern) => matchesWildcard(pattern, origin))) return [];
  const isAny = cors.allowOrigins.includes('*');
  const isPreflight = method === 'OPTIONS' && asked['access-control-request-method'] !== undefined;
  const values: Record<string, string | undefined> = {
    'access-control-allow-origin': isAny ? '*' : origin,
    'access-control-allow-credentials': cors.allowCredentials ? 'true' : undefined,
    'access-control-expose-headers': listed(cors.exposeHeaders),
    vary: isAny ? undefined : 'Origin',
    ...(isPreflight && {
      'access-control-allow-methods': listed(cors.allowMethods),
      'access-control-allow-headers': listed(cors.allowHeaders),
      'access-control-max-age': cors.maxAge?.toString(),
    }),
  };
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value, override: name === 'vary' ? false : cors.originOverride }],
  );
}

const listed = (names: readonly string[]): string | undefined => (names.length > 0 ? names.join(', ') : undefined);
