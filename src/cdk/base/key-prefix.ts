import { RESERVED_SEGMENTS } from '../../api/reserved-segments';
import { PropertyError } from './property-error';

/** S3's limit, in bytes of UTF-8. Source: Amazon S3 User Guide, "Creating object key names". */
const LONGEST_KEY = 1024;

/** @throws PropertyError when no object's key can begin with it. */
export function checkKeyPrefix(property: string, prefix: string): void {
  if (typeof prefix !== 'string' || !prefix.isWellFormed())
    throw new PropertyError(property, 'is no valid Unicode: give what the objects’ keys begin with');
  const bytes = Buffer.byteLength(prefix);
  if (bytes > LONGEST_KEY)
    throw new PropertyError(property, `has ${bytes} bytes; an S3 key has at most ${LONGEST_KEY}: give a shorter one`);
  const reserved = RESERVED_SEGMENTS.find((segment) => prefix.startsWith(`${segment}/`));
  if (reserved !== undefined)
    throw new PropertyError(property, `begins with "${reserved}/", which is not for objects: give another`);
}
