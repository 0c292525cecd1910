import { physicalName } from './cloudformation/physical-name';
import { Properties, type PropertyTable } from './cloudformation/properties';
import type { ResourceRequest, ResourceResult, ResourceTypes } from './cloudformation/resource-type';

/** A type that looks on, or tells people, and that no answer depends on. */
interface ObservingType {
  /** The reason why it does nothing here. */
  readonly reason: string;
  /** Source: the resource type's "Properties" in the CloudFormation reference. */
  readonly properties: string;
  readonly identify: (request: ResourceRequest) => ResourceResult;
}

/** A name that the template gives, or that CloudFormation makes up; the same at every boot. */
function nameOf(request: ResourceRequest, property: string, maxLength: number): string {
  const given = request.properties[property];
  if (typeof given === 'string' && given !== '') return given;
  return request.previous?.attributes.Name === undefined
    ? physicalName(request, maxLength)
    : String(request.previous.attributes.Name);
}

const arnOf = ({ stack }: ResourceRequest, service: string, resource: string, region = stack.region): string =>
  `arn:${stack.partition}:${service}:${region}:${stack.accountId}:${resource}`;

const byLogicalId = ({ logicalId }: ResourceRequest): ResourceResult => ({ physicalId: logicalId, attributes: {} });

const TYPES: Readonly<Record<string, ObservingType>> = {
  'AWS::CloudFront::MonitoringSubscription': {
    reason: 'the local runtime has no metrics',
    properties: 'DistributionId MonitoringSubscription',
    identify: byLogicalId,
  },
  'AWS::CloudWatch::Alarm': {
    reason: 'the local runtime has no metrics',
    properties:
      'ActionsEnabled AlarmActions AlarmDescription AlarmName ComparisonOperator DatapointsToAlarm Dimensions EvaluateLowSampleCountPercentile EvaluationPeriods ExtendedStatistic InsufficientDataActions MetricName Metrics Namespace OKActions Period Statistic Tags Threshold ThresholdMetricId TreatMissingData Unit',
    identify(request) {
      const name = nameOf(request, 'AlarmName', 255);
      return { physicalId: name, attributes: { Name: name, Arn: arnOf(request, 'cloudwatch', `alarm:${name}`) } };
    },
  },
  'AWS::CloudWatch::Dashboard': {
    reason: 'the local runtime has no metrics',
    properties: 'DashboardBody DashboardName Tags',
    identify(request) {
      const name = nameOf(request, 'DashboardName', 255);
      return { physicalId: name, attributes: { Name: name } };
    },
  },
  'AWS::Logs::Delivery': {
    reason: 'the local runtime writes no access log',
    properties:
      'DeliveryDestinationArn DeliverySourceName FieldDelimiter RecordFields S3EnableHiveCompatiblePath S3SuffixPath Tags',
    identify: byLogicalId,
  },
  'AWS::Logs::DeliveryDestination': {
    reason: 'the local runtime writes no access log',
    properties: 'DeliveryDestinationPolicy DeliveryDestinationType DestinationResourceArn Name OutputFormat Tags',
    identify(request) {
      const name = nameOf(request, 'Name', 60);
      const arn = arnOf(request, 'logs', `delivery-destination:${name}`);
      return { physicalId: name, attributes: { Name: name, Arn: arn } };
    },
  },
  'AWS::Logs::DeliverySource': {
    reason: 'the local runtime writes no access log',
    properties: 'DeliverySourceConfiguration LogType Name ResourceArn Tags',
    identify(request) {
      const name = nameOf(request, 'Name', 60);
      return { physicalId: name, attributes: { Name: name, Arn: arnOf(request, 'logs', `delivery-source:${name}`) } };
    },
  },
  'AWS::SNS::Subscription': {
    reason: 'the local runtime sends no notifications',
    properties:
      'DeliveryPolicy Endpoint FilterPolicy FilterPolicyScope Protocol RawMessageDelivery RedrivePolicy Region ReplayPolicy SubscriptionRoleArn TopicArn',
    identify: byLogicalId,
  },
  'AWS::SNS::Topic': {
    reason: 'the local runtime sends no notifications',
    properties:
      'ArchivePolicy ContentBasedDeduplication DataProtectionPolicy DeliveryStatusLogging DisplayName FifoThroughputScope FifoTopic KmsMasterKeyId SignatureVersion Subscription Tags TopicName TracingConfig',
    identify(request) {
      const name = nameOf(request, 'TopicName', 256);
      const arn = arnOf(request, 'sns', name);
      return { physicalId: arn, attributes: { Name: name, TopicArn: arn, TopicName: name } };
    },
  },
  'AWS::SNS::TopicPolicy': {
    reason: 'the local runtime sends no notifications',
    properties: 'PolicyDocument Topics',
    identify: byLogicalId,
  },
  // The distribution that has it says at every boot that nothing is kept from it.
  'AWS::WAFv2::WebACL': {
    reason: 'the local runtime has no web ACLs',
    properties:
      'ApplicationConfig AssociationConfig CaptchaConfig ChallengeConfig CustomResponseBodies DataProtectionConfig DefaultAction Description Name OnSourceDDoSProtectionConfig Rules Scope Tags TokenDomains VisibilityConfig',
    identify(request) {
      const name = nameOf(request, 'Name', 128);
      const arn = arnOf(request, 'wafv2', `global/webacl/${name}/home`, 'us-east-1');
      return { physicalId: `${name}|home|CLOUDFRONT`, attributes: { Name: name, Arn: arn, Id: 'home' } };
    },
  },
};

function tableOf({ properties, reason }: ObservingType): PropertyTable {
  return Object.fromEntries(properties.split(' ').map((property) => [property, { noEffect: reason }]));
}

/** Log deliveries, metrics, notifications, web ACLs: others refer to them, and the local runtime does without. */
export const OBSERVING_RESOURCE_TYPES: ResourceTypes = Object.fromEntries(
  Object.entries(TYPES).map(([type, row]) => {
    const table = tableOf(row);
    const apply = (request: ResourceRequest): ResourceResult => {
      new Properties(`${request.logicalId} (${type})`, request.properties, table);
      return row.identify(request);
    };
    return [type, { apply }];
  }),
);
