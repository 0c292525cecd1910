import { physicalName } from '../cloudformation/physical-name';
import { Properties, type PropertyTable } from '../cloudformation/properties';
import type { ResourceRequest, ResourceTypes } from '../cloudformation/resource-type';
import { checkPolicy } from '../iam/check-policy';
import type { S3 } from './s3';

const BUCKET: PropertyTable = {
  BucketName: 'used',
  BucketEncryption: { noEffect: 'objects at home lie on your own disk' },
  LifecycleConfiguration: { noEffect: 'nothing expires at home' },
  OwnershipControls: { noEffect: 'objects have no ACLs at home' },
  PublicAccessBlockConfiguration: { noEffect: 'nobody is anonymous at home' },
  Tags: { noEffect: 'labels' },
};

const BUCKET_POLICY: PropertyTable = { Bucket: 'used', PolicyDocument: 'used' };

export function s3ResourceTypes(s3: S3, now: () => Date): ResourceTypes {
  return {
    'AWS::S3::Bucket': {
      apply(request) {
        const name = settleName(request);
        if (!s3.store.hasBucket(name)) s3.store.createBucket(name, now().getTime());
        const { region, urlSuffix, partition } = request.stack;
        return {
          physicalId: name,
          attributes: {
            Arn: `arn:${partition}:s3:::${name}`,
            DomainName: `${name}.s3.${urlSuffix}`,
            DualStackDomainName: `${name}.s3.dualstack.${region}.${urlSuffix}`,
            RegionalDomainName: `${name}.s3.${region}.${urlSuffix}`,
          },
        };
      },
      remove({ physicalId, logicalId }) {
        // As on AWS: a bucket that has objects is not deleted.
        for (const _object of s3.store.list(physicalId, Buffer.alloc(0))) {
          throw new Error(
            `${logicalId}: BucketNotEmpty: the bucket ${physicalId} has left the template and still has objects`,
          );
        }
        s3.store.deleteBucket(physicalId);
      },
    },
    'AWS::S3::BucketPolicy': {
      apply(request) {
        const { logicalId, properties } = request;
        const read = new Properties(`${logicalId} (AWS::S3::BucketPolicy)`, properties, BUCKET_POLICY);
        const bucket = read.text('Bucket');
        s3.setBucketPolicy(bucket, checkPolicy(read.map('PolicyDocument'), logicalId));
        return { physicalId: bucket, attributes: {} };
      },
      remove: ({ physicalId }) => s3.setBucketPolicy(physicalId, undefined),
    },
  };
}

function settleName(request: ResourceRequest): string {
  const read = new Properties(`${request.logicalId} (AWS::S3::Bucket)`, request.properties, BUCKET);
  const name =
    read.optionalText('BucketName') ?? request.previous?.physicalId ?? physicalName(request, 63).toLowerCase();
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) return name;
  return read.refuse('BucketName', `is "${name}": it takes 3 to 63 lower-case letters, digits, hyphens and dots`);
}
