import { Duration } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ApiProps } from './api-settings';
import { countedMetric, distributionMetric, keyAgeMetric } from './content-metrics';
import { readCorsOrigins } from './cors-origins';
import { readLifetimes } from './lifetimes';
import { LinkApi } from './link-api';
import { Operations, type OperationsProps } from './operations';
import { PRIVATE_BUCKET, uploadBucketProps } from './private-bucket';
import { type KeyProps, SigningKey } from './signing-key';

export interface PrivateContentProps extends ApiProps, KeyProps, OperationsProps {}

/**
 * A private bucket behind a CloudFront distribution that serves signed requests only, and a REST API that lists the objects
 * and signs their URLs, also under the distribution's `/_api/`. The signing keys are made and rotated inside the account.
 *
 * @example
 * const content = new PrivateContent(this, 'PrivateContent', {
 *   auth: ApiAuth.apiKey({ scopes: [{ action: 'list' }, { action: 'sign', maxLifetime: Duration.hours(1) }] }),
 * });
 */
export class PrivateContent extends Construct {
  readonly bucket: Bucket;
  readonly distribution: Distribution;
  readonly signingKey: SigningKey;
  readonly api: LinkApi;
  /** Logs, alarms and a dashboard, where asked for. */
  readonly operations: Operations;

  constructor(scope: Construct, id: string, props: PrivateContentProps = {}) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...PRIVATE_BUCKET,
      ...(props.uploads && uploadBucketProps(readCorsOrigins(props.corsAllowedOrigins))),
    });
    const { maxLifetime } = readLifetimes(props);
    this.signingKey = new SigningKey(this, 'SigningKey', { ...props, maxLifetime });
    this.distribution = this.createDistribution();
    const { bucket, distribution, signingKey } = this;
    this.api = new LinkApi(this, 'Api', { ...props, bucket, distribution, signingKey });
    this.operations = new Operations(this, 'Operations', this, props);
  }

  /** Calls that sign and were granted. @default - sum over five minutes */
  metricSigned(props?: MetricOptions): Metric {
    return countedMetric(this, 'sign', 'Grants', props);
  }

  /** Calls that sign and were refused, with a status of 4xx. @default - sum over five minutes */
  metricSignRefused(props?: MetricOptions): Metric {
    return countedMetric(this, 'sign', 'Refusals', props);
  }

  /** Calls that sign and failed, with a status of 5xx. @default - sum over five minutes */
  metricSignFailed(props?: MetricOptions): Metric {
    return countedMetric(this, 'sign', 'Failures', props);
  }

  /** How long calls that sign keep the function busy, milliseconds. @default - 99th percentile over five minutes */
  metricSignDuration(props?: MetricOptions): Metric {
    return countedMetric(this, 'sign', 'DurationMs', props);
  }

  /** Viewers' requests of the distribution, seen in us-east-1. @default - sum over five minutes */
  metricRequests(props?: MetricOptions): Metric {
    return distributionMetric(this.distribution, 'Requests', props);
  }

  /** Percent of the distribution's answers that are 4xx, seen in us-east-1. @default - average over five minutes */
  metric4xxErrorRate(props?: MetricOptions): Metric {
    return distributionMetric(this.distribution, '4xxErrorRate', props);
  }

  /** Percent of the distribution's answers that are 5xx, seen in us-east-1. @default - average over five minutes */
  metric5xxErrorRate(props?: MetricOptions): Metric {
    return distributionMetric(this.distribution, '5xxErrorRate', props);
  }

  /** Days since the newest signing key was made. @default - maximum over a day */
  metricKeyAge(props?: MetricOptions): Metric {
    return keyAgeMetric(this, props);
  }

  private createDistribution(): Distribution {
    return new Distribution(this, 'Distribution', {
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
        trustedKeyGroups: [this.signingKey.keyGroup],
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        // GET and HEAD only: a CloudFront signature does not cover the method, so a link must never be able to write.
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        cachePolicy: this.createCachePolicy(),
      },
      // CloudFront keeps these for 10 seconds, so another caller of the API would get them too. Source: CloudFront Developer Guide, "HTTP 4xx and
      // 5xx status codes from your origin".
      errorResponses: [500, 502, 503, 504].map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    });
  }

  /** As the managed policy CachingOptimized, but for the query parameter by which S3 names a download. */
  private createCachePolicy(): CachePolicy {
    return new CachePolicy(this, 'CachePolicy', {
      comment: 'CachingOptimized, and the query parameter response-content-disposition',
      minTtl: Duration.seconds(1),
      defaultTtl: Duration.days(1),
      maxTtl: Duration.days(365),
      // Not response-content-type: with a link to a folder, its viewer could have any file shown as a web page.
      queryStringBehavior: CacheQueryStringBehavior.allowList('response-content-disposition'),
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    });
  }
}
