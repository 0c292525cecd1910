import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { PRIVATE_BUCKET } from '../bucket/private-bucket';

export const DEFAULT_LOG_RETENTION: RetentionDays = RetentionDays.THREE_MONTHS;

/** A private bucket that forgets. It stays when the stack is deleted. */
export function createLogBucket(scope: Construct, retention: RetentionDays = DEFAULT_LOG_RETENTION): Bucket {
  return new Bucket(scope, 'Bucket', {
    ...PRIVATE_BUCKET,
    versioned: false,
    ...(retention !== RetentionDays.INFINITE && {
      lifecycleRules: [{ id: 'retention', expiration: Duration.days(retention) }],
    }),
  });
}
