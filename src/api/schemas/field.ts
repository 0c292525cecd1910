/**
 * Fields that several calls have. A message continues the sentence `"FIELD" has to be …`. `v.metadata` holds keywords of JSON Schema: what
 * a handler checks with a code of its own, in words that generators and fuzzers understand.
 */
import * as v from 'valibot';
import { LONGEST_KEY } from '../../object-key/encode-object-key';

const KEY = "an object's key, a string that is not empty";
const DATE = 'a date in ISO 8601 with its time zone, such as "2026-01-02T03:04:05Z"';
const SECONDS = 'a whole number of seconds';
const ADDRESS = 'one IPv4 address or CIDR block, such as "192.0.2.0/24"';
const SIZE = 'a whole number of bytes';

/** `checkObjectKey` refuses what the pattern refuses, and more than 1,024 bytes of UTF-8, which no pattern can count. */
const KEY_KEYWORDS = {
  maxLength: LONGEST_KEY,
  pattern: '^(?!(?:_api|_app|_s)(?:/|$))(?!\\.{1,2}$)[^\\u0000]+$',
};

export const flag: v.GenericSchema<boolean> = v.boolean('true or false');
export const key: v.GenericSchema<string> = v.pipe(v.string(KEY), v.minLength(1, KEY), v.metadata(KEY_KEYWORDS));
export const date: v.GenericSchema<string> = v.pipe(v.string(DATE), v.isoTimestamp(DATE));
/** In responses. */
export const moment: v.GenericSchema<string> = v.pipe(v.string(), v.isoTimestamp());
export const seconds: v.GenericSchema<number> = v.pipe(
  v.number(SECONDS),
  v.safeInteger(SECONDS),
  v.metadata({ minimum: 1 }),
);
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
export const address: v.GenericSchema<string> = v.pipe(
  v.string(ADDRESS),
  v.metadata({ pattern: `^(?:${OCTET}\\.){3}${OCTET}(?:/(?:3[0-2]|[12]?[0-9]))?$` }),
);
/** S3's largest object. Source: Amazon S3 User Guide, "Multipart upload limits". */
const LARGEST_OBJECT = 5 * 1024 ** 4;
export const size: v.GenericSchema<number> = v.pipe(
  v.number(SIZE),
  v.safeInteger(SIZE),
  v.minValue(0, SIZE),
  v.metadata({ maximum: LARGEST_OBJECT }),
);

/** Returns the keywords for an object that has these fields. Linters ask for every required field's schema. */
export const having = (...fields: string[]): object => ({
  required: fields,
  properties: Object.fromEntries(fields.map((field) => [field, {}])),
});

/** Returns the schema with its description: OpenAPI, the types in `bodies.ts` and docs/api.md have it. */

export function described<T>(schema: v.GenericSchema<T>, text: string): v.GenericSchema<T> {
  return v.pipe(schema, v.description(text));
}

/** Returns the schema of a field that may be left out. */

export function optional<T>(
  schema: v.GenericSchema<T>,
  text: string,
): v.ExactOptionalSchema<v.GenericSchema<T>, undefined> {
  return v.exactOptional(described(schema, text));
}
