import { physicalName } from '../cloudformation/physical-name';
import { refuseUnknown } from '../cloudformation/properties';
import type { ResourceRequest, ResourceTypes } from '../cloudformation/resource-type';
import { checkPolicy } from '../iam/check-policy';
import type { S3 } from './s3';

/** Properties of a bucket that change nothing at home, each with the reason. */
const INERT = {
  BucketEncryption: 'objects at home lie on your own disk',
  LifecycleConfiguration: 'nothing expires at home',
  OwnershipControls: 'objects have no ACLs at home',
  PublicAccessBlockConfiguration: 'nobody is anonymous at home',
  Tags: 'labels',
};

export function s3ResourceTypes(s3: S3, now: () => Date): ResourceTypes {
  return {
    'AWS::S3::Bucket': {
      apply(request) {
        refuseUnknown(request, ['BucketName'], INERT);
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
        refuseUnknown(request, ['Bucket', 'PolicyDocument'], {});
        const { Bucket, PolicyDocument } = request.properties;
        s3.setBucketPolicy(String(Bucket), checkPolicy(PolicyDocument, request.logicalId));
        return { physicalId: String(Bucket), attributes: {} };
      },
      remove: ({ physicalId }) => s3.setBucketPolicy(physicalId, undefined),
    },
  };
}

function settleName(request: ResourceRequest): string {
  const name = String(
    request.properties.BucketName ?? request.previous?.physicalId ?? physicalName(request, 63).toLowerCase(),
  );
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
    throw new Error(
      `${request.logicalId}: "${name}" is no bucket name: 3 to 63 lower-case letters, digits, hyphens and dots`,
    );
  }
  return name;
}
