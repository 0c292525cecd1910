import { checkString, EdgepassError } from '../errors';
import type { Policy } from '../policy/policy';
import { type RequestToVerify, type VerifyContext, verifyRequest } from './verify-request';

/** A request by its URL, with the cookies that came along, if any. */
export interface UrlWithCookies {
  readonly url: string;
  /** A Cookie header, or names and values. */
  readonly cookies: string | Readonly<Record<string, string>>;
}

/**
 * Returns the policy of a signed URL that holds, or throws as `verifyRequest` does. The URL is taken as it would be sent: it is
 * not parsed, decoded or normalized.
 *
 * @example verifyUrl(url, { publicKeys: { [keyPairId]: pem }, now: new Date(), ipAddress: '203.0.113.7' });
 */
export function verifyUrl(url: string, context: VerifyContext): Policy {
  return verifyRequest(toRequest(url, context)).policy;
}

/**
 * Returns the policy of signed cookies that hold for a URL, or throws as `verifyRequest` does. A URL that is signed itself wins
 * over its cookies.
 *
 * @example verifyCookies({ url, cookies: request.headers.cookie ?? '' }, { publicKeys, now: new Date() });
 */
export function verifyCookies(input: UrlWithCookies, context: VerifyContext): Policy {
  return verifyRequest(toRequest(input, context)).policy;
}

/** Scheme, host and target of a URL as a client sends them; the fragment stays behind. */
export function toRequest(input: string | UrlWithCookies, context: VerifyContext): RequestToVerify {
  const { url, cookies } = typeof input === 'string' ? { url: input, cookies: undefined } : input;
  checkString(url, 'The URL');
  const match = URL_PARTS.exec(url);
  if (!match)
    throw new EdgepassError('ERR_REQUEST_INVALID', 'Not an absolute URL: it must begin with http:// or https://');
  const [, scheme, host = '', rest = ''] = match;
  // One literal: spreading the context costs more than all the parsing.
  return {
    scheme: scheme === 'http' ? 'http' : 'https',
    host,
    target: rest.startsWith('/') ? rest : `/${rest}`,
    cookieHeader: cookies === undefined ? undefined : toCookieHeader(cookies),
    publicKeys: context.publicKeys,
    now: context.now,
    ipAddress: context.ipAddress,
    cache: context.cache,
  };
}

const URL_PARTS = /^(https?):\/\/([^/?#]+)([^#]*)/;

export function toCookieHeader(cookies: UrlWithCookies['cookies']): string {
  if (typeof cookies === 'string') return cookies;
  return Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
}
