import type { Action } from '../actions';
import type { ApiVariable } from '../environment';
import type { ProblemCode } from '../problems';

/** What a stack may have enabled. Functions that need none are made first, then those of each feature in this order. */
export const FEATURES = ['uploads', 'deletes'] as const;
export type Feature = (typeof FEATURES)[number];

/** A call of the API. */
export interface CallRow {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As OpenAPI and API Gateway write it; `{key+}` takes the rest of the path. */
  readonly path: string;
  /** What the caller's scopes have to allow. Responses are counted by it, too. @default - none: every caller who is let in may */
  readonly action?: Action;
  /** Anybody may call it, without a key, a signature or a token. */
  readonly isOpen?: true;
  /** One sentence for the reader of the API's description. */
  readonly summary: string;
  readonly status: 200 | 201 | 204;
  /** A repeated call with the same `Idempotency-Key` answers what the first one began. */
  readonly takesIdempotencyKey?: true;
  /** Headers of the successful response, each with its meaning. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Its own codes, besides those that every call has. */
  readonly problems: readonly ProblemCode[];
}

/** A resource of a permission. The CDK knows the ARNs of each. */
export type ResourceName =
  | 'bucket'
  | 'bucket/*'
  | 'bucket/UPLOAD_PREFIX*'
  | 'bucket/_s/idempotency/*'
  | "the bucket's KMS key"
  | "the signing key's parameter"
  | "the signing key's KMS key"
  | "the public keys' parameter";

/** One statement of a role. */
export interface Permission {
  readonly allow: readonly string[];
  readonly on: ResourceName;
}

/** A function of the API: one bundle, which answers one or more calls. */
export interface FunctionRow<Ids extends string = string> {
  /** The names of the bundle's folder, of its handler in `src/functions/handlers` and of its schemas in `src/api/schemas`. */
  readonly bundle: string;
  /** The construct's; part of the logical ids, so it never changes. */
  readonly id: string;
  readonly description: string;
  /** What has to be enabled for the function and its calls to exist. */
  readonly feature?: Feature;
  /** Besides those that every function of the API has. */
  readonly environment: readonly ApiVariable[];
  /** Variables that it has where the construct has a value for them. */
  readonly optionalEnvironment?: readonly ApiVariable[];
  /** Everything that it may do, besides writing to its own log group. */
  readonly permissions: readonly Permission[];
  readonly calls: Readonly<Record<Ids, CallRow>>;
}
