import type { IncomingHttpHeaders } from 'node:http';
import { matchesWildcard } from '../../wildcard';
import type { CorsRule } from '../store/object-index';

/** The headers of an answer to a cross-origin request: those of the first rule that matches, or none. */
export function corsHeaders(
  rules: readonly CorsRule[],
  { method, headers }: { readonly method: string; readonly headers: IncomingHttpHeaders },
): Record<string, string> | undefined {
  const { origin } = headers;
  if (origin === undefined) return undefined;
  const isPreflight = method === 'OPTIONS';
  const asked = isPreflight ? (headers['access-control-request-method'] ?? '') : method;
  const names = isPreflight ? listOf(headers['access-control-request-headers']) : [];
  const rule = rules.find(
    (candidate) =>
      candidate.allowedOrigins.some((pattern) => matchesWildcard(pattern, origin)) &&
      candidate.allowedMethods.includes(asked) &&
      names.every((name) => candidate.allowedHeaders.some((pattern) => matchesWildcard(pattern.toLowerCase(), name))),
  );
  if (!rule) return undefined;
  const isAnyOrigin = rule.allowedOrigins.includes('*');
  return {
    'access-control-allow-origin': isAnyOrigin ? '*' : origin,
    'access-control-allow-methods': rule.allowedMethods.join(', '),
    ...(names.length > 0 && { 'access-control-allow-headers': names.join(', ') }),
    ...(rule.exposedHeaders.length > 0 && { 'access-control-expose-headers': rule.exposedHeaders.join(', ') }),
    ...(rule.maxAge !== undefined && { 'access-control-max-age': String(rule.maxAge) }),
    ...(!isAnyOrigin && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

const listOf = (header: string | undefined): string[] =>
  (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
