/** The bodies of `bodies.ts` as schemas. A message continues the sentence `"FIELD" has to be …`. */
import * as v from 'valibot';
import { LONGEST_KEY } from '../object-key/encode-object-key';
import type {
  ExplainBody,
  ExplainedLink,
  GatewayProblem,
  Health,
  Listing,
  ListObjectsQuery,
  Problem,
  SignedFolderLink,
  SignedLink,
  SignedLinks,
  SignFolderBody,
  SignUrlsBody,
} from './bodies';

export type * from './bodies';

/** Objects of one `GET /s3objects`, files of one `POST /urls`. */
export const MOST_ITEMS = 1_000;
/** CloudFront's limit for a URL. Source: CloudFront Developer Guide, "Quotas". */
const LONGEST_URL = 8_192;
/** Browsers send at most this for one domain. */
const LONGEST_COOKIES = 16_384;

const KEY = "an object's key, a string that is not empty";
const PREFIX = `the beginning of keys, at most ${LONGEST_KEY} characters`;
const FOLDER = 'the beginning of keys, a string that ends with "/"';
const SEARCH = `a text of 1 to ${LONGEST_KEY} characters`;
const LIMIT = `a whole number from 1 to ${MOST_ITEMS}`;
const SECONDS = 'a whole number of seconds';
const DATE = 'a date in ISO 8601 with its time zone, such as "2026-01-02T03:04:05Z"';
const ADDRESS = 'one IPv4 address or CIDR block, such as "192.0.2.0/24"';
const FILES = `a list of 1 to ${MOST_ITEMS} keys`;
const NAME = 'a file name of 1 to 255 characters without "/", "\\" and control characters';
const FLAG = 'true or false';
const URL_TEXT = `a URL of at most ${LONGEST_URL} characters`;
const COOKIES = `a Cookie header of at most ${LONGEST_COOKIES} characters, or an object of names and values`;

const key = v.pipe(v.string(KEY), v.minLength(1, KEY));
const date = v.pipe(v.string(DATE), v.isoTimestamp(DATE));
const moment = v.pipe(v.string(), v.isoTimestamp());
const grantOptions = {
  expiresIn: v.exactOptional(v.pipe(v.number(SECONDS), v.safeInteger(SECONDS))),
  expires: v.exactOptional(date),
  notBefore: v.exactOptional(date),
  ipAddress: v.exactOptional(v.string(ADDRESS)),
};

export const listObjectsQuery: v.GenericSchema<ListObjectsQuery> = v.strictObject({
  prefix: v.exactOptional(v.pipe(v.string(PREFIX), v.maxLength(LONGEST_KEY, PREFIX))),
  delimiter: v.exactOptional(v.literal('/', '"/"')),
  limit: v.exactOptional(
    v.pipe(v.number(LIMIT), v.safeInteger(LIMIT), v.minValue(1, LIMIT), v.maxValue(MOST_ITEMS, LIMIT)),
  ),
  cursor: v.exactOptional(v.string()),
  search: v.exactOptional(v.pipe(v.string(SEARCH), v.minLength(1, SEARCH), v.maxLength(LONGEST_KEY, SEARCH))),
});

export const listing: v.GenericSchema<Listing> = v.array(
  v.union([
    v.strictObject({
      ETag: v.string(),
      Key: v.string(),
      LastModified: moment,
      Size: v.number(),
      StorageClass: v.string(),
    }),
    v.strictObject({ Prefix: v.string() }),
  ]),
);

export const signUrlsBody: v.GenericSchema<SignUrlsBody> = v.strictObject({
  file: v.exactOptional(key),
  files: v.exactOptional(v.pipe(v.array(key, FILES), v.minLength(1, FILES), v.maxLength(MOST_ITEMS, FILES))),
  ...grantOptions,
  // \p{Cs} is half of a surrogate pair, which no URL can hold.
  downloadAs: v.exactOptional(
    v.pipe(v.string(NAME), v.minLength(1, NAME), v.maxLength(255, NAME), v.regex(/^[^\p{Cc}\p{Cs}/\\]*$/u, NAME)),
  ),
  mustExist: v.exactOptional(v.boolean(FLAG)),
});

const signedLinkFields = { signedUrl: v.string(), expires: moment };
const signedLink: v.GenericSchema<SignedLink> = v.strictObject(signedLinkFields);
const signedLinks: v.GenericSchema<SignedLinks> = v.strictObject({
  signedUrls: v.array(v.strictObject({ file: v.string(), ...signedLinkFields })),
});
export const signUrlsResponse: v.GenericSchema<SignedLink | SignedLinks> = v.union([signedLink, signedLinks]);

export const signFolderBody: v.GenericSchema<SignFolderBody> = v.strictObject({
  prefix: v.pipe(v.string(FOLDER), v.endsWith('/', FOLDER)),
  ...grantOptions,
});

export const signFolderResponse: v.GenericSchema<SignedFolderLink> = v.strictObject({
  baseUrl: v.string(),
  query: v.string(),
  cookies: v.record(v.string(), v.string()),
  expires: moment,
});

export const explainBody: v.GenericSchema<ExplainBody> = v.strictObject({
  url: v.pipe(v.string(URL_TEXT), v.maxLength(LONGEST_URL, URL_TEXT)),
  cookies: v.exactOptional(
    v.union([v.pipe(v.string(), v.maxLength(LONGEST_COOKIES)), v.record(v.string(), v.string())], COOKIES),
  ),
});

export const explainResponse: v.GenericSchema<ExplainedLink> = v.strictObject({
  verdict: v.string(),
  code: v.exactOptional(v.string()),
  checks: v.array(
    v.strictObject({ check: v.string(), outcome: v.picklist(['passed', 'failed', 'skipped']), detail: v.string() }),
  ),
});

export const health: v.GenericSchema<Health> = v.strictObject({ status: v.literal('ok'), version: v.string() });

const reason = { code: v.string(), detail: v.string(), requestId: v.string() };

export const problem: v.GenericSchema<Problem> = v.strictObject({
  type: v.literal('about:blank'),
  title: v.string(),
  status: v.number(),
  ...reason,
  field: v.exactOptional(v.string()),
});

/** What API Gateway refuses by itself. It cannot name a status that it chooses. */
export const gatewayProblem: v.GenericSchema<GatewayProblem> = v.strictObject({
  type: v.literal('about:blank'),
  title: v.exactOptional(v.string()),
  status: v.exactOptional(v.number()),
  ...reason,
});
