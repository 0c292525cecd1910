import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import {
  countedMetric,
  distributionMetric,
  keyAgeMetric,
  signerErrorsMetric,
  throttlesMetric,
} from './content-metrics';
import type { OperatedContent } from './operated-content';

const HALF = { width: 12, height: 6 };

/** Links, viewers, callers and the key on one page; CloudFront's metrics are read from us-east-1 in every region. */
export class ContentDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, content: OperatedContent, alarms: readonly Alarm[]) {
    super(scope, id);
    const { distribution, api } = content;
    const counted = (name: 'Grants' | 'Refusals' | 'Failures', label: string): IMetric =>
      countedMetric(content, 'sign', name, { label });
    const duration = (percentile: number): IMetric =>
      countedMetric(content, 'sign', 'DurationMs', { statistic: Stats.p(percentile), label: `p${percentile}` });
    const rows: IWidget[][] = [
      alarms.length > 0 ? [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24 })] : [],
      [
        graph('Calls that sign', [
          counted('Grants', 'granted'),
          counted('Refusals', 'refused'),
          counted('Failures', 'failed'),
        ]),
        graph('How long they take, ms', [duration(50), duration(99)]),
      ],
      [
        graph(
          'Viewers: requests, and percent of errors',
          [distributionMetric(distribution, 'Requests', { label: 'requests' })],
          [
            distributionMetric(distribution, '4xxErrorRate', { label: '4xx %' }),
            distributionMetric(distribution, '5xxErrorRate', { label: '5xx %' }),
          ],
        ),
        graph('Viewers: bytes downloaded', [distributionMetric(distribution, 'BytesDownloaded', { label: 'bytes' })]),
      ],
      [
        graph('API: calls and errors', [
          api.restApi.metricCount({ label: 'calls' }),
          api.restApi.metricClientError({ label: '4xx' }),
          api.restApi.metricServerError({ label: '5xx' }),
        ]),
        graph('Signer errors, and throttles', [signerErrorsMetric(content), throttlesMetric(content)]),
      ],
      [new SingleValueWidget({ title: 'Age of the signing key, days', metrics: [keyAgeMetric(content)], ...HALF })],
    ];
    this.dashboard = new Dashboard(this, 'Dashboard', { widgets: rows.filter((row) => row.length > 0) });
  }
}

const graph = (title: string, left: IMetric[], right: IMetric[] = []): GraphWidget =>
  new GraphWidget({ title, left, right, leftYAxis: { min: 0 }, ...HALF });
