/**
 * A response headers policy at work, on what is from the cache and what is from the origin, after both.
 *
 * [D] CloudFront Developer Guide, "Understand response headers policies": headers are removed first; the policy's header stands
 * for the origin's if it overrides, or if the origin has none; `Server` comes back as CloudFront's own;
 * Access-Control-Allow-Methods, -Headers and -Max-Age answer preflight requests, the others all CORS requests. [D] "Add or remove
 * HTTP headers in CloudFront responses with a policy": what it says of caching is for the viewer alone. [D] AWS's blog, "CORS
 * configuration through Amazon CloudFront": a policy adds headers and answers nothing, so OPTIONS goes to the bucket; where that
 * says 403, the viewer gets the 403 with the headers (as others saw).
 *
 * [UNV] A preflight request is known by OPTIONS and `Origin`. The page about AWS's own policies says that simple requests get
 * Access-Control-Allow-Origin alone, against the above, which is followed. Where the origin is not allowed and the policy
 * overrides, the bucket's own CORS headers are left out. The comma's space in lists. `Vary` stays as it is (ttoss #1205 saw
 * CloudFront change it).
 */
import type { IncomingHttpHeaders } from 'node:http';
import { allowsOrigin, CORS_HEADERS, type CorsConfig } from '../../policies/cors-config';
import type { ResponseHeadersPolicy } from '../../policies/response-headers-policy';
import type { AddedHeader } from '../../policies/security-headers';
import type { AnswerHeaders } from './answers';

/** The headers that a viewer gets. Names are spelled as the origin or the policy does. `Date` may be gone: the server adds its own. */
export function applyResponseHeaders(
  { cors, removed, added }: ResponseHeadersPolicy,
  viewer: IncomingHttpHeaders,
  method: string,
  origin: AnswerHeaders,
): AnswerHeaders {
  const headers = new Map(Object.entries(origin).map((entry) => [entry[0].toLowerCase(), entry]));
  for (const name of removed) headers.delete(name);
  if (removed.includes('server')) headers.set('server', ['Server', 'CloudFront']);
  const toAdd = cors ? [...corsHeaders(cors, viewer.origin, method, headers), ...added] : added;
  for (const { name, value, override } of toAdd) {
    const key = name.toLowerCase();
    if (override || !headers.has(key)) headers.set(key, [name, value]);
  }
  return Object.fromEntries(headers.values());
}

function corsHeaders(
  cors: CorsConfig,
  origin: string | undefined,
  method: string,
  headers: Map<string, unknown>,
): readonly AddedHeader[] {
  if (origin === undefined) return [];
  if (!allowsOrigin(cors, origin)) {
    if (cors.override) for (const name of CORS_HEADERS) headers.delete(name);
    return [];
  }
  const { allowOrigins, allowCredentials, exposeHeaders, allowMethods, allowHeaders, maxAge, override } = cors;
  const isPreflight = method === 'OPTIONS';
  const values: readonly (readonly [name: string, value: string | false])[] = [
    ['Access-Control-Allow-Origin', allowOrigins.includes('*') ? '*' : origin],
    ['Access-Control-Allow-Credentials', allowCredentials && 'true'],
    ['Access-Control-Expose-Headers', exposeHeaders.join(', ')],
    ['Access-Control-Allow-Methods', isPreflight && allowMethods.join(', ')],
    ['Access-Control-Allow-Headers', isPreflight && allowHeaders.join(', ')],
    ['Access-Control-Max-Age', isPreflight && maxAge !== undefined && String(maxAge)],
  ];
  return values.flatMap(([name, value]) => (value === false || value === '' ? [] : [{ name, value, override }]));
}
