import { physicalName } from '../../cloudformation/physical-name';
import { Properties, type PropertyTable } from '../../cloudformation/properties';
import type { ResourceRequest, ResourceTypes } from '../../cloudformation/resource-type';
import { checkPolicy } from '../../iam/check-policy';
import { isPublicPolicy } from '../../iam/is-public-policy';
import { isBucketName } from '../operations/bucket-name';
import type { S3Context } from '../request-context';
import type { CorsRule } from '../store/object-index';
import { AUTO_DELETE_TAG, autoDeleteObjects } from './auto-delete-objects';
import { checkLifecycle } from './lifecycle';

const BUCKET: PropertyTable = {
  BucketName: 'used',
  BucketEncryption: { noEffect: 'objects lie on your own disk' },
  CorsConfiguration: 'used',
  LifecycleConfiguration: 'used',
  LoggingConfiguration: { noEffect: 'the local runtime writes no access log' },
  OwnershipControls: { noEffect: 'objects have no ACLs here' },
  PublicAccessBlockConfiguration: 'used',
  Tags: 'used',
  VersioningConfiguration: 'used',
};

const TAG: PropertyTable = { Key: 'used', Value: 'used' };

const VERSIONING: PropertyTable = { Status: 'used' };

const PUBLIC_ACCESS_BLOCK: PropertyTable = {
  BlockPublicPolicy: 'used',
  BlockPublicAcls: { noEffect: 'the local runtime has no ACLs' },
  IgnorePublicAcls: { noEffect: 'the local runtime has no ACLs' },
  RestrictPublicBuckets: { noEffect: 'nobody is anonymous here, and there is one account' },
};

const CORS: PropertyTable = { CorsRules: 'used' };

const CORS_RULE: PropertyTable = {
  AllowedHeaders: 'used',
  AllowedMethods: 'used',
  AllowedOrigins: 'used',
  ExposedHeaders: 'used',
  Id: { noEffect: 'a name' },
  MaxAge: 'used',
};

const BUCKET_POLICY: PropertyTable = { Bucket: 'used', PolicyDocument: 'used' };

/** Buckets as templates describe them: the objects' store, the settings that only templates make, and the time. */
export type BucketParts = Pick<S3Context, 'store' | 'settings' | 'now'>;

export function s3ResourceTypes(s3: BucketParts): ResourceTypes {
  return {
    'AWS::S3::Bucket': {
      apply(request) {
        const props = new Properties(`${request.logicalId} (AWS::S3::Bucket)`, request.properties, BUCKET);
        checkLifecycle(props);
        const name = bucketNameOf(props, request);
        if (!s3.store.findBucket(name)) s3.store.createBucket(name, s3.now().getTime());
        const versioning = props.group('VersioningConfiguration', VERSIONING);
        if (versioning.has('Status'))
          s3.store.changeBucket(name, { versioning: versioning.oneOf('Status', STATUSES, 'Enabled') });
        s3.store.changeBucket(name, { cors: readCors(props) });
        s3.settings.update(name, {
          blockPublicPolicy: readBlockPublicPolicy(props),
          autoDeleteObjects: hasAutoDeleteTag(props),
        });
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
        // As on AWS: a bucket that has objects, or versions of them, is not deleted.
        if (!s3.store.isEmpty(physicalId)) {
          throw new Error(
            `${logicalId}: BucketNotEmpty: the bucket ${physicalId} has left the template and still has objects`,
          );
        }
        s3.store.deleteBucket(physicalId);
        s3.settings.delete(physicalId);
      },
    },
    'Custom::S3AutoDeleteObjects': autoDeleteObjects(s3),
    'AWS::S3::BucketPolicy': {
      apply(request) {
        const { logicalId, properties } = request;
        const props = new Properties(`${logicalId} (AWS::S3::BucketPolicy)`, properties, BUCKET_POLICY);
        const bucket = props.text('Bucket');
        const policy = checkPolicy(props.map('PolicyDocument'), logicalId);
        if (s3.settings.get(bucket).blockPublicPolicy !== false && isPublicPolicy(policy))
          props.refuse(
            'PolicyDocument',
            'lets anybody in, and the bucket has BlockPublicPolicy: S3 answers AccessDenied',
          );
        s3.settings.update(bucket, { policy });
        return { physicalId: bucket, attributes: {} };
      },
      remove: ({ physicalId }) => s3.settings.update(physicalId, { policy: undefined }),
    },
  };
}

const STATUSES = ['Enabled', 'Suspended'] as const;

function readCors(bucket: Properties): CorsRule[] | undefined {
  if (!bucket.has('CorsConfiguration')) return undefined;
  return bucket
    .group('CorsConfiguration', CORS)
    .groups('CorsRules', CORS_RULE)
    .map((rule) => ({
      allowedOrigins: rule.textList('AllowedOrigins'),
      allowedMethods: rule.textList('AllowedMethods'),
      allowedHeaders: rule.textList('AllowedHeaders'),
      exposedHeaders: rule.textList('ExposedHeaders'),
      maxAge: rule.optionalNumber('MaxAge', { min: 0, max: 2 ** 31 }),
    }));
}

/** S3 blocks public policies on a new bucket unless told otherwise. */
function readBlockPublicPolicy(bucket: Properties): boolean {
  const block = bucket.group('PublicAccessBlockConfiguration', PUBLIC_ACCESS_BLOCK);
  return block.flag('BlockPublicPolicy', !bucket.has('PublicAccessBlockConfiguration'));
}

const hasAutoDeleteTag = (bucket: Properties): boolean =>
  bucket.groups('Tags', TAG).some((tag) => tag.text('Key') === AUTO_DELETE_TAG && tag.anyText('Value') === 'true');

function bucketNameOf(props: Properties, { previous, ...request }: ResourceRequest): string {
  const name = props.optionalText('BucketName') ?? previous?.physicalId ?? physicalName(request, 63).toLowerCase();
  if (isBucketName(name)) return name;
  return props.refuse('BucketName', `is "${name}": it takes 3 to 63 lower-case letters, digits, hyphens and dots`);
}
