import { type OriginBindConfig, type OriginBindOptions, S3OriginAccessControl } from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Construct } from 'constructs';
import { globalName } from '../base/global-name';

/** Source: CloudFront API Reference, OriginAccessControlConfig, Name. */
const LONGEST_NAME = 64;

/**
 * The bucket behind origin access control, as `S3BucketOrigin.withOriginAccessControl` makes it, without its grants: to a KMS key it lets in every
 * distribution of the account, and to a bucket of another stack it closes a circle. `bucket-access.ts` grants instead.
 */
export class BucketOrigin extends S3BucketOrigin {
  override bind(scope: Construct, options: OriginBindOptions): OriginBindConfig {
    const { originAccessControlId } = new S3OriginAccessControl(scope, 'S3OriginAccessControl', {
      originAccessControlName: globalName(scope, LONGEST_NAME),
    });
    const { originProperty, ...config } = super.bind(scope, options);
    if (!originProperty) throw new Error('the bucket has no origin property');
    return { ...config, originProperty: { ...originProperty, originAccessControlId } };
  }
}
