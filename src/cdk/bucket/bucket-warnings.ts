import { Annotations, AspectPriority, Aspects, Stack } from 'aws-cdk-lib';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ApiProps } from '../api/api-settings';
import { isOwned } from './content-bucket';

/** Warns at the end of the synthesis of what would open the bucket, or lose objects. An imported bucket cannot be read. */
export function addBucketWarnings(scope: Construct, bucket: IBucket, { uploads, deletes }: ApiProps): void {
  if (!isOwned(bucket)) return;
  const visit = (node: unknown): void => {
    if (node !== scope) return;
    const warn = (id: string, message: string): void =>
      Annotations.of(scope).addWarningV2(`edgepass:${id}`, `${bucket.node.path}: ${message}`);
    const open = disabledBlocks(bucket);
    if (open.length > 0)
      warn(
        'publicAccessNotBlocked',
        `${open.join(', ')} not set, so a policy or an ACL could make objects public that are to be had by links alone: set blockPublicAccess: BlockPublicAccess.BLOCK_ALL`,
      );
    if ((uploads || deletes) && !isVersioned(bucket))
      warn(
        'unversionedBucket',
        'it keeps no versions, so what callers overwrite or delete cannot be brought back: set versioned: true',
      );
    const statements = statementsOf(bucket);
    if (statements.some(allowsAnyone))
      warn(
        'publicBucket',
        'its policy lets anybody in, past the distribution and without a link: remove the statement with the principal *, or give it a condition',
      );
    if (statements.some(allowsCloudFrontList))
      warn(
        'listableBucket',
        'its policy lets CloudFront list it and the distribution has no default root object, so a link to a folder with everything in it lists every key at /: remove s3:ListBucket from what cloudfront.amazonaws.com may do',
      );
  };
  Aspects.of(scope).add({ visit }, { priority: AspectPriority.READONLY });
}

const BLOCKS = ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'] as const;

/** S3 sets all four on new buckets; on one that was made before April 2023 they are as they were. */
function disabledBlocks(bucket: IBucket): string[] {
  const { publicAccessBlockConfiguration } = bucket.node.defaultChild as CfnBucket;
  const block = Stack.of(bucket).resolve(publicAccessBlockConfiguration) ?? {};
  return BLOCKS.filter((name) => block[name] !== true);
}

function isVersioned(bucket: IBucket): boolean {
  const { versioningConfiguration } = bucket.node.defaultChild as CfnBucket;
  return Stack.of(bucket).resolve(versioningConfiguration)?.status === 'Enabled';
}

/** A policy's statement as it stands in a template. */
interface Statement {
  readonly Effect: string;
  readonly Action?: string | string[];
  readonly Principal?: string | Readonly<Record<string, unknown>>;
  readonly Condition?: object;
}

const statementsOf = (bucket: IBucket): Statement[] =>
  Stack.of(bucket).resolve(bucket.policy?.document)?.Statement ?? [];

function allowsAnyone({ Effect, Principal, Condition }: Statement): boolean {
  if (Effect !== 'Allow' || Condition || !Principal) return false;
  return [typeof Principal === 'string' ? Principal : Principal.AWS].flat().includes('*');
}

function allowsCloudFrontList({ Effect, Principal, Action = [] }: Statement): boolean {
  if (Effect !== 'Allow' || typeof Principal !== 'object') return false;
  const lists = [Action].flat().some((action) => ['*', 's3:*', 's3:List*', 's3:ListBucket'].includes(action));
  return lists && [Principal.Service].flat().includes('cloudfront.amazonaws.com');
}
