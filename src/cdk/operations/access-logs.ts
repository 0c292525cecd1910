import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat, CfnAccount, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigateway';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ILogGroup, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PropertyError } from '../base/property-error';
import { DistributionLogs } from './distribution-logs';
import { createLogBucket, DEFAULT_LOG_RETENTION } from './log-bucket';
import type { OperatedContent } from './operated-content';

export interface LogsProps {
  /**
   * How long the access logs are kept.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly retention?: RetentionDays;

  /**
   * CloudFront's standard logs (v2), in the log bucket: a JSON object a request, without query, cookies and referrer, for these hold signatures.
   * CloudFront delivers them from us-east-1.
   *
   * @default true
   */
  readonly distribution?: boolean;

  /**
   * The bucket's server access logs, in the log bucket. A line holds the whole request, also a presigned upload's signature, which is over after an hour.
   *
   * @default true
   */
  readonly bucket?: boolean;

  /**
   * API Gateway's access logs, in a log group. API Gateway writes under the CloudWatch role that is set in the account, one for every API
   * of the account in the region: where none is set, the deployment fails.
   *
   * @default false
   */
  readonly api?: boolean;

  /**
   * Whether to make a CloudWatch role for API Gateway and set it in the account. It replaces the one that is set there, for every API of the account in the
   * region, and stays when the stack is deleted.
   *
   * @default false
   */
  readonly cloudWatchRole?: boolean;
}

/** Where the bucket's own logs begin in the log bucket. */
const BUCKET_LOG_PREFIX = 's3/';

/** Who asked for what. None of it holds a link, or what its caller is known by. */
export class AccessLogs extends Construct {
  /** Private; holds the logs of the distribution and of the bucket. */
  readonly bucket: Bucket | undefined;
  /** Holds the API's. */
  readonly apiLogGroup: ILogGroup | undefined;

  /** @throws PropertyError for the first property that cannot be. */
  constructor(scope: Construct, id: string, content: OperatedContent, props: LogsProps) {
    super(scope, id);
    const { retention = DEFAULT_LOG_RETENTION, distribution = true, bucket = true, api = false } = props;
    const { cloudWatchRole = false } = props;
    if (!distribution && !bucket && !api)
      throw new PropertyError('logs', 'asks for no log at all: leave it out, or turn on distribution, bucket or api');
    if (cloudWatchRole && !api)
      throw new PropertyError(
        'logs.cloudWatchRole',
        'is for the logs of the API: set logs.api to true, or leave it out',
      );
    if (distribution || bucket) this.bucket = createLogBucket(this, retention);
    if (distribution && this.bucket)
      new DistributionLogs(this, 'Distribution', { distribution: content.distribution, bucket: this.bucket });
    if (bucket && this.bucket) this.logBucket(content, this.bucket);
    if (api) this.apiLogGroup = this.logApi(content, retention, cloudWatchRole);
  }

  private logBucket({ bucket: content }: OperatedContent, bucket: Bucket): void {
    const resource = content.node.defaultChild;
    if (!(resource instanceof CfnBucket) || Stack.of(resource) !== Stack.of(this))
      throw new PropertyError(
        'logs.bucket',
        'cannot be turned on here for a bucket that is made elsewhere: set it to false, and turn its server access logs on there',
      );
    if (resource.loggingConfiguration)
      throw new PropertyError('logs.bucket', 'is on for a bucket that has server access logs already: set it to false');
    // Not Bucket's own serverAccessLogsBucket: without a feature flag that grants by ACLs, which this bucket has not.
    resource.loggingConfiguration = { destinationBucketName: bucket.bucketName, logFilePrefix: BUCKET_LOG_PREFIX };
    // Source: Amazon S3 User Guide, "Enabling Amazon S3 server access logging".
    bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects(`${BUCKET_LOG_PREFIX}*`)],
        conditions: {
          ArnLike: { 'aws:SourceArn': content.bucketArn },
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
        },
      }),
    );
  }

  private logApi({ api }: OperatedContent, retention: RetentionDays, cloudWatchRole: boolean): ILogGroup {
    const logGroup = new LogGroup(this, 'Api', { retention, removalPolicy: RemovalPolicy.RETAIN });
    const account = cloudWatchRole ? this.createCloudWatchRole() : undefined;
    const { destinationArn } = new LogGroupLogDestination(logGroup).bind(api.restApi.deploymentStage);
    for (const stage of api.cfnStages) {
      stage.accessLogSetting = { destinationArn, format: API_LOG_FORMAT.toString() };
      if (account) stage.node.addDependency(account);
    }
    return logGroup;
  }

  /**
   * May what AWS's managed policy AmazonAPIGatewayPushToCloudWatchLogs allows: the role is every API's of the account. Source: API Gateway Developer Guide,
   * "Permissions for CloudWatch logging".
   */
  private createCloudWatchRole(): CfnAccount {
    const role = new Role(this, 'CloudWatchRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      inlinePolicies: {
        PushToCloudWatchLogs: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: [
                'logs:CreateLogGroup',
                'logs:CreateLogStream',
                'logs:DescribeLogGroups',
                'logs:DescribeLogStreams',
                'logs:FilterLogEvents',
                'logs:GetLogEvents',
                'logs:PutLogEvents',
              ],
              resources: ['*'],
            }),
          ],
        }),
      },
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return account;
  }
}

/** Without the query, and without headers. The path may name an object. */
const API_LOG_FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    requestTime: AccessLogField.contextRequestTime(),
    stage: AccessLogField.contextStage(),
    httpMethod: AccessLogField.contextHttpMethod(),
    path: AccessLogField.contextPath(),
    status: AccessLogField.contextStatus(),
    responseType: AccessLogField.contextErrorResponseType(),
    responseLength: AccessLogField.contextResponseLength(),
    responseLatency: AccessLogField.contextResponseLatency(),
    integrationLatency: AccessLogField.contextIntegrationLatency(),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
    apiKeyId: AccessLogField.contextIdentityApiKeyId(),
    caller: AccessLogField.contextIdentityUserArn(),
    principalId: AccessLogField.contextAuthorizerPrincipalId(),
  }),
);
