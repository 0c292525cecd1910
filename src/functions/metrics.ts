import type { Action } from '../api/routes';

/**
 * Counts an answer in CloudWatch, in the namespace `edgepass`, by the action. CloudWatch reads the embedded metric format from a log line
 * that is the JSON and nothing else, which `console` would wrap. Source: CloudWatch User Guide, "Specification: Embedded metric format".
 */
export function countAnswer(action: Action, status: number, durationMs: number): void {
  const metric = (Name: string, Unit: string) => ({ Name, Unit });
  const line = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: 'edgepass',
          Dimensions: [['action']],
          Metrics: [metric('Grants', 'Count'), metric('Refusals', 'Count'), metric('DurationMs', 'Milliseconds')],
        },
      ],
    },
    action,
    Grants: status < 400 ? 1 : 0,
    Refusals: status >= 400 && status < 500 ? 1 : 0,
    DurationMs: Math.round(durationMs * 1000) / 1000,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
