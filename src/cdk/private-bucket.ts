import { Duration } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  BucketEncryption,
  type BucketProps,
  HttpMethods,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { IDEMPOTENCY_PREFIX } from './uploads';

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
const ANSWERED_HEADERS = [
  'ETag',
  'x-amz-version-id',
  ...['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'].map((algorithm) => `x-amz-checksum-${algorithm}`),
];

/** What a bucket needs whose objects are uploaded by presigned requests, from web pages of these origins too. */
export function uploadBucketProps(allowedOrigins: string[]): BucketProps {
  return {
    cors: [
      {
        allowedMethods: [HttpMethods.PUT],
        allowedOrigins,
        // The presigned URL says which headers are sent.
        allowedHeaders: ['*'],
        exposedHeaders: ANSWERED_HEADERS,
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
