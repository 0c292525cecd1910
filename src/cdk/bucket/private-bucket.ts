import { Duration } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  BucketEncryption,
  type BucketProps,
  type CorsRule,
  HttpMethods,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { IDEMPOTENCY_PREFIX } from '../api/uploads';

/** A bucket that only the stack's own parts reach. */
export const PRIVATE_BUCKET: BucketProps = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  // An object that is overwritten or deleted can be brought back.
  versioned: true,
};

/** S3 has no wildcard for the headers it exposes. `x-amz-checksum-*`: one of an algorithm each. */
const EXPOSED_HEADERS = [
  'ETag',
  'x-amz-version-id',
  ...['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'].map((algorithm) => `x-amz-checksum-${algorithm}`),
];

/** What a bucket needs whose objects are uploaded by presigned requests, from web pages of these origins too. */
export function uploadBucketProps(allowedOrigins: string[]): { cors: CorsRule[]; lifecycleRules: LifecycleRule[] } {
  return {
    cors: [
      {
        allowedMethods: [HttpMethods.PUT],
        allowedOrigins,
        // The presigned URL says which headers are sent.
        allowedHeaders: ['*'],
        exposedHeaders: EXPOSED_HEADERS,
        maxAge: Duration.hours(1).toSeconds(),
      },
    ],
    lifecycleRules: [
      { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
      {
        // With days, S3 removes the delete markers that are left too. Source: Amazon S3 User Guide, "Lifecycle configuration elements".
        id: 'idempotency-keys',
        prefix: IDEMPOTENCY_PREFIX,
        expiration: Duration.days(1),
        noncurrentVersionExpiration: Duration.days(1),
      },
    ],
  };
}

/** Source: Amazon S3 API Reference, CORSRule. */
export const printCors = (rule: CorsRule): object => ({
  AllowedMethods: rule.allowedMethods,
  AllowedOrigins: rule.allowedOrigins,
  AllowedHeaders: rule.allowedHeaders,
  ExposeHeaders: rule.exposedHeaders,
  MaxAgeSeconds: rule.maxAge,
});

/** Source: Amazon S3 API Reference, LifecycleRule. */
export const printLifecycle = (rule: LifecycleRule): object => ({
  ID: rule.id,
  Status: 'Enabled',
  Filter: { Prefix: rule.prefix ?? '' },
  ...(rule.expiration && { Expiration: { Days: rule.expiration.toDays() } }),
  ...(rule.noncurrentVersionExpiration && {
    NoncurrentVersionExpiration: { NoncurrentDays: rule.noncurrentVersionExpiration.toDays() },
  }),
  ...(rule.abortIncompleteMultipartUploadAfter && {
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: rule.abortIncompleteMultipartUploadAfter.toDays() },
  }),
});
