import * as v from 'valibot';
import { LONGEST_KEY } from '../../object-key/encode-object-key';
import type { ListedFolder, ListedObject, Listing, ListObjectsQuery } from '../bodies';
import type { listObjects } from '../calls/list-objects';
import type { FunctionSchemas } from './call-schemas';
import { described, moment, optional } from './field';

/** Objects of one `GET /s3objects`. */
export const MOST_ITEMS = 1_000;

const PREFIX = `the beginning of keys, at most ${LONGEST_KEY} characters`;
const SEARCH = `a text of 1 to ${LONGEST_KEY} characters`;
const LIMIT = `a whole number from 1 to ${MOST_ITEMS}`;

export const listObjectsQuery: v.GenericSchema<ListObjectsQuery> = v.pipe(
  v.strictObject({
    prefix: optional(
      v.pipe(v.string(PREFIX), v.maxLength(LONGEST_KEY, PREFIX)),
      'The beginning of the keys, at most 1,024 characters. A `list:PREFIX` scope asks for one that begins with it.',
    ),
    delimiter: optional(
      v.literal('/', '"/"'),
      '`/`: all keys that go on with a further folder are answered once, as that folder: `{"Prefix": "a/"}`.',
    ),
    limit: optional(
      v.pipe(v.number(LIMIT), v.safeInteger(LIMIT), v.minValue(1, LIMIT), v.maxValue(MOST_ITEMS, LIMIT)),
      'Items an answer, 1 to 1,000. By default 1,000.',
    ),
    cursor: optional(
      v.pipe(v.string(), v.metadata({ minLength: 1 })),
      'The `X-Next-Cursor` of the page before, with the same `prefix`, `delimiter` and `search`.',
    ),
    search: optional(
      v.pipe(v.string(SEARCH), v.minLength(1, SEARCH), v.maxLength(LONGEST_KEY, SEARCH)),
      'A text that the keys hold below the prefix, in upper or lower case, 1 to 1,024 characters.',
    ),
  }),
  v.description('Query of `GET /s3objects`.'),
);

export const listedObject: v.GenericSchema<ListedObject> = v.pipe(
  v.strictObject({
    ETag: v.string(),
    Key: v.string(),
    LastModified: described(moment, 'ISO 8601.'),
    Size: described(v.number(), 'In bytes.'),
    StorageClass: v.string(),
  }),
  v.description('An object of the bucket, as S3 lists it.'),
);

export const listedFolder: v.GenericSchema<ListedFolder> = v.pipe(
  v.strictObject({ Prefix: v.string() }),
  v.description('The beginning of all keys of a folder; ends with `/`.'),
);

export const listing: v.GenericSchema<Listing> = v.pipe(
  v.array(v.union([listedObject, listedFolder])),
  v.description('Response of `GET /s3objects`, in the order of keys and prefixes.'),
);

export const schemas: FunctionSchemas<typeof listObjects> = {
  listObjects: { query: listObjectsQuery, response: listing },
};
