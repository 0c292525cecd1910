import type { S3Client, ServerSideEncryptionByDefault } from '@aws-sdk/client-s3';
import type { PolicyDocument } from '../../local/iam/policy-document';
import { awsSdk } from '../aws-sdk';
import type { Bucket, Encryption, PublicAccessBlock } from './deployed-system';
import { observe } from './observation';

type ClientConfig = { readonly region: string; readonly profile?: string };

/** What S3 tells of a bucket; its region may be another than the stack's. */
export async function readBucket(Bucket: string, config: ClientConfig): Promise<Bucket> {
  const sdk = await awsSdk('s3');
  const s3: S3Client = new sdk.S3Client({ ...config, followRegionRedirects: true });
  try {
    return {
      name: Bucket,
      policy: await observe(async () => {
        const { Policy } = await orAbsent(s3.send(new sdk.GetBucketPolicyCommand({ Bucket })), 'NoSuchBucketPolicy');
        return Policy === undefined ? undefined : (JSON.parse(Policy) as PolicyDocument);
      }),
      isPublic: await observe(async () => {
        const sent = s3.send(new sdk.GetBucketPolicyStatusCommand({ Bucket }));
        return (await orAbsent(sent, 'NoSuchBucketPolicy')).PolicyStatus?.IsPublic ?? false;
      }),
      publicAccessBlock: await observe(async () => {
        const sent = s3.send(new sdk.GetPublicAccessBlockCommand({ Bucket }));
        return readBlock((await orAbsent(sent, 'NoSuchPublicAccessBlockConfiguration')).PublicAccessBlockConfiguration);
      }),
      encryption: await observe(async () => {
        const output = await s3.send(new sdk.GetBucketEncryptionCommand({ Bucket }));
        const [rule] = output.ServerSideEncryptionConfiguration?.Rules ?? [];
        return readEncryption(rule?.ApplyServerSideEncryptionByDefault, config);
      }),
    };
  } finally {
    s3.destroy();
  }
}

/** An empty output for the error that says that nothing was ever set. */
async function orAbsent<T extends object>(sent: Promise<T>, code: string): Promise<Partial<T>> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof Error && error.name === code) return {};
    throw error;
  }
}

/** What is not set is off, in the API as in a template. */
export function readBlock(
  settings: Partial<Record<keyof PublicAccessBlock, boolean | undefined>> = {},
): PublicAccessBlock {
  const { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets } = settings;
  return {
    BlockPublicAcls: BlockPublicAcls ?? false,
    IgnorePublicAcls: IgnorePublicAcls ?? false,
    BlockPublicPolicy: BlockPublicPolicy ?? false,
    RestrictPublicBuckets: RestrictPublicBuckets ?? false,
  };
}

async function readEncryption(
  rule: Pick<ServerSideEncryptionByDefault, 'SSEAlgorithm' | 'KMSMasterKeyID'> | undefined,
  config: ClientConfig,
): Promise<Encryption> {
  const { SSEAlgorithm = 'AES256', KMSMasterKeyID } = rule ?? {};
  if (SSEAlgorithm === 'AES256') return { by: 'S3' };
  if (!KMSMasterKeyID || KMSMasterKeyID.endsWith('alias/aws/s3')) return { by: 'AWS managed key' };
  return {
    by: 'customer key',
    keyId: KMSMasterKeyID,
    policy: await observe(() => readKeyPolicy(KMSMasterKeyID, config)),
  };
}

async function readKeyPolicy(KeyId: string, config: ClientConfig): Promise<PolicyDocument> {
  const { KMSClient, GetKeyPolicyCommand } = await awsSdk('kms');
  // An ARN tells the key's region.
  const region = KeyId.split(':')[3] ?? config.region;
  const kms = new KMSClient({ ...config, region });
  const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId })).finally(() => kms.destroy());
  return JSON.parse(Policy ?? '') as PolicyDocument;
}
