import { Properties, type PropertyTable } from '../cloudformation/properties';
import type { ResourceRequest } from '../cloudformation/resource-type';

export interface Rule {
  readonly isEnabled: boolean;
  readonly everyMs: number;
  readonly targets: readonly Target[];
}

export interface Target {
  readonly functionArn: string;
  /** JSON, in place of the event. */
  readonly input: string | undefined;
}

/** Source: AWS::Events::Rule, "Properties". */
const RULE: PropertyTable = {
  Description: { noEffect: 'text' },
  EventBusName: { notImplemented: 'other event buses' },
  EventPattern: { notImplemented: 'events of AWS services' },
  Name: { noEffect: 'a name' },
  RoleArn: { notImplemented: 'targets that need a role' },
  ScheduleExpression: 'used',
  State: 'used',
  Tags: { noEffect: 'labels' },
  Targets: 'used',
};

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export function readRule({ logicalId, properties }: ResourceRequest): Rule {
  const read = new Properties(`${logicalId} (AWS::Events::Rule)`, properties, RULE);
  const schedule = read.text('ScheduleExpression');
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  if (count === undefined) read.notImplemented(`the schedule ${schedule}: only rate(…) is`);
  const targets = (properties.Targets ?? []) as readonly Record<string, unknown>[];
  return {
    isEnabled: read.oneOf('State', ['ENABLED', 'DISABLED'], 'ENABLED') === 'ENABLED',
    everyMs: Number(count) * (UNIT_MS[unit] ?? 0),
    targets: targets.map((target) => readTarget(target, read)),
  };
}

function readTarget({ Id, Arn, Input, ...rest }: Record<string, unknown>, read: Properties): Target {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) read.notImplemented(`${unknown} of the target ${Id}`);
  if (typeof Arn !== 'string' || !/^arn:[^:]+:lambda:/.test(Arn))
    read.notImplemented(`the target ${Id}: only Lambda functions are`);
  return { functionArn: String(Arn), input: typeof Input === 'string' ? Input : undefined };
}
