import { Duration } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  type IOrigin,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ApiProps } from './api/api-settings';
import { LinkApi } from './api/link-api';
import { readCorsOrigins } from './base/cors-origins';
import { readLifetimes } from './base/lifetimes';
import { PropertyError } from './base/property-error';
import { grantDistributionRead } from './bucket/bucket-access';
import { BucketOrigin } from './bucket/bucket-origin';
import { addBucketWarnings } from './bucket/bucket-warnings';
import { type ContentBucketProps, createContentBucket } from './bucket/content-bucket';
import { type DeliveryProps, readDelivery } from './delivery/delivery';
import { addPublicPaths, addPublicUploadWarning } from './delivery/public-paths';
import { grantList, ImportedContent, type IPrivateContent, type PrivateContentAttributes } from './imported-content';
import { type ContentKeyProps, SigningKey } from './keys/signing-key';
import { countedMetric, distributionMetric, keyAgeMetric } from './operations/content-metrics';
import { Operations, type OperationsProps } from './operations/operations';
import { SiteAssets, type SiteProps } from './site/site';

export interface PrivateContentProps
  extends ApiProps,
    ContentBucketProps,
    DeliveryProps,
    ContentKeyProps,
    OperationsProps,
    SiteProps {}

/**
 * A private bucket behind a CloudFront distribution that serves signed requests only, and a REST API that lists the objects
 * and signs their URLs, also under the distribution's `/_api/`. The signing keys are made and rotated inside the account.
 *
 * @example
 * const content = new PrivateContent(this, 'PrivateContent', {
 *   auth: ApiAuth.apiKey({ scopes: [{ action: 'list' }, { action: 'sign', maxLifetime: Duration.hours(1) }] }),
 * });
 */
export class PrivateContent extends Construct implements IPrivateContent {
  /** A `PrivateContent` that another app or stack has deployed, to grant on. */
  static fromAttributes(scope: Construct, id: string, attrs: PrivateContentAttributes): IPrivateContent {
    return new ImportedContent(scope, id, attrs);
  }

  readonly bucket: IBucket;
  readonly distribution: Distribution;
  /** What links begin with: the first of `domainNames`, or the distribution's own name. */
  readonly domainName: string;
  readonly signingKey: SigningKey;
  readonly api: LinkApi;
  /** Where there is a `site`. */
  readonly site: SiteAssets | undefined;
  /** Logs, alarms and a dashboard, where asked for. */
  readonly operations: Operations;

  constructor(scope: Construct, id: string, props: PrivateContentProps = {}) {
    super(scope, id);
    const content = createContentBucket(this, props, props.uploads && readCorsOrigins(props.corsAllowedOrigins));
    this.bucket = content.bucket;
    checkKeysDiffer(content.bucket, props);
    const { maxLifetime } = readLifetimes(props);
    this.signingKey = new SigningKey(this, 'SigningKey', { ...props, maxLifetime });
    const origin = new BucketOrigin(this.bucket);
    this.distribution = this.createDistribution(origin, props);
    this.domainName = props.domainNames?.[0] ?? this.distribution.distributionDomainName;
    const { bucket, distribution, signingKey, domainName } = this;
    this.api = new LinkApi(this, 'Api', { ...props, bucket, distribution, signingKey, domainName });
    this.site =
      props.site === undefined
        ? undefined
        : new SiteAssets(this, 'Site', { site: props.site, distribution, contentBucket: bucket });
    addPublicPaths(distribution, origin, props);
    grantDistributionRead(this, content, distribution, this.api);
    addBucketWarnings(this, content.given, props);
    addPublicUploadWarning(this, props);
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

  get signingKeyParameterName(): string {
    return this.signingKey.parameterName;
  }

  get apiUrl(): string {
    return this.api.restApi.url;
  }

  grantSign(grantee: IGrantable): Grant {
    return this.signingKey.grantRead(grantee);
  }

  grantList(grantee: IGrantable): Grant {
    return grantList(grantee, this.bucket);
  }

  private createDistribution(origin: IOrigin, props: DeliveryProps): Distribution {
    return new Distribution(this, 'Distribution', {
      ...readDelivery(this, props),
      defaultBehavior: {
        origin,
        trustedKeyGroups: [this.signingKey.keyGroup],
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        // GET and HEAD only: a CloudFront signature does not cover the method, so a link must never be able to write.
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        cachePolicy: this.createCachePolicy(),
        ...(props.responseHeaders && { responseHeadersPolicy: props.responseHeaders }),
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

/** The key's policy would refer to the distribution, that to the key group, and what makes the group to the key. */
function checkKeysDiffer({ encryptionKey }: IBucket, { signingKeyEncryptionKey }: ContentKeyProps): void {
  if (encryptionKey === undefined || encryptionKey !== signingKeyEncryptionKey) return;
  throw new PropertyError(
    'signingKeyEncryptionKey',
    'encrypts the bucket too, and CloudFormation cannot make such a circle: give another key',
  );
}
