import { CfnCondition, type CfnResource, Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import { CfnMonitoringSubscription } from 'aws-cdk-lib/aws-cloudfront';
import {
  Alarm,
  type CfnAlarm,
  ComparisonOperator,
  type IMetric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { CLOUDFRONT_REGION, requireCloudFrontRegion } from '../base/cloudfront-region';
import { PropertyError } from '../base/property-error';
import { distributionMetric, keyAgeMetric, signerErrorsMetric, throttlesMetric } from './content-metrics';
import type { OperatedContent } from './operated-content';

export interface ContentAlarmProps {
  /**
   * Who is told when an alarm goes off and when it is over. A topic that is encrypted needs a customer managed key whose policy lets
   * `cloudwatch.amazonaws.com` use it: with `aws/sns` nothing arrives.
   *
   * @default - nobody: the alarms have states, and no actions
   */
  readonly topic?: ITopic;

  /**
   * Alarms about the distribution. CloudFront's metrics are in us-east-1, and an alarm sees the metrics of its own region alone. Turns on the
   * distribution's additional metrics, which cost money, for the one that counts 403.
   *
   * @default true
   */
  readonly distribution?: boolean;

  /**
   * Percent of the distribution's answers and of the API's that may be 5xx.
   *
   * @default 1
   */
  readonly serverErrorRate?: number;

  /**
   * Percent of the distribution's answers that may be 403: links that are over, altered or missing.
   *
   * @default 20
   */
  readonly forbiddenRate?: number;

  /**
   * How long the slowest of a hundred calls may keep the signer busy; its cold start does not count.
   *
   * @default Duration.seconds(1)
   */
  readonly signerLatency?: Duration;

  /**
   * How old the newest signing key may be.
   *
   * @default Duration.days(365)
   */
  readonly keyAge?: Duration;
}

interface AlarmRow {
  readonly id: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** How many periods of five minutes in a row; the key's age has one of a day. */
  readonly periods: number;
  readonly description: string;
  /** @default NOT_BREACHING: what is not asked for has no errors */
  readonly missing?: TreatMissingData;
  readonly isAboutDistribution?: boolean;
}

/** The functions' timeout, in milliseconds: nothing takes longer. */
const LONGEST_CALL = 10_000;

/** One alarm a row of `docs/operations.md`, which says what to do. */
export class ContentAlarms extends Construct {
  readonly alarms: readonly Alarm[];
  /** Those that are deployed in every region. */
  readonly unconditionalAlarms: readonly Alarm[];

  /** @throws PropertyError for the first property that cannot be. */
  constructor(scope: Construct, id: string, content: OperatedContent, props: ContentAlarmProps) {
    super(scope, id);
    const { topic, distribution: withDistribution = true } = props;
    const thresholds = readThresholds(props);
    if (withDistribution) {
      const fix = 'set it to false and make these alarms in a stack there';
      requireCloudFrontRegion(this, 'alarms.distribution', fix);
      const additional = new CfnMonitoringSubscription(this, 'AdditionalMetrics', {
        distributionId: content.distribution.distributionId,
        monitoringSubscription: {
          realtimeMetricsSubscriptionConfig: { realtimeMetricsSubscriptionStatus: 'Enabled' },
        },
      });
      this.limitToCloudFrontRegion(additional);
    }
    const rows = rowsOf(content, thresholds).filter((row) => withDistribution || !row.isAboutDistribution);
    this.alarms = rows.map((row) => this.createAlarm(row));
    this.unconditionalAlarms = this.alarms.filter(({ node }) => !(node.defaultChild as CfnAlarm).cfnOptions.condition);
    if (!topic) return;
    const action = new SnsAction(topic);
    for (const alarm of this.alarms) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }

  private createAlarm({ id, metric, threshold, periods, description, missing, isAboutDistribution }: AlarmRow): Alarm {
    const alarm = new Alarm(this, id, {
      alarmDescription: `${description} docs/operations.md of edgepass says what to do.`,
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
    });
    if (isAboutDistribution) this.limitToCloudFrontRegion(alarm.node.defaultChild as CfnAlarm);
    return alarm;
  }

  /** An alarm in another region would see nothing and say that all is well, and what it watches would cost money for nobody. */
  private limitToCloudFrontRegion(resource: CfnResource): void {
    if (Token.isUnresolved(Stack.of(this).region)) resource.cfnOptions.condition = this.cloudFrontRegionCondition();
  }

  private cloudFrontRegionCondition(): CfnCondition {
    const there = this.node.tryFindChild('SeesCloudFront');
    if (there instanceof CfnCondition) return there;
    const expression = Fn.conditionEquals(Stack.of(this).region, CLOUDFRONT_REGION);
    return new CfnCondition(this, 'SeesCloudFront', { expression });
  }
}

const IS_TOKEN = 'is a token; thresholds are calculated at synthesis, so give its number';

/** As CloudWatch compares them: percent, milliseconds, days. */
interface Thresholds {
  readonly serverErrorRate: number;
  readonly forbiddenRate: number;
  readonly signerLatency: number;
  readonly keyAge: number;
}

function readThresholds(props: ContentAlarmProps): Thresholds {
  const {
    serverErrorRate = 1,
    forbiddenRate = 20,
    signerLatency = Duration.seconds(1),
    keyAge = Duration.days(365),
  } = props;
  checkPercent('alarms.serverErrorRate', serverErrorRate);
  checkPercent('alarms.forbiddenRate', forbiddenRate);
  return {
    serverErrorRate,
    forbiddenRate,
    signerLatency: readDuration('alarms.signerLatency', signerLatency, 'Milliseconds', [1, LONGEST_CALL - 1]),
    keyAge: readDuration('alarms.keyAge', keyAge, 'Days', [1, 3_650]),
  };
}

function checkPercent(property: string, value: number): void {
  if (Token.isUnresolved(value)) throw new PropertyError(property, IS_TOKEN);
  if (value >= 0 && value < 100) return;
  throw new PropertyError(property, `is ${value}: give percent, from 0 to below 100, which nothing can be above`);
}

function readDuration(
  property: string,
  value: Duration,
  unit: 'Milliseconds' | 'Days',
  [min, max]: [number, number],
): number {
  if (value.isUnresolved()) throw new PropertyError(property, IS_TOKEN);
  const number = value[`to${unit}`]({ integral: false });
  if (number >= min && number <= max) return number;
  throw new PropertyError(property, `is ${number} ${unit.toLowerCase()}: give ${min} to ${max}`);
}

function rowsOf(content: OperatedContent, thresholds: Thresholds): AlarmRow[] {
  const { distribution, api } = content;
  const { serverErrorRate, forbiddenRate, signerLatency, keyAge } = thresholds;
  return [
    {
      id: 'DistributionServerErrors',
      metric: distributionMetric(distribution, '5xxErrorRate'),
      threshold: serverErrorRate,
      periods: 3,
      description: `Over ${serverErrorRate} % of the distribution's answers are 5xx.`,
      isAboutDistribution: true,
    },
    {
      id: 'DistributionForbidden',
      metric: distributionMetric(distribution, '403ErrorRate'),
      threshold: forbiddenRate,
      periods: 3,
      description: `Over ${forbiddenRate} % of the distribution's answers are 403.`,
      isAboutDistribution: true,
    },
    {
      id: 'ApiServerErrors',
      metric: api.restApi.metricServerError({ statistic: Stats.AVERAGE }),
      threshold: serverErrorRate / 100,
      periods: 3,
      description: `Over ${serverErrorRate} % of the API's answers are 5xx.`,
    },
    {
      id: 'SignerErrors',
      metric: signerErrorsMetric(content),
      threshold: 0,
      periods: 1,
      description: 'The signer failed: a caller got no link.',
    },
    {
      id: 'SignerLatency',
      metric: api.signer.function.metricDuration({ statistic: Stats.p(99) }),
      threshold: signerLatency,
      periods: 3,
      description: `The slowest of a hundred calls keeps the signer busy for over ${signerLatency} ms.`,
    },
    {
      id: 'Throttles',
      metric: throttlesMetric(content),
      threshold: 0,
      periods: 1,
      description: 'Lambda throttled a function of the API: the concurrency of the account is used up.',
    },
    {
      id: 'KeyAge',
      metric: keyAgeMetric(content),
      threshold: keyAge,
      periods: 1,
      description: `The signing key is older than ${keyAge} days.`,
      // Between two reports of its age a key does not get younger.
      missing: TreatMissingData.IGNORE,
    },
  ];
}
