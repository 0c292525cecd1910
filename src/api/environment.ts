/**
 * The environment variables that the construct writes and the functions read, so that no name is spelled twice. Plain data, for the CDK
 * and for the bundles.
 */

/** A function whose list has one of these does not start without it. */
export const REQUIRED_VARIABLES = [
  /** How callers are known: `apiKey`, `iam`, `jwt` or `none`. */
  'AUTH',
  'BUCKET_NAME',
  /** The domain name of links. */
  'DISTRIBUTION_DOMAIN_NAME',
  'MIN_LIFETIME_SECONDS',
  /** The lifetime of a link whose caller asks for none. */
  'LINK_LIFETIME_SECONDS',
  'MAX_LIFETIME_SECONDS',
  /** The names of the parameters with the keys. */
  'SIGNING_KEY_PARAMETER',
  'PUBLIC_KEYS_PARAMETER',
  /** In bytes. */
  'UPLOAD_MAX_SIZE',
  /** Separated by commas. Empty for every content type. */
  'UPLOAD_CONTENT_TYPES',
  /** Empty for every key. */
  'UPLOAD_PREFIX',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'JWT_SCOPES_CLAIM',
  /** The beginning of the names of the key group and its public keys. */
  'KEY_NAME',
  /** `RSA` or `ECDSA`. */
  'KEY_TYPE',
  'ROTATION_LOCK_PARAMETER',
] as const;

/** A function may be without these. */
export const OPTIONAL_VARIABLES = [
  /** The scopes of every caller. A token brings its own. */
  'SCOPES',
  /** The origins of the pages that may read answers, separated by commas. Missing for every origin. */
  'CORS_ALLOWED_ORIGINS',
  /** Where it is not the functions' own. */
  'BUCKET_REGION',
  /** The features that are enabled, separated by commas. Missing where none is. */
  'FEATURES',
  /** The KMS key that encrypts the signing key's parameter. Missing for Parameter Store's own. */
  'KMS_KEY_ID',
  /** Missing where keys rotate on request only. */
  'ROTATION_PERIOD_SECONDS',
] as const;

export type OptionalVariable = (typeof OPTIONAL_VARIABLES)[number];
export type Variable = (typeof REQUIRED_VARIABLES)[number] | OptionalVariable;

export const isOptional = (name: Variable): boolean => (OPTIONAL_VARIABLES as readonly string[]).includes(name);

/** The variables that functions of the API may have; the others belong to functions that answer no call. */
export type ApiVariable = Exclude<Variable, `${'JWT' | 'KEY' | 'KMS' | 'ROTATION'}_${string}`>;

/** Every function of the API has these. */
export const VARIABLES_OF_EVERY_CALL: readonly ApiVariable[] = ['AUTH', 'SCOPES', 'CORS_ALLOWED_ORIGINS'];

/** The variables of the functions that answer no call, by bundle. The table in `calls` has those of the API's. */
export const VARIABLES = {
  authorizer: ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_SCOPES_CLAIM'],
  'deploy-site': ['BUCKET_NAME'],
  'signing-keys': [
    'KEY_NAME',
    'KEY_TYPE',
    'SIGNING_KEY_PARAMETER',
    'PUBLIC_KEYS_PARAMETER',
    'ROTATION_LOCK_PARAMETER',
    'MAX_LIFETIME_SECONDS',
    'ROTATION_PERIOD_SECONDS',
    'KMS_KEY_ID',
  ],
} as const;

/** Names and values of some variables. */
export type Environment<Names extends Variable> = {
  readonly [Name in Exclude<Names, OptionalVariable>]: string;
} & {
  readonly [Name in Extract<Names, OptionalVariable>]?: string;
};
/** Names and values of the variables of a function that answers no call. */
export type EnvironmentOf<Bundle extends keyof typeof VARIABLES> = Environment<(typeof VARIABLES)[Bundle][number]>;
