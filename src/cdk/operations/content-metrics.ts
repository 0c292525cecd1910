import { Duration } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { type IMetric, MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Action } from '../../api/actions';
import { bundleOfAction } from '../api/function-statements';
import { CLOUDFRONT_REGION } from '../base/cloudfront-region';
import type { OperatedContent } from './operated-content';

/** What the functions count by themselves. Source: `src/functions/http/metrics.ts`. */
const NAMESPACE = 'edgepass';

type CountedMetric = 'Grants' | 'Refusals' | 'Failures' | 'DurationMs';

/** A metric of the functions that sign, list, upload or delete. */
export function countedMetric(
  { api }: OperatedContent,
  action: Action,
  metricName: CountedMetric,
  props?: MetricOptions,
): Metric {
  const bundle = bundleOfAction(action);
  const counting = api.functions.get(bundle);
  if (!counting) throw new Error(`the stack has no function ${bundle}, which counts what "${action}" does`);
  return new Metric({
    namespace: NAMESPACE,
    metricName,
    dimensionsMap: { FunctionName: counting.function.functionName, action },
    statistic: metricName === 'DurationMs' ? Stats.p(99) : Stats.SUM,
    ...props,
  });
}

/** For how many days the newest key has signed, as the rotation function reports every hour. */
export function keyAgeMetric({ signingKey }: OperatedContent, props?: MetricOptions): Metric {
  return new Metric({
    namespace: NAMESPACE,
    metricName: 'KeyAgeDays',
    dimensionsMap: { signingKey: signingKey.parameterName },
    statistic: Stats.MAXIMUM,
    period: Duration.days(1),
    ...props,
  });
}

/**
 * The distribution's own, at most once a minute. Not `Distribution.metric()`: CloudFront gives its metrics the dimension `Region` too, and a metric is
 * found by all its dimensions. Source: CloudFront Developer Guide, "Get CloudFront metrics using the CloudWatch API".
 */
export function distributionMetric(
  { distributionId: DistributionId }: IDistribution,
  metricName: 'Requests' | 'BytesDownloaded' | '4xxErrorRate' | '5xxErrorRate' | '403ErrorRate',
  props?: MetricOptions,
): Metric {
  return new Metric({
    namespace: 'AWS/CloudFront',
    metricName,
    dimensionsMap: { DistributionId, Region: 'Global' },
    statistic: /Rate$/.test(metricName) ? Stats.AVERAGE : Stats.SUM,
    region: CLOUDFRONT_REGION,
    ...props,
  });
}

/** How often the account's concurrency, or a function's, was used up, over all functions of the API. */
export function throttlesMetric({ api }: OperatedContent, props?: MetricOptions): MathExpression {
  const functions = [...api.functions.values(), ...(api.authorizer ? [api.authorizer] : [])];
  const usingMetrics = Object.fromEntries(
    functions.map((one, at): [string, IMetric] => [`throttles${at}`, one.function.metricThrottles()]),
  );
  const expression = Object.keys(usingMetrics)
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics, label: 'Throttles', ...periodOf(props) });
}

/** Invocations of the signer that broke off, and answers with a status of 500 and above. */
export function signerErrorsMetric(content: OperatedContent, props?: MetricOptions): MathExpression {
  return new MathExpression({
    expression: 'FILL(brokenOff, 0) + FILL(failures, 0)',
    usingMetrics: {
      brokenOff: content.api.signer.function.metricErrors(),
      failures: countedMetric(content, 'sign', 'Failures'),
    },
    label: 'Signer errors',
    ...periodOf(props),
  });
}

const periodOf = (props?: MetricOptions) => ({ period: props?.period ?? Duration.minutes(5) });
