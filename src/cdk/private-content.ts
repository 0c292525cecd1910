import { Duration } from 'aws-cdk-lib';
import { AllowedMethods, CachePolicy, Distribution, KeyGroup, ViewerProtocolPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LinkApi } from './link-api';
import { SigningKey } from './signing-key';

export interface PrivateContentProps {
  /**
   * How long a signed URL of `POST /urls` is good for.
   *
   * @default Duration.hours(12)
   */
  readonly defaultLifetime?: Duration;
}

/**
 * A private bucket behind a CloudFront distribution that serves signed requests only, and a REST API that lists the objects
 * and signs their URLs. The signing key pair is made inside the account, during the deployment.
 *
 * @example
 * const content = new PrivateContent(this, 'PrivateContent');
 */
export class PrivateContent extends Construct {
  readonly bucket: Bucket;
  readonly distribution: Distribution;
  readonly signingKey: SigningKey;
  readonly api: LinkApi;

  constructor(scope: Construct, id: string, props: PrivateContentProps = {}) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // An object that is overwritten or deleted can be brought back.
      versioned: true,
    });
    this.signingKey = new SigningKey(this, 'SigningKey');
    this.distribution = new Distribution(this, 'Distribution', {
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
        trustedKeyGroups: [new KeyGroup(this, 'KeyGroup', { items: [this.signingKey.publicKey] })],
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        // GET and HEAD only: a CloudFront signature does not cover the method, so a link must never be able to write.
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      },
    });
    this.api = new LinkApi(this, 'Api', {
      bucket: this.bucket,
      distribution: this.distribution,
      signingKey: this.signingKey,
      defaultLifetime: props.defaultLifetime ?? Duration.hours(12),
    });
  }
}
