import { isDotSegment, keyBytes, LONGEST_KEY } from '../object-key/encode-object-key';
import type { ProblemCode } from './problems';
import { RESERVED_SEGMENTS } from './reserved-segments';

export interface KeyProblem {
  readonly code: ProblemCode;
  /** A sentence without its subject: `has 1025 bytes; …` */
  readonly problem: string;
}

/**
 * Why no link can be made for this object key; undefined where one can.
 *
 * @example checkObjectKey('_api/report.pdf')?.code // 'ERR_KEY_RESERVED'
 */
export function checkObjectKey(key: string): KeyProblem | undefined {
  if (key === '') return { code: 'ERR_INVALID_FILE', problem: 'is empty: send an object key' };
  if (!key.isWellFormed()) {
    return { code: 'ERR_INVALID_FILE', problem: 'has an unpaired surrogate: send valid Unicode' };
  }
  if (key.includes('\0')) {
    return {
      code: 'ERR_INVALID_FILE',
      problem: 'has a NUL character, which no listing can name: choose another key',
    };
  }
  const bytes = keyBytes(key);
  if (bytes > LONGEST_KEY) {
    return { code: 'ERR_KEY_TOO_LONG', problem: `has ${bytes} bytes; an S3 key has at most ${LONGEST_KEY}` };
  }
  if (isDotSegment(key)) {
    return { code: 'ERR_OBJECT_KEY_INVALID', problem: 'is "." or "..", which no URL can name: rename the object' };
  }
  const [first] = key.split('/', 1);
  const reserved = RESERVED_SEGMENTS.find((segment) => segment === first);
  if (reserved === undefined) return undefined;
  const problem = `begins with "${reserved}", which the distribution answers itself: choose another name`;
  return { code: 'ERR_KEY_RESERVED', problem };
}
