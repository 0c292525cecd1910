import { isSigningParameter, parameterName, type SigningParameter } from '../encoding/signing-parameter';
import { checkString, EdgepassError } from '../errors';

/** What a request brings to show that it may, before anything of it is believed. */
export interface Credentials {
  readonly source: 'url' | 'cookies';
  readonly parameters: Readonly<Partial<Record<SigningParameter, string>>>;
  /** The path and the query that are the application's own: what remains for the cache and the origin. */
  readonly targetWithoutSigning: string;
  /** The URL that the viewer asked for, as a policy names it. */
  readonly resource: string;
}

export interface RawRequest {
  readonly scheme: 'http' | 'https';
  /** The Host header as it came, with its port if it has one. */
  readonly host: string;
  /** The request target as it came: never decoded, never normalized. */
  readonly target: string;
  /** The Cookie header as it came. */
  readonly cookieHeader?: string | undefined;
}

/**
 * A URL with any of CloudFront's parameters is a signed URL and its cookies are not looked at. Source: CloudFront Developer Guide,
 * "Decide to use signed URLs or signed cookies". [UNV] `Hash-Algorithm` alone is counted among them; of several equal names
 * none is taken.
 */
export function readCredentials({ scheme, host, target, cookieHeader }: RawRequest): Credentials {
  checkOrigin(scheme, host);
  checkString(target, 'target');
  const mark = target.indexOf('?');
  const fromUrl = mark < 0 ? NO_PIECES : splitPieces(target.slice(mark + 1).split('&'));
  const isSignedUrl = fromUrl.count > 0;
  const { parameters } = isSignedUrl || !cookieHeader ? fromUrl : splitPieces(cookiePieces(cookieHeader));
  const targetWithoutSigning = isSignedUrl ? joinTarget(target.slice(0, mark), fromUrl.own) : target;
  checkTarget(targetWithoutSigning);
  const resource = `${scheme}://${host}${targetWithoutSigning}`;
  return { source: isSignedUrl ? 'url' : 'cookies', parameters, targetWithoutSigning, resource };
}

/** The application's own parameters stay in the order they came in. */
const joinTarget = (path: string, own: readonly string[]): string =>
  own.length === 0 ? path : `${path}?${own.join('&')}`;

function checkOrigin(scheme: string, host: string): void {
  if (scheme !== 'http' && scheme !== 'https') throw new TypeError("scheme must be 'http' or 'https'");
  checkString(host, 'host');
  if (!/^[A-Za-z0-9.\-_:[\]]+$/.test(host)) throw invalid('the host is empty or has characters that no host has');
}

/**
 * Node's parser lets through what RFC 3986 does not. [UNV] How CloudFront would write a quote, a backslash or a control character
 * into the policy it rebuilds is not known, so such a request is refused.
 */
function checkTarget(target: string): void {
  if (!target.startsWith('/')) throw invalid('the target does not begin with "/"');
  if (!/^[!#-[\]-~]+$/.test(target))
    throw invalid('the target has a space, a quote, a backslash or a byte outside ASCII');
}

/** The cookies of CloudFront's, without the prefix of their names. */
function cookiePieces(header: string): string[] {
  return header
    .split(';')
    .map((piece) => piece.trim())
    .filter((piece) => piece.startsWith(COOKIE_PREFIX))
    .map((piece) => piece.slice(COOKIE_PREFIX.length));
}

const COOKIE_PREFIX = 'CloudFront-';

interface SplitPieces {
  readonly parameters: Credentials['parameters'];
  /** How many of the pieces were CloudFront's. */
  readonly count: number;
  readonly own: readonly string[];
}

const NO_PIECES: SplitPieces = { parameters: {}, count: 0, own: [] };

function splitPieces(pieces: readonly string[]): SplitPieces {
  const parameters: Partial<Record<SigningParameter, string>> = {};
  const own: string[] = [];
  for (const piece of pieces) {
    const name = parameterName(piece);
    if (!isSigningParameter(name)) own.push(piece);
    else if (parameters[name] === undefined) parameters[name] = decodeUnreserved(piece.slice(name.length + 1));
    else throw duplicated(name);
  }
  return { parameters, count: pieces.length - own.length, own };
}

/**
 * URLSearchParams writes a signature's `~` as `%7E`, so links of aws-cloudfront-sign and of applications that touch a URL after
 * signing have it. RFC 3986, 2.3: the two are the same URL. [UNV] CloudFront serves those links, as far as is known.
 */
function decodeUnreserved(value: string): string {
  if (!value.includes('%')) return value;
  return value.replace(/%(2D|2d|5F|5f|7E|7e)/g, decodeURIComponent);
}

function duplicated(name: SigningParameter): EdgepassError {
  const message = `${name} is there more than once`;
  return new EdgepassError('ERR_PARAMETER_DUPLICATED', message);
}

const invalid = (what: string): EdgepassError =>
  new EdgepassError('ERR_REQUEST_INVALID', `The request is invalid: ${what}`);
