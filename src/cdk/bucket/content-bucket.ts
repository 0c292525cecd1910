import { Annotations, CfnResource, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, type CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import { PropertyError } from '../base/property-error';
import { PRIVATE_BUCKET, printCors, printLifecycle, uploadBucketProps } from './private-bucket';

export interface ContentBucketProps {
  /**
   * A bucket of your own. A bucket of this app gets what it needs: a statement in its policy that lets in this distribution and no other, the same in
   * the policy of its KMS key, and with `uploads` rules for CORS and its lifecycle. What cannot be written from here is told by a warning at synthesis,
   * with the statement or the rules to add:
   *
   * - An imported bucket gets nothing.
   * - A bucket of another stack or region needs a `bucketName`, so that the two stacks do not depend on each other: its stack then depends on this
   *   one, so refer to `bucket` of the `PrivateContent` here, not to the one given. Without a name, it may have no policy: this stack gives it one.
   * - A KMS key has to be of this stack, or of the stack of a bucket with a `bucketName`. A key of this stack gets an alias, by which a bucket of this
   *   stack names it.
   *
   * @default - a private bucket with versions
   */
  readonly bucket?: IBucket;

  /**
   * The KMS key that encrypts the objects of the bucket made here. CloudFront may decrypt with it for this distribution alone, functions as far as
   * they read and write objects. A key of this stack gets an alias, by which the bucket names it; for another key a warning has the statement to add.
   *
   * @default - S3's own keys (SSE-S3)
   */
  readonly encryptionKey?: IKey;

  /**
   * What becomes of the bucket made here when it leaves the stack. With `DESTROY` a bucket that has objects still stays, and the deletion fails.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Deletes every object, in all its versions, with the bucket made here. Takes `RemovalPolicy.DESTROY`.
   *
   * @default false
   */
  readonly autoDeleteObjects?: boolean;
}

/** A bucket, and how the parts of this stack name it. */
export interface ContentBucket {
  /** What this stack's parts refer to: the given bucket, or its name alone, where the other stack will depend on this one. */
  readonly bucket: IBucket;
  /** The bucket whose policies are written. */
  readonly given: IBucket;
}

/** Makes the bucket of the content, or prepares the one that is given. @throws PropertyError when it is given and described too. */
export function createContentBucket(
  scope: Construct,
  props: ContentBucketProps,
  uploadOrigins: string[] | undefined,
): ContentBucket {
  checkBucketProps(props);
  const { bucket: given } = props;
  if (given === undefined) {
    const bucket = createBucket(scope, props, uploadOrigins);
    return { bucket, given: bucket };
  }
  if (uploadOrigins) prepareForUploads(scope, given, uploadOrigins);
  return { bucket: isNamedElsewhere(scope, given) ? importByName(scope, given) : given, given };
}

/** True when its resource is in this app, so that what it says can be read and changed. */
export const isOwned = (construct: IConstruct): boolean => CfnResource.isCfnResource(construct.node.defaultChild);

export const isInSameStack = (scope: IConstruct, construct: IConstruct): boolean =>
  isOwned(construct) && Stack.of(construct) === Stack.of(scope);

/** True for a bucket of another stack of this app and account whose name is known, so that this stack need not refer to that one. */
export function isNamedElsewhere(scope: Construct, bucket: IBucket): boolean {
  return isOwned(bucket) && Stack.of(bucket) !== Stack.of(scope) && isSameAccount(scope, bucket) && hasName(bucket);
}

function createBucket(scope: Construct, props: ContentBucketProps, uploadOrigins: string[] | undefined): Bucket {
  const { encryptionKey, removalPolicy, autoDeleteObjects } = props;
  return new Bucket(scope, 'Bucket', {
    ...PRIVATE_BUCKET,
    ...(encryptionKey && { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
    ...(removalPolicy && { removalPolicy }),
    ...(autoDeleteObjects && { autoDeleteObjects }),
    ...(uploadOrigins && uploadBucketProps(uploadOrigins)),
  });
}

function checkBucketProps(props: ContentBucketProps): void {
  const { bucket, removalPolicy, autoDeleteObjects } = props;
  const own = (['encryptionKey', 'removalPolicy', 'autoDeleteObjects'] as const).find(
    (name) => props[name] !== undefined,
  );
  if (bucket && own)
    throw new PropertyError(own, 'is about the bucket that is made here: set it on the bucket you give, or give none');
  if (autoDeleteObjects && removalPolicy !== RemovalPolicy.DESTROY)
    throw new PropertyError('autoDeleteObjects', 'needs removalPolicy: RemovalPolicy.DESTROY');
}

/** A bucket of this app gets the rules; for any other a warning has them, in the words of the S3 API. */
function prepareForUploads(scope: Construct, given: IBucket, origins: string[]): void {
  const { cors, lifecycleRules } = uploadBucketProps(origins);
  if (given instanceof Bucket) {
    for (const rule of cors) given.addCorsRule(rule);
    for (const rule of lifecycleRules) given.addLifecycleRule(rule);
    return;
  }
  const rules = { CORSRules: cors.map(printCors), Rules: lifecycleRules.map(printLifecycle) };
  Annotations.of(scope).addWarningV2(
    'edgepass:uploadBucket',
    `web pages cannot upload, and what uploads leave stays, until the bucket has these rules for CORS and its lifecycle, which cannot be written from here: ${JSON.stringify(rules)}`,
  );
}

/** Its key's policy lets the functions in, see `bucket-access.ts`, where the key is of the same stack. */
function importByName(scope: Construct, given: IBucket): IBucket {
  const { region, account } = Stack.of(given);
  const { encryptionKey } = given;
  return Bucket.fromBucketAttributes(scope, 'Bucket', {
    bucketName: nameOf(given),
    region,
    account,
    ...(encryptionKey && !isInSameStack(given, encryptionKey) && { encryptionKey }),
  });
}

const nameOf = (bucket: IBucket): string | undefined => (bucket.node.defaultChild as CfnBucket).bucketName;

function hasName(bucket: IBucket): boolean {
  const name = nameOf(bucket);
  return name !== undefined && !Token.isUnresolved(name);
}

export function isSameAccount(scope: Construct, bucket: IBucket): boolean {
  const [ours, theirs] = [Stack.of(scope).account, Stack.of(bucket).account];
  return Token.isUnresolved(ours) || Token.isUnresolved(theirs) || ours === theirs;
}
