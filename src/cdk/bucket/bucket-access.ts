import { Annotations, Aws, Names, Stack, Token } from 'aws-cdk-lib';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { ArnPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, type IKey } from 'aws-cdk-lib/aws-kms';
import { BucketPolicy, type CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import { permissionsOn } from '../api/function-statements';
import type { LinkApi } from '../api/link-api';
import type { PrivilegedFunction } from '../base/privileged-function';
import { type ContentBucket, isInSameStack, isNamedElsewhere, isOwned, isSameAccount } from './content-bucket';

/** Lets one distribution read the bucket, and decrypt with its key; where a policy is out of reach, a warning has the statement. */
export function grantDistributionRead(
  scope: Construct,
  { given }: ContentBucket,
  distribution: Distribution,
  api: LinkApi,
): void {
  const isElsewhere = isNamedElsewhere(scope, given);
  const read = allowCloudFront('s3:GetObject', given.arnForObjects('*'), distribution);
  if (isElsewhere || isInSameStack(scope, given)) given.addToResourcePolicy(read);
  else if (canCreatePolicy(scope, given)) createBucketPolicy(scope, given, read);
  else
    addStatementWarning(
      scope,
      'bucketPolicy',
      'the bucket’s policy',
      's3:GetObject',
      `arn:aws:s3:::${knownOr('BUCKET_NAME', given.bucketName)}/*`,
    );

  const { encryptionKey: key } = given;
  if (!key) return;
  const decrypt = allowCloudFront('kms:Decrypt', '*', distribution);
  if (isInSameStack(scope, key)) {
    key.addToResourcePolicy(decrypt);
    if (isInSameStack(scope, given)) nameKeyByAlias(scope, given.node.defaultChild as CfnBucket, key);
  } else if (isElsewhere && isInSameStack(given, key)) {
    key.addToResourcePolicy(decrypt);
    // In place of the functions' own policies, which would refer to the key's stack.
    for (const { bundle, actions } of permissionsOn("the bucket's KMS key"))
      grantFunctionUse(key, api.functions.get(bundle), actions);
  } else addStatementWarning(scope, 'keyPolicy', 'the policy of the bucket’s KMS key', 'kms:Decrypt', '*');
}

function grantFunctionUse(key: IKey, user: PrivilegedFunction | undefined, actions: readonly string[]): void {
  if (!user) return;
  key.addToResourcePolicy(
    new PolicyStatement({ actions: [...actions], principals: [new ArnPrincipal(user.role.roleArn)], resources: ['*'] }),
  );
}

/**
 * A bucket has one policy. That of a bucket of another stack may be in this one, when there is none yet; CloudFormation writes it in its own region.
 */
const canCreatePolicy = (scope: Construct, given: IBucket): boolean =>
  isOwned(given) &&
  policiesOf(given).length === 0 &&
  isSameAccount(scope, given) &&
  Stack.of(given).region === Stack.of(scope).region;

/** Wherever they are in the app. */
const policiesOf = (bucket: IBucket): IConstruct[] =>
  bucket.node.root.node.findAll().filter((one) => one instanceof BucketPolicy && one.bucket === bucket);

function createBucketPolicy(scope: Construct, given: IBucket, read: PolicyStatement): void {
  const policy = new BucketPolicy(scope, 'BucketPolicy', { bucket: given });
  policy.document.addStatements(read);
  policy.node.addValidation({
    validate: () =>
      policiesOf(given).length === 1
        ? []
        : [
            `${given.node.path} has got another policy after ${scope.node.path} has given it one: add to it before, or give the bucket a bucketName`,
          ],
  });
}

/** Allows CloudFront an action for this distribution's requests alone. */
export function allowCloudFront(action: string, resource: string, { distributionId }: Distribution): PolicyStatement {
  return new PolicyStatement({
    actions: [action],
    principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
    resources: [resource],
    conditions: {
      StringEquals: {
        'AWS:SourceArn': `arn:${Aws.PARTITION}:cloudfront::${Aws.ACCOUNT_ID}:distribution/${distributionId}`,
      },
    },
  });
}

/**
 * Key policy → distribution → bucket → key would be a circle. S3 takes an alias in place of the key's ARN and does not look it up before an object is
 * written. Source: Amazon S3 API Reference, PutBucketEncryption and ServerSideEncryptionByDefault.
 */
function nameKeyByAlias(scope: Construct, bucket: CfnBucket, key: IKey): void {
  const aliasName = `alias/${Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' })}`;
  new Alias(scope, 'EncryptionKeyAlias', { aliasName, targetKey: key });
  bucket.addPropertyOverride(
    'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID',
    aliasName,
  );
}

function addStatementWarning(scope: Construct, id: string, whose: string, Action: string, Resource: string): void {
  const { account } = Stack.of(scope);
  const SourceArn = `arn:aws:cloudfront::${knownOr('ACCOUNT_ID', account)}:distribution/DISTRIBUTION_ID`;
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Action,
    Resource,
    Condition: { StringEquals: { 'AWS:SourceArn': SourceArn } },
  };
  Annotations.of(scope).addWarningV2(
    `edgepass:${id}`,
    `CloudFront answers AccessDenied until ${whose} has this statement, which cannot be written from here: ${JSON.stringify(statement)}`,
  );
}

/** In a text for people: a name in capitals for what only the deployment knows. */
const knownOr = (unknown: string, value: string): string => (Token.isUnresolved(value) ? unknown : value);
