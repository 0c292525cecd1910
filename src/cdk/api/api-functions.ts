import { Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { printNumber } from '../base/lifetimes';
import type { SigningKey } from '../keys/signing-key';
import type { ApiSettings } from './api-settings';
import { IDEMPOTENCY_PREFIX } from './uploads';

/** What the functions are about. */
export interface FunctionInputs {
  readonly bucket: IBucket;
  /** What links begin with. */
  readonly domainName: string;
  readonly signingKey: SigningKey;
  readonly settings: ApiSettings;
}

interface FunctionRow {
  /** The construct's; part of the logical ids, so it stays. */
  readonly id: string;
  readonly description: string;
  /** Besides what `ApiSettings` has for all. */
  environment(inputs: FunctionInputs): Record<string, string>;
  /** All that it may do, besides writing to its own log group. */
  statements(inputs: FunctionInputs): PolicyStatement[];
}

/** The functions that answer the API's routes, by the bundle that `ROUTES` names. */
export type ApiBundle = 'list-objects' | 'sign-url' | 'upload' | 'delete-object' | 'explain' | 'describe';

export const API_FUNCTIONS: Readonly<Record<ApiBundle, FunctionRow>> = {
  'list-objects': {
    id: 'Lister',
    description: 'GET /s3objects: lists the objects of the private bucket',
    environment: bucketVariables,
    statements: ({ bucket }) => [allow(['s3:ListBucket'], bucket.bucketArn)],
  },
  'sign-url': {
    id: 'Signer',
    description: 'POST /urls and POST /folders: signs URLs and cookies of the distribution',
    environment: ({ bucket, domainName, signingKey, settings: { lifetimes } }) => ({
      ...bucketVariables({ bucket, signingKey }),
      DISTRIBUTION_DOMAIN_NAME: domainName,
      MIN_LIFETIME_SECONDS: printNumber(lifetimes.minLifetime.toSeconds()),
      LINK_LIFETIME_SECONDS: printNumber(lifetimes.defaultLifetime.toSeconds()),
      MAX_LIFETIME_SECONDS: printNumber(lifetimes.maxLifetime.toSeconds()),
      SIGNING_KEY_PARAMETER: signingKey.parameterName,
    }),
    statements: ({ bucket, signingKey }) => [
      ...signingKey.readStatements(),
      // For `mustExist`: HeadObject; without ListBucket S3 answers 403 in place of 404.
      allow(['s3:GetObject'], bucket.arnForObjects('*')),
      allow(['s3:ListBucket'], bucket.bucketArn),
      ...allowKey(bucket, READ_OBJECTS),
    ],
  },
  upload: {
    id: 'Uploader',
    description: 'The calls below /uploads: presigns requests that upload to the private bucket',
    environment: (inputs) => ({ ...bucketVariables(inputs), ...inputs.settings.uploadLimits }),
    statements: ({ bucket, settings: { uploads } }) => [
      allow(['s3:PutObject', 's3:AbortMultipartUpload'], bucket.arnForObjects(`${uploads?.prefix ?? ''}*`)),
      allow(['s3:GetObject', 's3:PutObject'], bucket.arnForObjects(`${IDEMPOTENCY_PREFIX}*`)),
      ...allowKey(bucket, WRITE_OBJECTS),
    ],
  },
  'delete-object': {
    id: 'Deleter',
    description: 'DELETE /s3objects/KEY: deletes objects of the private bucket',
    environment: bucketVariables,
    statements: ({ bucket }) => [allow(['s3:DeleteObject'], bucket.arnForObjects('*'))],
  },
  explain: {
    id: 'Explainer',
    description: 'POST /explain: says why the distribution would allow or refuse a link',
    environment: ({ signingKey }) => ({ PUBLIC_KEYS_PARAMETER: signingKey.publicKeysParameterName }),
    statements: ({ signingKey }) => [signingKey.readPublicKeysStatement()],
  },
  describe: {
    id: 'Describer',
    description: 'GET /openapi.json and GET /health',
    environment: () => ({}),
    statements: () => [],
  },
};

/** With its region, where that is another than the functions'. */
function bucketVariables({
  bucket,
  signingKey,
}: Pick<FunctionInputs, 'bucket' | 'signingKey'>): Record<string, string> {
  const { region } = bucket.env;
  const isHere = Token.isUnresolved(region) || region === Stack.of(signingKey).region;
  return { BUCKET_NAME: bucket.bucketName, ...(!isHere && { BUCKET_REGION: region }) };
}

/** What reading and writing objects takes of their KMS key. Source: Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys", "Permissions". */
export const READ_OBJECTS: readonly string[] = ['kms:Decrypt'];
export const WRITE_OBJECTS: readonly string[] = ['kms:Decrypt', 'kms:GenerateDataKey'];

function allowKey({ encryptionKey }: IBucket, actions: readonly string[]): PolicyStatement[] {
  return encryptionKey ? [allow([...actions], encryptionKey.keyArn)] : [];
}

function allow(actions: string[], resource: string): PolicyStatement {
  return new PolicyStatement({ actions, resources: [resource] });
}
