import type { Action } from '../../api/actions';

/**
 * Counts a response in CloudWatch, in the namespace `edgepass`, by the function, which belongs to one stack, and the action. CloudWatch reads the embedded metric format from a log line
 * that is the JSON and nothing else, which `console` would wrap. Source: CloudWatch User Guide, "Specification: Embedded metric format".
 */
export function countResponse(action: Action, status: number, durationMs: number): void {
  write(
    ['FunctionName', 'action'],
    [
      ['Grants', 'Count'],
      ['Refusals', 'Count'],
      ['Failures', 'Count'],
      ['DurationMs', 'Milliseconds'],
    ],
    {
      FunctionName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? '',
      action,
      Grants: status < 400 ? 1 : 0,
      Refusals: status >= 400 && status < 500 ? 1 : 0,
      Failures: status >= 500 ? 1 : 0,
      DurationMs: Math.round(durationMs * 1000) / 1000,
    },
  );
}

const DAY_MS = 86_400_000;

/** For how many days the newest key has signed; one that waits for its time is 0 days old. @param signsFrom ISO 8601 */
export function reportKeyAge(parameterName: string, signsFrom: string): void {
  const days = Math.max(0, (Date.now() - Date.parse(signsFrom)) / DAY_MS);
  write(['signingKey'], [['KeyAgeDays', 'None']], {
    signingKey: parameterName,
    KeyAgeDays: Math.round(days * 100) / 100,
  });
}

function write(
  dimensions: readonly string[],
  metrics: readonly (readonly [name: string, unit: string])[],
  values: Readonly<Record<string, string | number>>,
): void {
  const Metrics = metrics.map(([Name, Unit]) => ({ Name, Unit }));
  const _aws = {
    Timestamp: Date.now(),
    CloudWatchMetrics: [{ Namespace: 'edgepass', Dimensions: [dimensions], Metrics }],
  };
  process.stdout.write(`${JSON.stringify({ _aws, ...values })}\n`);
}
