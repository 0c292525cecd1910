import { checkString, EdgepassError } from '../errors';

/** S3's limit, in UTF-8 bytes. */
const LONGEST_KEY = 1024;

/**
 * The path, without its leading slash, that names exactly this S3 object and that browsers, curl and fetch send unchanged.
 *
 * Everything but unreserved characters and `/` is percent-encoded: S3 reads a literal `+` as a space, `*` and `?` would be
 * wildcards in a custom policy. URL parsers remove the segments `.` and `..`, also when they are written `%2e`, so a slash beside
 * such a segment becomes `%2F`: S3 decodes it, and no parser takes it for a separator. That path does not lie below its folder
 * for a cache behavior's path pattern or a wildcard in a policy. The keys `.` and `..` have no such path and are refused.
 *
 * @example encodeObjectKey('a b/+#%.txt') // 'a%20b/%2B%23%25.txt'
 */
export function encodeObjectKey(key: string): string {
  checkString(key, 'key');
  if (key === '') throw invalid('The object key is empty');
  if (!key.isWellFormed()) throw invalid('The object key has half of a surrogate pair');
  if (Buffer.byteLength(key) > LONGEST_KEY) throw invalid(`The object key is longer than S3's ${LONGEST_KEY} bytes`);
  return DOT_SEGMENT.test(key) ? encodeDotSegments(key) : encodeCharacters(key);
}

/** For the start of a key: as the whole key would be encoded, and it may be empty. */
export const encodeKeyPrefix = (prefix: string): string => (prefix === '' ? '' : encodeObjectKey(prefix));

const DOT_SEGMENT = /(?:^|\/)\.{1,2}(?:\/|$)/;

function encodeDotSegments(key: string): string {
  const segments = key.split('/');
  if (segments.length === 1) throw invalid('No URL can name the object "." or ".."');
  const isDots = (segment: string | undefined): boolean => segment === '.' || segment === '..';
  return segments
    .map((segment, at) => {
      const slash = at === 0 ? '' : isDots(segment) || isDots(segments[at - 1]) ? '%2F' : '/';
      return slash + encodeCharacters(segment);
    })
    .join('');
}

const SAFE = /^[A-Za-z0-9\-_.~/]*$/;
/** What encodeURI leaves as it is and we do not. */
const LEFT_OVER = /[!'()*;?:@&=+$,#]/g;
const HAS_LEFT_OVER = new RegExp(LEFT_OVER.source);

/** All but unreserved characters and `/`. The text must be well-formed. */
export function encodeCharacters(text: string): string {
  if (SAFE.test(text)) return text;
  const encoded = encodeURI(text);
  return HAS_LEFT_OVER.test(text) ? encoded.replace(LEFT_OVER, encodeCharacter) : encoded;
}

const encodeCharacter = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

const invalid = (message: string): EdgepassError => new EdgepassError('ERR_OBJECT_KEY_INVALID', message);
