import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RemovedResource, ResourceRequest } from '../../cloudformation/resource-type';
import { clientOf, type RunningS3, startS3 } from '../s3.test.fixture';

let running: RunningS3;
let client: S3Client;
beforeAll(async () => {
  running = await startS3();
  client = clientOf(running);
});
afterAll(async () => {
  client.destroy();
  await running.close();
});

const stack = { stackName: 'S', region: 'us-east-1', partition: 'aws', urlSuffix: 'amazonaws.com' };

async function apply(type: 'Bucket' | 'BucketPolicy', properties: object): Promise<void> {
  const request = { logicalId: type, properties, stack } as unknown as ResourceRequest;
  await running.s3.resourceTypes[`AWS::S3::${type}`]?.apply(request);
}

describe("S3's resource types", () => {
  it('a bucket of the template has its versioning and its CORS rules', async () => {
    const CorsRules = [{ AllowedMethods: ['GET'], AllowedOrigins: ['https://example.com'], MaxAge: 5 }];
    await apply('Bucket', {
      BucketName: 'of-the-template',
      VersioningConfiguration: { Status: 'Enabled' },
      CorsConfiguration: { CorsRules },
    });
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: 'of-the-template' }));
    expect(Status).toBe('Enabled');
    const headers = { origin: 'https://example.com', 'access-control-request-method': 'GET' };
    const preflight = await fetch(`${running.url}/of-the-template/a`, { method: 'OPTIONS', headers });
    expect([preflight.status, preflight.headers.get('access-control-max-age')]).toEqual([200, '5']);
  });
});

describe('autoDeleteObjects of the CDK', () => {
  const Tags = [{ Key: 'aws-cdk:auto-delete-objects', Value: 'true' }];
  const types = () => running.s3.resourceTypes;
  const remove = async (type: string, physicalId: string): Promise<void> =>
    types()[type]?.remove?.({ logicalId: 'R', physicalId } as RemovedResource);
  async function fillBucket(bucket: string, properties: object): Promise<void> {
    const VersioningConfiguration = { Status: 'Enabled' };
    await apply('Bucket', { BucketName: bucket, VersioningConfiguration, ...properties });
    for (const Key of ['a', 'b/c', 'a']) await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'b/c' }));
  }

  it('empties a bucket of every version, so that it can be deleted', async () => {
    await fillBucket('to-be-emptied', { Tags });
    await expect(remove('AWS::S3::Bucket', 'to-be-emptied')).rejects.toThrow('BucketNotEmpty');
    await remove('Custom::S3AutoDeleteObjects', 'to-be-emptied');
    await remove('AWS::S3::Bucket', 'to-be-emptied');
    expect(running.s3.store.findBucket('to-be-emptied')).toBeUndefined();
  });

  it('leaves a bucket alone that stays without the tag', async () => {
    await fillBucket('kept', {});
    await remove('Custom::S3AutoDeleteObjects', 'kept');
    expect(running.s3.store.find('kept', 'a')).toBeDefined();
  });
});

describe('lifecycle rules', () => {
  const bucketWith = (...Rules: object[]): Promise<void> =>
    apply('Bucket', { BucketName: 'lived-in', LifecycleConfiguration: { Rules } });

  it('to abort uploads and to let objects expire are taken', async () => {
    const applied = bucketWith(
      { Id: 'a', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
      { Status: 'Enabled', Prefix: '_s/', ExpirationInDays: 1, NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
      { Status: 'Disabled', ExpiredObjectDeleteMarker: true },
    );
    await expect(applied).resolves.toBeUndefined();
    await expect(apply('Bucket', { BucketName: 'lived-in' })).resolves.toBeUndefined();
  });

  it.each([
    ['without a status', { ExpirationInDays: 1 }, 'Status'],
    ['with another status', { Status: 'On', ExpirationInDays: 1 }, 'Status'],
    ['that do nothing', { Status: 'Enabled', Prefix: 'a/' }, 'ExpirationInDays'],
    ['of no days', { Status: 'Enabled', ExpirationInDays: 0 }, 'ExpirationInDays'],
    [
      'that abort after no days',
      { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 0 } },
      'DaysAfterInitiation',
    ],
    [
      'that abort after nobody knows when',
      { Status: 'Enabled', AbortIncompleteMultipartUpload: { Days: 1 } },
      'does not know the property Days',
    ],
    ['that move objects', { Status: 'Enabled', Transitions: [{ StorageClass: 'GLACIER' }] }, 'one storage class'],
    ['by tag', { Status: 'Enabled', ExpirationInDays: 1, TagFilters: [{ Key: 'a', Value: 'b' }] }, 'by tag'],
    ['with a colour', { Status: 'Enabled', ExpirationInDays: 1, Colour: 'red' }, 'Colour'],
  ])('are refused %s', async (_what, rule, named) => {
    await expect(bucketWith(rule)).rejects.toThrow(named);
  });
});

describe('a policy that lets anybody in', () => {
  const policyFor = (Bucket: string): object => ({
    Bucket,
    PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }] },
  });

  it.each([
    ['by default', undefined],
    ['when asked to', { BlockPublicPolicy: true }],
  ])('is refused by a bucket that blocks it %s', async (title, PublicAccessBlockConfiguration) => {
    const BucketName = title.replaceAll(' ', '-');
    await apply('Bucket', { BucketName, ...(PublicAccessBlockConfiguration && { PublicAccessBlockConfiguration }) });
    await expect(apply('BucketPolicy', policyFor(BucketName))).rejects.toThrow('BlockPublicPolicy');
  });

  it('is attached to a bucket that does not, and still lets nobody anonymous in', async () => {
    await apply('Bucket', { BucketName: 'open', PublicAccessBlockConfiguration: { BlockPublicPolicy: false } });
    await apply('BucketPolicy', policyFor('open'));
    expect((await fetch(`${running.url}/open/a`)).status).toBe(403);
    await expect(client.send(new GetObjectCommand({ Bucket: 'open', Key: 'a' }))).rejects.toThrow('does not exist');
  });
});
