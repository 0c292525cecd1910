import { encodeKeyPath, findKeyProblem, LONGEST_KEY } from '../../object-key/encode-object-key';
import { checkString, EdgepassError } from '../errors';

/**
 * The path, without its leading slash, that names exactly this S3 object and that browsers, curl and fetch send unchanged.
 *
 * Everything but unreserved characters and `/` is percent-encoded, and a slash next to a segment `.` or `..`, which URL parsers would
 * remove. The keys `.` and `..` have no such path and are refused.
 *
 * @example encodeObjectKey('a b/+#%.txt') // 'a%20b/%2B%23%25.txt'
 */
export function encodeObjectKey(key: string): string {
  checkString(key, 'key');
  const problem = findKeyProblem(key);
  if (problem !== undefined) throw invalid(problem);
  if (Buffer.byteLength(key) > LONGEST_KEY) throw invalid(`The object key is longer than S3's ${LONGEST_KEY} bytes`);
  return encodeKeyPath(key);
}

/** For the start of a key: as the whole key would be encoded, and it may be empty. */
export const encodeKeyPrefix = (prefix: string): string => (prefix === '' ? '' : encodeObjectKey(prefix));

const invalid = (message: string): EdgepassError => new EdgepassError('ERR_OBJECT_KEY_INVALID', message);
