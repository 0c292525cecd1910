import { randomUUID } from 'node:crypto';
import {
  CloudFrontClient,
  CreateInvalidationCommand,
  CreateKeyGroupCommand,
  CreatePublicKeyCommand,
  DeleteKeyGroupCommand,
  DeletePublicKeyCommand,
  GetKeyGroupCommand,
  GetPublicKeyCommand,
  ListKeyGroupsCommand,
  ListPublicKeysCommand,
  UpdateKeyGroupCommand,
} from '@aws-sdk/client-cloudfront';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { generateKeyPair } from 'edgepass';

export interface Clients {
  readonly s3: S3Client;
  readonly ssm: SSMClient;
  readonly cloudFront: CloudFrontClient;
}

/** The variables that a shell gets from `edgepass env`. */
export type ShellVariables = Readonly<Record<string, string | undefined>>;

export function openClients(variables: ShellVariables): Clients {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = variables;
  const { AWS_SESSION_TOKEN: sessionToken, AWS_ENDPOINT_URL: endpoint = '', AWS_REGION: region = '' } = variables;
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  const config = { region, endpoint, credentials, maxAttempts: 1 };
  return { s3: new S3Client(config), ssm: new SSMClient(config), cloudFront: new CloudFrontClient(config) };
}

export function closeClients(clients: Clients): void {
  for (const client of Object.values(clients) as Clients[keyof Clients][]) client.destroy();
}

/** How an action is called. */
export interface Call {
  /** What kind of resource the action is about. */
  readonly on: 'account' | 'bucket' | 'object' | 'parameter' | 'distribution';
  /** As the developer: brings about all that the call needs, so that nothing but a permission is in its way. */
  readonly prepare?: (developer: Clients, arn: string) => Promise<unknown>;
  /** @param prepared what `prepare` resolved with */
  readonly run: (clients: Clients, arn: string, prepared: never) => Promise<unknown>;
}

export const bucketOf = (arn: string): { Bucket: string } => ({ Bucket: arn.split(':')[5] ?? '' });
function objectOf(arn: string): { Bucket: string; Key: string } {
  const { Bucket: path } = bucketOf(arn);
  const at = path.indexOf('/');
  return { Bucket: path.slice(0, at), Key: path.slice(at + 1) };
}
const parameterOf = (arn: string): { Name: string } => ({ Name: (arn.split(':')[5] ?? '').replace(/^parameter/, '') });

const put = ({ s3 }: Clients, arn: string) => s3.send(new PutObjectCommand({ ...objectOf(arn), Body: 'x' }));
const putParameter = ({ ssm }: Clients, arn: string) =>
  ssm.send(new PutParameterCommand({ ...parameterOf(arn), Value: 'x', Type: 'SecureString', Overwrite: true }));

/** A public key, or a key group with one, of no other use. */
const unique = (): string => `k${randomUUID()}`;
const { publicKey: EncodedKey } = generateKeyPair({ keyType: 'ECDSA' });
async function makeKey({ cloudFront }: Clients): Promise<{ Id: string; IfMatch: string }> {
  const PublicKeyConfig = { Name: unique(), CallerReference: unique(), EncodedKey };
  const { PublicKey, ETag = '' } = await cloudFront.send(new CreatePublicKeyCommand({ PublicKeyConfig }));
  return { Id: PublicKey?.Id ?? '', IfMatch: ETag };
}
async function makeGroup(clients: Clients) {
  const KeyGroupConfig = { Name: unique(), Items: [(await makeKey(clients)).Id] };
  const { KeyGroup, ETag } = await clients.cloudFront.send(new CreateKeyGroupCommand({ KeyGroupConfig }));
  return { Id: KeyGroup?.Id, IfMatch: ETag, KeyGroupConfig };
}

/**
 * By action: all that functions may do, and some that none may. What is about no resource, so that IAM takes `*` alone, is about the
 * account.
 */
export const CALLS: Readonly<Record<string, Call>> = {
  's3:ListAllMyBuckets': { on: 'account', run: ({ s3 }) => s3.send(new ListBucketsCommand()) },
  's3:ListBucket': { on: 'bucket', run: ({ s3 }, arn) => s3.send(new ListObjectsV2Command(bucketOf(arn))) },
  's3:ListBucketVersions': {
    on: 'bucket',
    run: ({ s3 }, arn) => s3.send(new ListObjectVersionsCommand(bucketOf(arn))),
  },
  's3:GetObject': {
    on: 'object',
    prepare: put,
    run: async ({ s3 }, arn) => (await s3.send(new GetObjectCommand(objectOf(arn)))).Body?.transformToByteArray(),
  },
  's3:PutObject': { on: 'object', run: put },
  's3:AbortMultipartUpload': {
    on: 'object',
    prepare: async ({ s3 }, arn) => (await s3.send(new CreateMultipartUploadCommand(objectOf(arn)))).UploadId,
    run: ({ s3 }, arn, UploadId) => s3.send(new AbortMultipartUploadCommand({ ...objectOf(arn), UploadId })),
  },
  's3:DeleteObject': {
    on: 'object',
    prepare: put,
    run: ({ s3 }, arn) => s3.send(new DeleteObjectCommand(objectOf(arn))),
  },
  's3:DeleteObjectVersion': {
    on: 'object',
    // In a bucket without versions an object's is "null".
    prepare: async (developer, arn) => (await put(developer, arn)).VersionId ?? 'null',
    run: ({ s3 }, arn, VersionId) => s3.send(new DeleteObjectCommand({ ...objectOf(arn), VersionId })),
  },
  'ssm:GetParameter': {
    on: 'parameter',
    prepare: putParameter,
    run: ({ ssm }, arn) => ssm.send(new GetParameterCommand({ ...parameterOf(arn), WithDecryption: true })),
  },
  'ssm:GetParameters': {
    on: 'parameter',
    prepare: putParameter,
    run: ({ ssm }, arn) => ssm.send(new GetParametersCommand({ Names: [parameterOf(arn).Name] })),
  },
  'ssm:PutParameter': { on: 'parameter', run: putParameter },
  'ssm:DeleteParameter': {
    on: 'parameter',
    prepare: putParameter,
    run: ({ ssm }, arn) => ssm.send(new DeleteParameterCommand(parameterOf(arn))),
  },
  'cloudfront:CreateInvalidation': {
    on: 'distribution',
    run: ({ cloudFront }, arn) =>
      cloudFront.send(
        new CreateInvalidationCommand({
          DistributionId: arn.split('/')[1],
          InvalidationBatch: { CallerReference: String(performance.now()), Paths: { Quantity: 1, Items: ['/x'] } },
        }),
      ),
  },
  'cloudfront:CreatePublicKey': { on: 'account', run: makeKey },
  'cloudfront:GetPublicKey': {
    on: 'account',
    prepare: makeKey,
    run: ({ cloudFront }, _arn, key) => cloudFront.send(new GetPublicKeyCommand(key)),
  },
  'cloudfront:ListPublicKeys': {
    on: 'account',
    run: ({ cloudFront }) => cloudFront.send(new ListPublicKeysCommand({})),
  },
  'cloudfront:DeletePublicKey': {
    on: 'account',
    prepare: makeKey,
    run: ({ cloudFront }, _arn, key) => cloudFront.send(new DeletePublicKeyCommand(key)),
  },
  'cloudfront:CreateKeyGroup': {
    on: 'account',
    prepare: makeKey,
    run: ({ cloudFront }, _arn, { Id }: { Id: string }) =>
      cloudFront.send(new CreateKeyGroupCommand({ KeyGroupConfig: { Name: unique(), Items: [Id] } })),
  },
  'cloudfront:GetKeyGroup': {
    on: 'account',
    prepare: makeGroup,
    run: ({ cloudFront }, _arn, group) => cloudFront.send(new GetKeyGroupCommand(group)),
  },
  'cloudfront:ListKeyGroups': { on: 'account', run: ({ cloudFront }) => cloudFront.send(new ListKeyGroupsCommand({})) },
  'cloudfront:UpdateKeyGroup': {
    on: 'account',
    prepare: makeGroup,
    run: ({ cloudFront }, _arn, group) => cloudFront.send(new UpdateKeyGroupCommand(group)),
  },
  'cloudfront:DeleteKeyGroup': {
    on: 'account',
    prepare: makeGroup,
    run: ({ cloudFront }, _arn, group) => cloudFront.send(new DeleteKeyGroupCommand(group)),
  },
};

const NO_LOGS = 'the local runtime has no CloudWatch Logs: what functions print goes to functions.log';
const NO_TRACES = 'the local runtime has no X-Ray: nothing is traced';
/** Actions that the local runtime does not serve, each with the reason. */
export const NOT_SERVED: Readonly<Record<string, string>> = {
  'logs:CreateLogGroup': NO_LOGS,
  'logs:CreateLogStream': NO_LOGS,
  'logs:DescribeLogGroups': NO_LOGS,
  'logs:DescribeLogStreams': NO_LOGS,
  'logs:FilterLogEvents': NO_LOGS,
  'logs:GetLogEvents': NO_LOGS,
  'logs:PutLogEvents': NO_LOGS,
  'xray:PutTelemetryRecords': NO_TRACES,
  'xray:PutTraceSegments': NO_TRACES,
};
