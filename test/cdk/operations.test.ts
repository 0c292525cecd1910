import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  AccessLogs,
  DistributionLogs,
  type OperatedContent,
  PrivateContent,
  type PrivateContentProps,
  PropertyError,
} from 'edgepass/cdk';
import { describe, expect, it } from 'vitest';
import { newApp } from '../new-app';
import { JWT, MAXIMUM, OPERATED } from './contents';
import {
  findCycle,
  nameOf,
  ofType,
  only,
  privileges,
  type Resource,
  type Resources,
  synthesizeContent,
  textOf,
} from './read-template';

type Values = Resource['Properties'];

const US_EAST_1 = { account: '111122223333', region: 'us-east-1' };
const ELSEWHERE = { account: '111122223333', region: 'eu-west-1' };

const minimal = synthesizeContent();
const maximum = synthesizeContent({ ...MAXIMUM, ...OPERATED });

function refusal(props: PrivateContentProps, env = US_EAST_1): PropertyError {
  try {
    new PrivateContent(new Stack(newApp(), 'Edgepass', { env }), 'PrivateContent', props);
  } catch (error) {
    if (error instanceof PropertyError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

const namesOf = (resources: Resources, type: string): string[] =>
  ofType(resources, type)
    .map(([id]) => nameOf(id))
    .sort();

function find(resources: Resources, type: string, name: string): Values {
  const [, found] = ofType(resources, type).find(([id]) => nameOf(id) === name) ?? [];
  if (!found) throw new Error(`there is no ${type} ${name}`);
  return found.Properties;
}

describe("the construct's operations", () => {
  it('makes none of it unless asked for', () => {
    const types = new Set(Object.values(minimal).map(({ Type }) => Type));
    expect(
      [...types].filter((type) => /CloudWatch|WAF|SNS|Logs::Del|MonitoringSub|ApiGateway::Account/.test(type)),
    ).toEqual([]);
    expect(namesOf(minimal, 'AWS::S3::Bucket')).toEqual(['Bucket']);
    for (const [, { Properties }] of ofType(minimal, 'AWS::Logs::LogGroup'))
      expect(Properties.RetentionInDays).toBe(30);
    for (const [, { Properties }] of ofType(minimal, 'AWS::Lambda::Function'))
      expect(Properties).not.toHaveProperty('TracingConfig');
  });

  it('has no resource that depends on itself', () => {
    expect(findCycle(maximum)).toEqual([]);
  });

  it('keeps the audit lines of every function as long as asked for, and for good where it says so', () => {
    const groups = ofType(maximum, 'AWS::Logs::LogGroup').filter(([id]) => !nameOf(id).startsWith('Operations'));
    expect(groups).toHaveLength(ofType(maximum, 'AWS::Lambda::Function').length);
    for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBe(365);
    const forGood = synthesizeContent({ logRetention: RetentionDays.INFINITE });
    for (const [, { Properties }] of ofType(forGood, 'AWS::Logs::LogGroup'))
      expect(Properties?.RetentionInDays).toBeUndefined();
  });

  it('traces through both stages and every function, which may send traces and nothing else more', () => {
    for (const [, { Properties }] of ofType(maximum, 'AWS::ApiGateway::Stage'))
      expect(Properties.TracingEnabled).toBe(true);
    const functions = ofType(maximum, 'AWS::Lambda::Function');
    expect(functions.length).toBeGreaterThan(5);
    for (const [id, { Properties }] of functions) {
      expect(Properties.TracingConfig).toEqual({ Mode: 'Active' });
      const name = nameOf(id).replace(/Function$/, '');
      const untraced = synthesizeContent(MAXIMUM);
      const more = privileges(maximum, name).filter((one) => !privileges(untraced, name).includes(one));
      expect(more).toEqual(['xray:PutTelemetryRecords *', 'xray:PutTraceSegments *']);
    }
  });

  it('delivers CloudFront’s standard logs (v2) without query, cookies and referrer, which hold signatures', () => {
    expect(only(maximum, 'AWS::Logs::DeliverySource')).toMatchObject({ LogType: 'ACCESS_LOGS' });
    expect(textOf(only(maximum, 'AWS::Logs::DeliverySource').ResourceArn)).toMatch(
      /:cloudfront::.*distribution\/<Distribution>$/,
    );
    const { DestinationResourceArn, OutputFormat } = only(maximum, 'AWS::Logs::DeliveryDestination');
    expect([textOf(DestinationResourceArn), OutputFormat]).toEqual(['<OperationsAccessLogsBucket.Arn>', 'json']);
    const { RecordFields } = only(maximum, 'AWS::Logs::Delivery');
    expect(RecordFields).toEqual(expect.arrayContaining(['c-ip', 'cs-uri-stem', 'sc-status', 'x-edge-request-id']));
    expect(RecordFields.filter((field: string) => /query|cookie|referer/i.test(field))).toEqual([]);
  });

  it('has a private log bucket that forgets, and that two services write to, each for one source', () => {
    const bucket = find(maximum, 'AWS::S3::Bucket', 'OperationsAccessLogsBucket');
    expect(bucket.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(bucket.LifecycleConfiguration.Rules).toEqual([
      { Id: 'retention', Status: 'Enabled', ExpirationInDays: 180 },
    ]);
    const { Statement } = find(maximum, 'AWS::S3::BucketPolicy', 'OperationsAccessLogsBucketPolicy').PolicyDocument;
    const granted = Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow').map((one: Values) => ({
      service: one.Principal.Service,
      action: one.Action,
      resource: textOf(one.Resource),
      source: textOf(one.Condition.ArnLike['aws:SourceArn']),
      account: one.Condition.StringEquals['aws:SourceAccount'],
    }));
    const account = { Ref: 'AWS::AccountId' };
    expect(granted).toEqual(
      expect.arrayContaining([
        {
          service: 'delivery.logs.amazonaws.com',
          action: 's3:PutObject',
          resource: '<OperationsAccessLogsBucket.Arn>/*',
          source: 'arn::logs:us-east-1::delivery-source:*',
          account,
        },
        {
          service: 'logging.s3.amazonaws.com',
          action: 's3:PutObject',
          resource: '<OperationsAccessLogsBucket.Arn>/s3/*',
          source: '<Bucket.Arn>',
          account,
        },
      ]),
    );
    expect(granted).toHaveLength(2);
    expect(Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Deny')).toHaveLength(1);
    const { LoggingConfiguration } = find(maximum, 'AWS::S3::Bucket', 'Bucket');
    expect(textOf(LoggingConfiguration.DestinationBucketName)).toBe('<OperationsAccessLogsBucket>');
  });

  it('logs the API’s calls at both stages without query and headers, and sets the account’s role only where asked to', () => {
    for (const [, { Properties, DependsOn }] of ofType(maximum, 'AWS::ApiGateway::Stage')) {
      expect(textOf(Properties.AccessLogSetting.DestinationArn)).toBe('<OperationsAccessLogsApi.Arn>');
      const format = JSON.parse(Properties.AccessLogSetting.Format);
      expect(format).toMatchObject({ requestId: '$context.requestId', status: '$context.status' });
      expect(
        Object.values(format).filter(
          (value) => !/^\$context\.(?!requestOverride|responseOverride)/.test(String(value)),
        ),
      ).toEqual([]);
      expect([DependsOn].flat().map((id) => nameOf(String(id)))).toContain('OperationsAccessLogsAccount');
    }
    expect(find(maximum, 'AWS::Logs::LogGroup', 'OperationsAccessLogsApi').RetentionInDays).toBe(180);
    const [[, account] = []] = ofType(maximum, 'AWS::ApiGateway::Account');
    expect(account).toMatchObject({ DeletionPolicy: 'Retain' });
    expect(
      privileges(maximum, 'OperationsAccessLogsCloudWatch').map((one) => one.replace(/^logs:(\w+) \*$/, '$1')),
    ).toEqual([
      'CreateLogGroup',
      'CreateLogStream',
      'DescribeLogGroups',
      'DescribeLogStreams',
      'FilterLogEvents',
      'GetLogEvents',
      'PutLogEvents',
    ]);
    const asked = synthesizeContent({ logs: { api: true } });
    expect(ofType(asked, 'AWS::ApiGateway::Account')).toEqual([]);
    for (const [, { Properties }] of ofType(synthesizeContent({ logs: {} }), 'AWS::ApiGateway::Stage'))
      expect(Properties.AccessLogSetting).toBeUndefined();
  });

  const ALARMS = [
    'ApiServerErrors',
    'DistributionForbidden',
    'DistributionServerErrors',
    'KeyAge',
    'SignerErrors',
    'SignerLatency',
    'Throttles',
  ];

  /** `NAMESPACE METRIC statistic` of each metric that an alarm looks at. */
  function watched(alarm: Values): string[] {
    if (alarm.Namespace)
      return [`${alarm.Namespace} ${alarm.MetricName} ${alarm.Statistic ?? alarm.ExtendedStatistic}`];
    return alarm.Metrics.flatMap(({ MetricStat }: Values) =>
      MetricStat ? [`${MetricStat.Metric.Namespace} ${MetricStat.Metric.MetricName} ${MetricStat.Stat}`] : [],
    );
  }

  it('alarms about errors, refusals, latency, throttles and the key’s age, each by what AWS measures', () => {
    const prefix = 'OperationsAlarms';
    expect(namesOf(maximum, 'AWS::CloudWatch::Alarm')).toEqual(ALARMS.map((name) => prefix + name));
    const alarm = (name: string) => find(maximum, 'AWS::CloudWatch::Alarm', prefix + name);
    expect(ALARMS.map((name) => [name, alarm(name).Threshold, [...new Set(watched(alarm(name)))]])).toEqual([
      ['ApiServerErrors', 0.01, ['AWS/ApiGateway 5XXError Average']],
      ['DistributionForbidden', 20, ['AWS/CloudFront 403ErrorRate Average']],
      ['DistributionServerErrors', 1, ['AWS/CloudFront 5xxErrorRate Average']],
      ['KeyAge', 365, ['edgepass KeyAgeDays Maximum']],
      ['SignerErrors', 0, ['AWS/Lambda Errors Sum', 'edgepass Failures Sum']],
      ['SignerLatency', 1000, ['AWS/Lambda Duration p99']],
      ['Throttles', 0, ['AWS/Lambda Throttles Sum']],
    ]);
    for (const name of ALARMS) {
      expect(alarm(name).ComparisonOperator).toBe('GreaterThanThreshold');
      expect(alarm(name).TreatMissingData).toBe(name === 'KeyAge' ? 'ignore' : 'notBreaching');
    }
  });

  it('looks at metrics by all the dimensions that they have', () => {
    const dimensions = ({ Dimensions }: Values) =>
      Object.fromEntries(Dimensions.map(({ Name, Value }: Values) => [Name, textOf(Value)]));
    const alarm = (name: string) => find(maximum, 'AWS::CloudWatch::Alarm', `OperationsAlarms${name}`);
    expect(dimensions(alarm('DistributionForbidden'))).toEqual({ DistributionId: '<Distribution>', Region: 'Global' });
    expect(dimensions(alarm('KeyAge'))).toEqual({
      signingKey: '/edgepass/Edgepass/PrivateContent/signing-key',
    });
    const counted = alarm('SignerErrors').Metrics.find(
      (one: Values) => one.MetricStat?.Metric.Namespace === 'edgepass',
    );
    expect(dimensions(counted.MetricStat.Metric)).toEqual({ FunctionName: '<ApiSignerFunction>', action: 'sign' });
    const { Name } = only(maximum, 'AWS::ApiGateway::RestApi');
    expect(dimensions(alarm('ApiServerErrors'))).toEqual({ ApiName: Name });
  });

  it('gives the APIs of two contents names that their metrics tell apart', () => {
    const stack = new Stack(newApp(), 'Edgepass');
    for (const id of ['A', 'B']) new PrivateContent(stack, id);
    const names = Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::RestApi')).map(
      ({ Properties }) => Properties.Name,
    );
    expect(new Set(names).size).toBe(2);
  });

  it('counts throttles of every function of the API, also of the authorizer', () => {
    const resources = synthesizeContent({ alarms: {}, auth: JWT, uploads: {}, deletes: true });
    const alarm = find(resources, 'AWS::CloudWatch::Alarm', 'OperationsAlarmsThrottles');
    const functions = ofType(resources, 'AWS::Lambda::Function').map(([id]) => nameOf(id));
    const names = alarm.Metrics.flatMap(({ MetricStat }: Values) =>
      MetricStat ? [textOf(MetricStat.Metric.Dimensions[0].Value)] : [],
    );
    const ofApi = functions.filter((name) => name.startsWith('Api'));
    expect(ofApi).toEqual(expect.arrayContaining(['ApiAuthorizerVerifierFunction', 'ApiSignerFunction']));
    expect(names.sort()).toEqual(ofApi.map((name) => `<${name}>`).sort());
  });

  it('tells a topic of every alarm, when it goes off and when it is over', () => {
    const stack = new Stack(newApp(), 'Edgepass', { env: US_EAST_1 });
    new PrivateContent(stack, 'PrivateContent', { alarms: { topic: new Topic(stack, 'Topic') } });
    const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toHaveLength(ALARMS.length);
    for (const { Properties, Condition } of alarms) {
      expect(Properties.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^Topic/) }]);
      expect(Properties.OKActions).toEqual(Properties.AlarmActions);
      expect(Condition).toBeUndefined();
    }
  });

  it('makes the alarms about the distribution where their metrics are: in us-east-1, or where it turns out to be that', () => {
    const conditions = Object.fromEntries(
      ofType(maximum, 'AWS::CloudWatch::Alarm').map(([id, alarm]) => [nameOf(id), (alarm as Values).Condition]),
    );
    const conditional = Object.entries(conditions)
      .filter(([, condition]) => condition)
      .map(([id]) => id);
    expect(conditional.sort()).toEqual([
      'OperationsAlarmsDistributionForbidden',
      'OperationsAlarmsDistributionServerErrors',
    ]);
    const [[, additionalMetrics] = []] = ofType(maximum, 'AWS::CloudFront::MonitoringSubscription');
    expect((additionalMetrics as Values).Condition).toBe(conditions.OperationsAlarmsDistributionForbidden);
    const elsewhere = new Stack(newApp(), 'Edgepass', { env: ELSEWHERE });
    new PrivateContent(elsewhere, 'PrivateContent', { alarms: { distribution: false }, dashboard: true });
    const template = Template.fromStack(elsewhere);
    template.resourceCountIs('AWS::CloudWatch::Alarm', ALARMS.length - 2);
    template.resourceCountIs('AWS::CloudFront::MonitoringSubscription', 0);
  });

  it('draws one dashboard, with CloudFront’s metrics from us-east-1', () => {
    const stack = new Stack(newApp(), 'Edgepass', { env: ELSEWHERE });
    new PrivateContent(stack, 'PrivateContent', { dashboard: true });
    const [dashboard] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
    const text = JSON.stringify(dashboard);
    for (const metric of [
      'Grants',
      'Refusals',
      'Failures',
      'DurationMs',
      'Requests',
      '5xxErrorRate',
      'Throttles',
      'KeyAgeDays',
    ])
      expect(text).toContain(metric);
    expect(text.match(/AWS\/CloudFront/g)).toHaveLength(4);
    expect(text.match(/Global[^[\]]*\{[^{}]*us-east-1/g)).toHaveLength(4);
  });

  it.each<[keyof PrivateContent & `metric${string}`, object]>([
    ['metricSigned', { namespace: 'edgepass', metricName: 'Grants', statistic: 'Sum' }],
    ['metricSignRefused', { namespace: 'edgepass', metricName: 'Refusals', statistic: 'Sum' }],
    ['metricSignFailed', { namespace: 'edgepass', metricName: 'Failures', statistic: 'Sum' }],
    ['metricSignDuration', { namespace: 'edgepass', metricName: 'DurationMs', statistic: 'p99' }],
    ['metricRequests', { namespace: 'AWS/CloudFront', metricName: 'Requests', statistic: 'Sum' }],
    ['metric4xxErrorRate', { namespace: 'AWS/CloudFront', metricName: '4xxErrorRate', statistic: 'Average' }],
    ['metric5xxErrorRate', { namespace: 'AWS/CloudFront', metricName: '5xxErrorRate', statistic: 'Average' }],
    ['metricKeyAge', { namespace: 'edgepass', metricName: 'KeyAgeDays', statistic: 'Maximum' }],
  ])('answers %s, with what its caller changes', (method, expected) => {
    const content = new PrivateContent(new Stack(newApp(), 'Edgepass'), 'PrivateContent');
    const metricOf = content[method].bind(content) as (props?: MetricOptions) => { period: Duration };
    expect(metricOf()).toMatchObject(expected);
    expect(metricOf({ period: Duration.minutes(1) }).period.toSeconds()).toBe(60);
  });

  it('puts a web ACL of its own, or a given one, before the distribution', () => {
    const { Scope, DefaultAction, Rules } = only(maximum, 'AWS::WAFv2::WebACL');
    expect([Scope, DefaultAction]).toEqual(['CLOUDFRONT', { Allow: {} }]);
    expect(Rules.map(({ Name, Priority }: Values) => [Name, Priority])).toEqual([
      ['AWSManagedRulesAmazonIpReputationList', 0],
      ['AWSManagedRulesKnownBadInputsRuleSet', 1],
      ['RateLimit', 2],
    ]);
    expect(Rules[2].Statement).toEqual({ RateBasedStatement: { Limit: 10_000, AggregateKeyType: 'IP' } });
    for (const { VisibilityConfig } of Rules) expect(VisibilityConfig.SampledRequestsEnabled).toBe(false);
    const idOf = (resources: Resources) => only(resources, 'AWS::CloudFront::Distribution').DistributionConfig.WebACLId;
    expect(textOf(idOf(maximum))).toBe('<OperationsWebAcl.Arn>');
    const webAclId = 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/mine/0f3';
    expect(idOf(synthesizeContent({ webAclId }))).toBe(webAclId);
    expect(idOf(minimal)).toBeUndefined();
  });

  it.each<[string, PrivateContentProps, string, RegExp]>([
    ['access logs of nothing', { logs: { distribution: false, bucket: false } }, 'logs', /asks for no log at all/],
    ['a CloudWatch role for no log', { logs: { cloudWatchRole: true } }, 'logs.cloudWatchRole', /set logs.api to true/],
    [
      'a percentage that nothing is above',
      { alarms: { forbiddenRate: 100 } },
      'alarms.forbiddenRate',
      /is 100: give percent/,
    ],
    ['a negative percentage', { alarms: { serverErrorRate: -1 } }, 'alarms.serverErrorRate', /is -1/],
    [
      'a latency beyond the function’s timeout',
      { alarms: { signerLatency: Duration.seconds(10) } },
      'alarms.signerLatency',
      /1 to 9999$/,
    ],
    ['a key’s age of hours', { alarms: { keyAge: Duration.hours(1) } }, 'alarms.keyAge', /give 1 to 3650/],
    [
      'two web ACLs',
      { webAclId: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/1', managedWebAcl: {} },
      'webAclId',
      /has one web ACL/,
    ],
    [
      'a regional web ACL',
      { webAclId: 'arn:aws:wafv2:us-east-1:111122223333:regional/webacl/a/1' },
      'webAclId',
      /scope CLOUDFRONT/,
    ],
    ['the id of AWS WAF Classic', { webAclId: '473e64fd-f30b-4765-81a0-62ad96dd167a' }, 'webAclId', /give the ARN/],
    [
      'a rate below AWS’s lowest',
      { managedWebAcl: { rateLimit: 9 } },
      'managedWebAcl.rateLimit',
      /is 9: give a whole number/,
    ],
    ['half a request', { managedWebAcl: { rateLimit: 99.5 } }, 'managedWebAcl.rateLimit', /is 99.5/],
  ])('refuses %s', (_, props, property, message) => {
    const error = refusal(props);
    expect([error.code, error.property]).toEqual(['ERR_PROPERTY_INVALID', property]);
    expect(error.message).toMatch(message);
  });

  it.each<[PrivateContentProps, string]>([
    [{ logs: {} }, 'logs.distribution'],
    [{ alarms: {} }, 'alarms.distribution'],
    [{ managedWebAcl: {} }, 'managedWebAcl'],
  ])('refuses %j outside us-east-1, and says what to do', (props, property) => {
    const error = refusal(props, ELSEWHERE);
    expect(error.property).toBe(property);
    expect(error.message).toMatch(
      /cannot be in eu-west-1, for CloudFront has it in us-east-1 alone: deploy the stack there, or /,
    );
  });

  it('lets a stack in us-east-1 have the logs and alarms of a distribution that a stack elsewhere has', () => {
    const app = newApp();
    const stack = (id: string, env: object) => new Stack(app, id, { env, crossRegionReferences: true });
    const content = new PrivateContent(stack('InEurope', ELSEWHERE), 'PrivateContent', {
      logs: { distribution: false },
      alarms: { distribution: false },
    });
    const inUsEast1 = stack('InUsEast1', US_EAST_1);
    new DistributionLogs(inUsEast1, 'Logs', { distribution: content.distribution });
    new Alarm(inUsEast1, 'ServerErrors', { metric: content.metric5xxErrorRate(), threshold: 1, evaluationPeriods: 3 });
    const template = Template.fromStack(inUsEast1);
    template.resourceCountIs('AWS::Logs::Delivery', 1);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/CloudFront',
      MetricName: '5xxErrorRate',
    });
  });

  it('takes days and a half for the key’s age, and no threshold that only the deployment knows', () => {
    const [alarm] = [synthesizeContent({ alarms: { keyAge: Duration.hours(36) } })].map((resources) =>
      find(resources, 'AWS::CloudWatch::Alarm', 'OperationsAlarmsKeyAge'),
    );
    expect(alarm?.Threshold).toBe(1.5);
    const stack = new Stack(newApp(), 'Edgepass');
    const { valueAsNumber } = new CfnParameter(stack, 'Parameter', { type: 'Number' });
    for (const alarms of [{ serverErrorRate: valueAsNumber }, { signerLatency: Duration.seconds(valueAsNumber) }])
      expect(refusal({ alarms }).message).toMatch(/is a token; thresholds are calculated at synthesis/);
  });

  it('leaves server access logs alone that a bucket has already', () => {
    const stack = new Stack(newApp(), 'Edgepass', { env: US_EAST_1 });
    const content = new PrivateContent(stack, 'PrivateContent', { logs: {} });
    // aws-cdk-lib's own classes do not satisfy exactOptionalPropertyTypes.
    const operated = content as unknown as OperatedContent;
    expect(() => new AccessLogs(stack, 'More', operated, { distribution: false })).toThrow(
      /^logs\.bucket is on for a bucket that has server access logs already/,
    );
  });
});
