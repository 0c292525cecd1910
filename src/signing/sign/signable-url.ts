import { encodeKeyPrefix, encodeObjectKey } from '../encoding/encode-object-key';
import { isSigningParameter, parameterName } from '../encoding/signing-parameter';
import { checkString, EdgepassError } from '../errors';

/** A URL as viewers will send it, or an S3 object by its key. */
export type SigningInput = string | ObjectLocation;

export interface ObjectLocation {
  /** `https://d111111abcdef8.cloudfront.net`, or an alternate domain name of the distribution. */
  readonly distributionUrl: string;
  /** The S3 object key, not encoded. */
  readonly key: string;
}

/** CloudFront's limit. Source: CloudFront Developer Guide, "Quotas". */
const LONGEST_URL = 8192;

/** RFC 3986's characters; in a query without the apostrophe, which browsers send as %27, and `?`, a wildcard in a custom policy. */
const PATH = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/;
const QUERY = /^(?:[A-Za-z0-9\-._~!$&()*+,;=:@/]|%[0-9A-Fa-f]{2})+$/;

/** The URL to sign: one that every client sends byte for byte, with no parameter or wildcard that would change its meaning. */
export function toSignableUrl(input: SigningInput): string {
  if (typeof input === 'string') {
    checkUrl(input);
    return input;
  }
  const { distributionUrl, key } = readLocation(input);
  return `${toOrigin(distributionUrl)}/${encodeObjectKey(key)}`;
}

/** `https://host` of a distribution's URL. */
function toOrigin(distributionUrl: string): string {
  checkString(distributionUrl, 'distributionUrl');
  const url = parse(distributionUrl);
  if (distributionUrl !== url.origin && distributionUrl !== `${url.origin}/`) {
    throw invalid('distributionUrl must be a scheme and a host, as in https://d111111abcdef8.cloudfront.net');
  }
  refuseS3(url.hostname);
  return url.origin;
}

/** The start of the URLs of all objects whose keys begin with a prefix. */
export function toFolderUrl(distributionUrl: string, prefix: string): string {
  checkString(prefix, 'prefix');
  return `${toOrigin(distributionUrl)}/${encodeKeyPrefix(prefix)}`;
}

export function checkSignedLength(signedUrl: string): string {
  if (signedUrl.length <= LONGEST_URL) return signedUrl;
  throw new EdgepassError(
    'ERR_URL_TOO_LONG',
    `The signed URL has ${signedUrl.length} bytes; CloudFront takes ${LONGEST_URL}`,
  );
}

function readLocation(input: unknown): ObjectLocation {
  if (typeof input === 'object' && input !== null && 'distributionUrl' in input && 'key' in input) {
    return input as ObjectLocation;
  }
  throw new TypeError('Give a URL as a string, or { distributionUrl, key }');
}

function checkUrl(text: string): void {
  const url = parse(text);
  if (url.username || url.password || text.includes('#'))
    throw invalid('The URL has a user name or a fragment (#), which never reach CloudFront; in a key write %23');
  refuseS3(url.hostname);
  const mark = text.indexOf('?');
  const query = mark < 0 ? undefined : text.slice(mark + 1);
  checkParameters(query);
  if (text.includes('*')) {
    throw new EdgepassError(
      'ERR_WILDCARD_IN_URL',
      'The URL has a "*": for one object write %2A; for many use the resource option, signFolder or signCookies',
    );
  }
  const path = text.slice(url.origin.length, mark < 0 ? undefined : mark);
  if (url.href !== text || !PATH.test(path) || (query !== undefined && !QUERY.test(query))) throw notCanonical();
}

function checkParameters(query: string | undefined): void {
  if (query === undefined) return;
  for (const piece of query.split('&')) {
    if (piece === '') throw invalid('The query has an empty parameter');
    const name = parameterName(piece);
    if (name === 'X-Amz-Signature') throw new EdgepassError('ERR_URL_OF_S3', S3_HELP);
    if (isSigningParameter(name)) {
      throw new EdgepassError(
        'ERR_ALREADY_SIGNED',
        `The URL already has the parameter ${name}: it is signed, or uses CloudFront's name`,
      );
    }
  }
}

function parse(text: string): URL {
  if (/^https?:/i.test(text)) {
    try {
      return new URL(text);
    } catch {}
  }
  throw invalid('Not an absolute URL: it must begin with http:// or https://');
}

const S3_HELP = "This is a URL of S3; sign the distribution's, as in https://d111111abcdef8.cloudfront.net";

function refuseS3(hostname: string): void {
  if (/(?:^|\.)s3[.-](?:.*\.)?amazonaws\.com(?:\.cn)?$/.test(hostname))
    throw new EdgepassError('ERR_URL_OF_S3', S3_HELP);
}

const invalid = (message: string): EdgepassError => new EdgepassError('ERR_URL_INVALID', message);

function notCanonical(): EdgepassError {
  return new EdgepassError(
    'ERR_URL_NOT_CANONICAL',
    'Clients would send this URL in another spelling: percent-encode it, with a lower-case host, a path, no "." or ".." segments; or pass { distributionUrl, key }',
  );
}
