/**
 * How a URL names an object: the one encoder of keys. Browsers run it, and every other folder may import it, so it imports nothing
 * and uses nothing of Node.js.
 */

/** S3's limit, in bytes of UTF-8. Source: Amazon S3 User Guide, "Creating object key names". */
export const LONGEST_KEY = 1024;

/** Returns how many bytes of UTF-8 a key has. */
export const keyBytes = (key: string): number => new TextEncoder().encode(key).length;

/** Returns why no URL can name the object of this key, as a sentence; undefined where one can. */
export function findKeyProblem(key: string): string | undefined {
  if (key === '') return 'The object key is empty';
  if (!key.isWellFormed()) return 'The object key has half of a surrogate pair';
  if (isDotSegment(key)) return 'No URL can name the object "." or ".."';
  return undefined;
}

/** URL parsers remove these segments of a path, also when they are written `%2e`. */
export const isDotSegment = (segment: string): boolean => segment === '.' || segment === '..';

/**
 * Returns the path, without its leading slash, that names exactly this object and that browsers, curl and fetch send unchanged. The
 * key is one that `findKeyProblem` finds nothing wrong with.
 *
 * Everything but unreserved characters and `/` is percent-encoded: S3 reads a literal `+` as a space, `*` and `?` would be
 * wildcards in a custom policy. A slash next to a segment `.` or `..` becomes `%2F`: S3 decodes it, and no parser takes it for a
 * separator. That path does not lie below its folder for a cache behavior's path pattern or a wildcard in a policy.
 *
 * @example encodeKeyPath('a b/+#%.txt') // 'a%20b/%2B%23%25.txt'
 */
export function encodeKeyPath(key: string): string {
  if (!DOT_SEGMENT.test(key)) return encodeCharacters(key);
  const segments = key.split('/');
  return segments
    .map((segment, at) => {
      const slash = at === 0 ? '' : isDotSegment(segment) || isDotSegment(segments[at - 1] ?? '') ? '%2F' : '/';
      return slash + encodeCharacters(segment);
    })
    .join('');
}

const DOT_SEGMENT = /(?:^|\/)\.{1,2}(?:\/|$)/;

/**
 * Returns a key, or any other text, as one segment of a path: every `/` is `%2F`, so that no parser resolves a `..` in it.
 *
 * @example encodeSegment('a/../b.txt') // 'a%2F..%2Fb.txt'
 */
export const encodeSegment = (text: string): string => encodeCharacters(text).replaceAll('/', '%2F');

const SAFE = /^[A-Za-z0-9\-_.~/]*$/;
/** The characters that encodeURI leaves as they are, and this encoder does not. */
const LEFT_OVER = /[!'()*;?:@&=+$,#]/g;

/** Encodes all but RFC 3986's unreserved characters and `/`. The text must be well-formed. */
export function encodeCharacters(text: string): string {
  return SAFE.test(text) ? text : encodeURI(text).replace(LEFT_OVER, encodeCharacter);
}

const encodeCharacter = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
