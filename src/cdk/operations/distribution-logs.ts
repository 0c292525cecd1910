import { Names, Stack } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CLOUDFRONT_REGION, requireCloudFrontRegion } from '../base/cloudfront-region';
import { createLogBucket } from './log-bucket';

export interface DistributionLogsProps {
  readonly distribution: IDistribution;

  /**
   * Where the logs go: a bucket for logs alone, for it gets a statement that lets them in under any key.
   *
   * @default - a private bucket of its own
   */
  readonly bucket?: Bucket;

  /**
   * How long a bucket of its own keeps them.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly retention?: RetentionDays;
}

/**
 * Of the fields that standard logs (v2) have. Left out, for they can hold a link's signature: `cs-uri-query`, `cs(Cookie)`, `cs(Referer)`.
 * Source: CloudFront Developer Guide, "Standard logging reference".
 */
const FIELDS = [
  'date',
  'time',
  'x-edge-location',
  'sc-bytes',
  'c-ip',
  'cs-method',
  'cs(Host)',
  'cs-uri-stem',
  'sc-status',
  'cs(User-Agent)',
  'x-edge-result-type',
  'x-edge-request-id',
  'x-host-header',
  'cs-protocol',
  'cs-bytes',
  'time-taken',
  'x-forwarded-for',
  'ssl-protocol',
  'ssl-cipher',
  'x-edge-response-result-type',
  'cs-protocol-version',
  'time-to-first-byte',
  'x-edge-detailed-result-type',
  'sc-content-type',
  'sc-content-len',
  'sc-range-start',
  'sc-range-end',
];

/** CloudFront's standard logs (v2) of a distribution. For a stack in us-east-1, wherever that of the distribution is. */
export class DistributionLogs extends Construct {
  readonly bucket: Bucket;

  /** @throws PropertyError in a stack in another region. */
  constructor(scope: Construct, id: string, props: DistributionLogsProps) {
    super(scope, id);
    const { distribution, retention, bucket = createLogBucket(this, retention) } = props;
    this.bucket = bucket;
    requireCloudFrontRegion(this, 'logs.distribution', 'set it to false and make DistributionLogs in a stack there');
    const name = Names.uniqueResourceName(this, { maxLength: 60, separator: '-' });
    const source = new CfnDeliverySource(this, 'Source', {
      name,
      logType: 'ACCESS_LOGS',
      resourceArn: distribution.distributionArn,
    });
    const destination = new CfnDeliveryDestination(this, 'Destination', {
      name,
      destinationResourceArn: bucket.bucketArn,
      outputFormat: 'json',
    });
    const delivery = new CfnDelivery(this, 'Delivery', {
      deliverySourceName: source.ref,
      deliveryDestinationArn: destination.attrArn,
      recordFields: FIELDS,
      s3SuffixPath: '{DistributionId}/{yyyy}/{MM}/{dd}/{HH}',
    });
    const { account, partition } = Stack.of(this);
    // AWS would add it by itself, and the next deployment remove it. Any key, for the suffix path decides where they begin; the bucket holds logs alone.
    // Source: CloudWatch Logs User Guide, "Logs sent to Amazon S3", for services with V2 permissions.
    bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('*')],
        conditions: {
          StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:logs:${CLOUDFRONT_REGION}:${account}:delivery-source:*` },
        },
      }),
    );
    if (bucket.policy) delivery.node.addDependency(bucket.policy);
  }
}
