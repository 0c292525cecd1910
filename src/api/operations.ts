/** What each operation takes and answers, joined to its route. */
import type { GenericSchema } from 'valibot';
import type { ProblemCode } from './problems';
import { type OperationId, ROUTES, type Route } from './routes';
import {
  explainBody,
  explainResponse,
  health,
  listing,
  listObjectsQuery,
  signFolderBody,
  signFolderResponse,
  signUrlsBody,
  signUrlsResponse,
} from './schemas';
import {
  completeUploadBody,
  completeUploadResponse,
  createUploadBody,
  createUploadResponse,
  signPartsBody,
  signPartsResponse,
} from './upload-schemas';

export interface Contract {
  /** Whether a repeated call with the same `Idempotency-Key` answers what the first one began. */
  readonly takesIdempotencyKey?: true;
  /** One sentence for the reader of the API's description. */
  readonly summary: string;
  readonly query?: GenericSchema;
  readonly body?: GenericSchema;
  readonly status: 200 | 201 | 204;
  /** Undefined where the response has no body, or is OpenAPI's own. */
  readonly response?: GenericSchema;
  /** Its own codes, besides those that every operation has. */
  readonly problems: readonly ProblemCode[];
}

export type Operation = Route & Contract;

const BODY = ['ERR_MISSING_BODY', 'ERR_INVALID_JSON', 'ERR_INVALID_BODY', 'ERR_UNKNOWN_FIELD'] as const;
const KEY = ['ERR_INVALID_FILE', 'ERR_KEY_TOO_LONG', 'ERR_OBJECT_KEY_INVALID', 'ERR_KEY_RESERVED'] as const;
const GRANT = [
  'ERR_INVALID_FIELD',
  'ERR_CONFLICTING_FIELDS',
  'ERR_LIFETIME_TOO_SHORT',
  'ERR_LIFETIME_TOO_LONG',
  'ERR_SCOPE_LIFETIME',
  'ERR_DATE_ORDER',
  'ERR_IP_RANGE_INVALID',
  'ERR_IP_RANGE_IPV6',
  'ERR_URL_TOO_LONG',
  'ERR_SCOPE_MISSING',
] as const;

const UPLOAD = [
  ...KEY,
  'ERR_INVALID_FIELD',
  'ERR_KEY_OUTSIDE_UPLOAD_PREFIX',
  'ERR_UPLOAD_TOO_LARGE',
  'ERR_CONTENT_TYPE_NOT_ALLOWED',
  'ERR_SCOPE_MISSING',
] as const;

const CONTRACTS: Readonly<Record<OperationId, Contract>> = {
  listObjects: {
    summary: "Lists the bucket's objects in the order of their keys.",
    query: listObjectsQuery,
    status: 200,
    response: listing,
    problems: ['ERR_UNKNOWN_PARAMETER', 'ERR_INVALID_PARAMETER', 'ERR_INVALID_CURSOR', 'ERR_SCOPE_MISSING'],
  },
  deleteObject: {
    summary: 'Deletes an object; in a versioned bucket it can be brought back.',
    status: 204,
    problems: ['ERR_INVALID_FIELD', 'ERR_SCOPE_MISSING', ...KEY],
  },
  signUrls: {
    summary: 'Signs a URL of the distribution for one object, or for each of many.',
    body: signUrlsBody,
    status: 201,
    response: signUrlsResponse,
    problems: [...BODY, 'ERR_MISSING_FILE', ...KEY, ...GRANT, 'ERR_NO_SUCH_OBJECT'],
  },
  signFolder: {
    summary: 'Signs once for all objects whose keys begin with a prefix, as a query and as cookies.',
    body: signFolderBody,
    status: 201,
    response: signFolderResponse,
    problems: [...BODY, 'ERR_MISSING_FIELD', ...KEY, ...GRANT],
  },
  createUpload: {
    summary: 'Lets the caller upload one file to S3 directly: by one presigned request, or in parts.',
    takesIdempotencyKey: true,
    body: createUploadBody,
    status: 201,
    response: createUploadResponse,
    problems: [...UPLOAD, ...BODY, 'ERR_MISSING_FILE', 'ERR_MISSING_FIELD', 'ERR_IDEMPOTENCY_KEY_REUSED'],
  },
  signParts: {
    summary: 'Presigns requests for parts of an upload.',
    body: signPartsBody,
    status: 200,
    response: signPartsResponse,
    problems: [...UPLOAD, ...BODY, 'ERR_MISSING_FIELD'],
  },
  completeUpload: {
    summary: 'Makes the parts of an upload an object.',
    body: completeUploadBody,
    status: 200,
    response: completeUploadResponse,
    problems: [
      ...UPLOAD,
      ...BODY,
      'ERR_MISSING_FIELD',
      'ERR_INVALID_PART',
      'ERR_NO_SUCH_UPLOAD',
      'ERR_OBJECT_EXISTS',
      'ERR_UPLOAD_CONFLICT',
    ],
  },
  abortUpload: {
    summary: 'Gives up an upload in parts, and what was sent of it.',
    status: 204,
    problems: [...UPLOAD, 'ERR_NO_SUCH_UPLOAD'],
  },
  explain: {
    summary: 'Tells why CloudFront would allow or refuse a signed URL or signed cookies, check by check.',
    body: explainBody,
    status: 200,
    response: explainResponse,
    problems: [...BODY, 'ERR_MISSING_FIELD', 'ERR_INVALID_FIELD'],
  },
  describe: { summary: 'This description, as OpenAPI 3.1.', status: 200, problems: [] },
  health: { summary: 'Says that the API answers, and which version.', status: 200, response: health, problems: [] },
};

/** In the order of `ROUTES`. */
export const OPERATIONS: readonly Operation[] = ROUTES.map((route) => ({ ...route, ...CONTRACTS[route.operationId] }));
