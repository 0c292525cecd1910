import { EdgepassError } from './edgepass-error';
import type { SignedCookies } from './sign-cookies';

export interface CookieAttributes {
  /** Without it, the cookies belong to the host that sets them alone. @default none */
  readonly domain?: string | undefined;
  /** The beginning of the URLs' paths, as they are percent-encoded. It is no wildcard. @default '/' */
  readonly path?: string | undefined;
  /** @default true */
  readonly secure?: boolean | undefined;
  /** @default true */
  readonly httpOnly?: boolean | undefined;
  /** `None` when pages of another site embed the content. @default 'Lax' */
  readonly sameSite?: 'Strict' | 'Lax' | 'None' | undefined;
}

/**
 * The `Set-Cookie` headers for signed cookies, one each. No `Expires` and no `Max-Age`: the policy ends the access, and the browser
 * forgets the cookies with its session, as CloudFront's guide recommends.
 *
 * @example response.setHeader('Set-Cookie', setCookieHeaders(cookies, { domain: 'example.com', path: '/videos/' }));
 */
export function setCookieHeaders(cookies: SignedCookies, attributes: CookieAttributes = {}): string[] {
  const { domain, path = '/', secure = true, httpOnly = true, sameSite = 'Lax' } = attributes;
  if (domain !== undefined) checkDomain(domain);
  checkPath(path);
  if (!['Strict', 'Lax', 'None'].includes(sameSite)) throw new TypeError("sameSite must be 'Strict', 'Lax' or 'None'");
  if (sameSite === 'None' && !secure) throw invalid('browsers drop a cookie with SameSite=None that is not Secure');
  const tail = [
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    `Path=${path}`,
    ...(secure ? ['Secure'] : []),
    ...(httpOnly ? ['HttpOnly'] : []),
    `SameSite=${sameSite}`,
  ].join('; ');
  return Object.entries(cookies).map(([name, value]) => `${name}=${value}; ${tail}`);
}

function checkDomain(domain: string): void {
  if (!/^\.?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(domain))
    throw invalid('domain must be a domain name such as example.com, without a wildcard');
  if (/^\.?cloudfront\.net$/i.test(domain)) throw invalid('browsers take no cookie for all of cloudfront.net');
}

/** CloudFront's guide shows `Path=/images/*`, but browsers take the asterisk literally and then never send the cookie. */
function checkPath(path: string): void {
  if (!path.startsWith('/') || !/^[!-+\--:<-~]+$/.test(path))
    throw invalid('path must begin with "/" and be percent-encoded');
  if (path.includes('*')) throw invalid('path is a prefix already; browsers take "*" literally');
}

const invalid = (what: string): EdgepassError =>
  new EdgepassError('ERR_COOKIE_ATTRIBUTE_INVALID', `The cookie attributes cannot be used: ${what}`);
