import { AnyPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, type BucketProps } from 'aws-cdk-lib/aws-s3';
import type { PrivateContentProps } from 'edgepass/cdk';
import { describe, expect, it } from 'vitest';
import { addContent, newBucket, newStack, PRIVATE, warningsOf } from './bucket.fixture';

describe('warns', () => {
  it.each<[string, BucketProps, PolicyStatement | undefined, string[]]>([
    ['of nothing where the bucket is closed', PRIVATE, undefined, []],
    ['of a bucket without blockPublicAccess', {}, undefined, ['publicAccessNotBlocked']],
    [
      'of a bucket that blocks ACLs alone',
      { blockPublicAccess: BlockPublicAccess.BLOCK_ACLS_ONLY },
      undefined,
      ['publicAccessNotBlocked'],
    ],
    [
      'of a policy that lets anybody in',
      PRIVATE,
      new PolicyStatement({ actions: ['s3:GetObject'], principals: [new AnyPrincipal()], resources: ['*'] }),
      ['publicBucket'],
    ],
    [
      'of nothing where anybody comes with a condition',
      PRIVATE,
      new PolicyStatement({
        actions: ['s3:GetObject'],
        principals: [new AnyPrincipal()],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
      }),
      [],
    ],
    [
      'of s3:ListBucket for CloudFront, which has no root object',
      PRIVATE,
      new PolicyStatement({
        actions: ['s3:GetObject', 's3:ListBucket'],
        principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
        resources: ['*'],
      }),
      ['listableBucket'],
    ],
  ])('%s', (_title, props, statement, ids) => {
    const stack = newStack('Edgepass');
    const bucket = newBucket(stack, props);
    addContent(stack, { bucket });
    // After the construct has seen the bucket.
    if (statement) bucket.addToResourcePolicy(statement);
    expect([...warningsOf(stack).keys()]).toEqual(ids);
  });
});

describe('a bucket that is brought', () => {
  it.each<[BucketProps, PrivateContentProps, string[]]>([
    [{ ...PRIVATE, versioned: true }, { uploads: {}, deletes: true }, []],
    [PRIVATE, {}, []],
    [PRIVATE, { uploads: {} }, ['unversionedBucket']],
    [PRIVATE, { deletes: true }, ['unversionedBucket']],
  ])('warns of objects that are lost in a bucket without versions (%#)', (bucketProps, props, ids) => {
    const stack = newStack('Edgepass');
    addContent(stack, { ...props, bucket: newBucket(stack, bucketProps) });
    expect([...warningsOf(stack).keys()]).toEqual(ids);
  });
});
