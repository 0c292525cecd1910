import * as v from 'valibot';
import type {
  GrantOptions,
  SignedFile,
  SignedFolderLink,
  SignedLink,
  SignedLinks,
  SignFolderBody,
  SignUrlsBody,
  SignUrlsResponse,
} from '../bodies';
import type { signUrl } from '../calls/sign-url';
import type { FunctionSchemas } from './call-schemas';
import { address, date, described, flag, having, key, moment, optional, seconds } from './field';

/** Files of one `POST /urls`. */
const MOST_FILES = 1_000;

const FOLDER = 'the beginning of keys, a string that ends with "/"';
const FILES = `a list of 1 to ${MOST_FILES} keys`;
const NAME = 'a file name of 1 to 255 characters without "/", "\\" and control characters';

const grantFields = {
  expiresIn: optional(
    seconds,
    "Lifetime in seconds, a whole number. By default 12 hours, unless the construct or the caller's scope says less.",
  ),
  expires: optional(
    date,
    'In place of `expiresIn`: the moment from which access is refused, ISO 8601 with time zone. A fraction of a second is cut off.',
  ),
  notBefore: optional(
    date,
    'The moment after which access begins, ISO 8601 with time zone. By default access begins immediately.',
  ),
  ipAddress: optional(address, "The viewers' IPv4 address or CIDR block. By default any."),
};
const ONE_END = { not: having('expiresIn', 'expires') };

export const grantOptions: v.GenericSchema<GrantOptions> = v.pipe(
  v.strictObject(grantFields),
  v.description('How long a grant lasts, from when, and for whom.'),
  v.metadata(ONE_END),
);

export const signUrlsBody: v.GenericSchema<SignUrlsBody> = v.pipe(
  v.strictObject({
    file: optional(key, "An object's key, at most 1,024 bytes of UTF-8, not below `_api/`, `_app/` or `_s/`."),
    files: optional(
      v.pipe(v.array(key, FILES), v.minLength(1, FILES), v.maxLength(MOST_FILES, FILES)),
      '1 to 1,000 keys, in place of `file`.',
    ),
    ...grantFields,
    downloadAs: optional(
      // Without control characters and halves of surrogate pairs, which no URL can hold.
      v.pipe(
        v.string(NAME),
        v.minLength(1, NAME),
        v.maxLength(255, NAME),
        v.regex(/^[^\p{Cc}\p{Cs}/\\]*$/u, NAME),
        // Generators and fuzzers know neither \p{Cc} nor half of a surrogate pair.
        v.metadata({ pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f/\\\\]*$' }),
      ),
      'Only with `file`: the name under which browsers save it, 1 to 255 characters without `/`, `\\` and control characters.',
    ),
    mustExist: optional(
      flag,
      '`true`: refuse with `404 ERR_NO_SUCH_OBJECT` when there is no such object. By default nothing is looked up.',
    ),
  }),
  v.description('Body of `POST /urls`: `file` or `files`.'),
  v.metadata({
    ...ONE_END,
    oneOf: [
      { ...having('file'), not: having('files') },
      { ...having('files'), not: { anyOf: [having('file'), having('downloadAs')] } },
    ],
  }),
);

const linkFields = { signedUrl: v.string(), expires: described(moment, 'ISO 8601.') };
export const signedLink: v.GenericSchema<SignedLink> = v.pipe(
  v.strictObject(linkFields),
  v.description('Response of `POST /urls` to `file`.'),
);
export const signedFile: v.GenericSchema<SignedFile> = v.pipe(
  v.strictObject({ file: described(v.string(), 'The key.'), ...linkFields }),
  v.description('A link, and the object that it opens.'),
);
export const signedLinks: v.GenericSchema<SignedLinks> = v.pipe(
  v.strictObject({ signedUrls: v.array(signedFile) }),
  v.description('Response of `POST /urls` to `files`, in the order asked.'),
);
export const signUrlsResponse: v.GenericSchema<SignUrlsResponse> = v.union([signedLink, signedLinks]);

export const signFolderBody: v.GenericSchema<SignFolderBody> = v.pipe(
  v.strictObject({
    prefix: described(
      v.pipe(key, v.endsWith('/', FOLDER)),
      'The beginning of the keys, at most 1,024 bytes of UTF-8. It has to end with `/`.',
    ),
    ...grantFields,
  }),
  v.description('Body of `POST /folders`.'),
  v.metadata(ONE_END),
);

export const signedFolderLink: v.GenericSchema<SignedFolderLink> = v.pipe(
  v.strictObject({
    baseUrl: v.string(),
    query: v.string(),
    cookies: described(
      v.record(v.string(), v.string()),
      "Names and values, for a page on the distribution's own domain.",
    ),
    expires: described(moment, 'ISO 8601.'),
  }),
  v.description(
    'Response of `POST /folders`: `baseUrl`, the rest of a key percent-encoded, `?` and `query` open any object of the folder.',
  ),
);

export const schemas: FunctionSchemas<typeof signUrl> = {
  signUrls: { body: signUrlsBody, response: signUrlsResponse },
  signFolder: { body: signFolderBody, response: signedFolderLink },
};
