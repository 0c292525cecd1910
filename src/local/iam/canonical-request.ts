import { encodeSegment } from '../../object-key/encode-object-key';
import { SignatureError } from './signature-error';

/**
 * The path as it is signed: S3 signs the encoded path once, as it is; other services tidy it up and encode it once more.
 * Source: IAM User Guide, "Create a signed AWS API request", step 1.
 */
export function canonicalPath(rawPath: string, service: string): string {
  const decoded = service === 's3' ? decode(rawPath) : normalizePath(rawPath);
  return decoded.split('/').map(encodeSegment).join('/') || '/';
}

/** Without empty segments, `.` and `..`; a slash at the end stays. */
function normalizePath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const normalized = `/${segments.join('/')}`;
  return path.endsWith('/') && segments.length > 0 ? `${normalized}/` : normalized;
}

/** The parameters in order, each decoded and encoded anew, the signature itself left out. */
export function canonicalQuery(rawQuery: string): string {
  if (rawQuery === '') return '';
  return rawQuery
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [encodeSegment(decode(name)), encodeSegment(decode(value))] as const;
    })
    .filter(([name]) => name !== 'X-Amz-Signature')
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SignatureError('SignatureDoesNotMatch', 'the URL has a percent-encoding that is no UTF-8');
  }
}
