import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OPERATED } from './cdk/contents';
import { signedUrl } from './clients';
import { bootKeys, HOUR_MS } from './keys/local-keys';
import { temporaryFolder } from './run-local';

interface WatchedMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}
interface AlarmProperties extends Partial<WatchedMetric> {
  readonly Metrics?: readonly { readonly MetricStat?: { readonly Metric: WatchedMetric } }[];
}
interface MetricLine {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

const nameOf = ({ Namespace, MetricName, Dimensions }: WatchedMetric): string =>
  [Namespace, MetricName, ...Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort()].join(' ');

/** What the stack's alarms look at of what functions count, each metric by its name and all its dimensions. */
function watchedMetrics(dataDir: string): string[] {
  const stack = JSON.parse(readFileSync(join(dataDir, 'stack.json'), 'utf8')) as Record<
    string,
    { type: string; properties: AlarmProperties }
  >;
  const alarms = Object.values(stack).filter(({ type }) => type === 'AWS::CloudWatch::Alarm');
  const metrics = alarms.flatMap(({ properties }) =>
    properties.Metrics
      ? properties.Metrics.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []))
      : [properties as WatchedMetric],
  );
  return metrics.filter(({ Namespace }) => Namespace === 'edgepass').map(nameOf);
}

/** As CloudWatch reads the embedded metric format from what functions have printed. */
function countedMetrics(dataDir: string): string[] {
  const entries = readFileSync(join(dataDir, 'functions.log'), 'utf8').trim().split('\n');
  const lines = entries
    .map((entry) => (JSON.parse(entry) as { line: string }).line)
    .filter((line) => /"_aws"/.test(line));
  return lines.flatMap((text) => {
    const line = JSON.parse(text) as MetricLine;
    return line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Dimensions.flatMap((names) =>
        Metrics.map(({ Name }) => {
          const dimensions = names.map((name) => ({ Name: name, Value: String(line[name]) }));
          return nameOf({ Namespace, MetricName: Name, Dimensions: dimensions });
        }),
      ),
    );
  });
}

describe('the watched metrics', () => {
  it('functions count what the alarms look at, under the very names and dimensions', async () => {
    const local = await bootKeys(temporaryFolder(), OPERATED);
    onTestFinished(() => local.close());
    await signedUrl(local.environment, 'a');
    local.pass(HOUR_MS);
    await local.keys({});
    const watched = watchedMetrics(local.dataDir);
    expect(watched.map((name) => name.split(' ')[1]).sort()).toEqual(['Failures', 'KeyAgeDays']);
    await expect.poll(() => countedMetrics(local.dataDir)).toEqual(expect.arrayContaining(watched));
  });
});
