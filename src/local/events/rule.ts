import { Properties, type PropertyTable } from '../cloudformation/properties';
import type { ResourceRequest } from '../cloudformation/resource-type';

export interface Rule {
  readonly isEnabled: boolean;
  readonly intervalMs: number;
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

/** One of a unit, or several of it: `rate(1 hours)` is an error. Source: EventBridge User Guide, "Rate expressions". */
const RATE = /^rate\((?:1 (minute|hour|day)|((?!0*1 )\d*[1-9]\d*) (minute|hour|day)s)\)$/;
const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export function readRule({ logicalId, properties }: ResourceRequest): Rule {
  const props = new Properties(`${logicalId} (AWS::Events::Rule)`, properties, RULE);
  const schedule = props.text('ScheduleExpression');
  const [rate, one, count = '1', several = ''] = RATE.exec(schedule) ?? [];
  if (rate === undefined)
    props.notImplemented(`the schedule ${schedule}: only rate(1 hour), rate(2 hours) and the like are`);
  const targets = (properties.Targets ?? []) as readonly Record<string, unknown>[];
  return {
    isEnabled: props.oneOf('State', ['ENABLED', 'DISABLED'], 'ENABLED') === 'ENABLED',
    intervalMs: Number(count) * (UNIT_MS[one ?? several] ?? 0),
    targets: targets.map((target) => readTarget(target, props)),
  };
}

function readTarget({ Id, Arn, Input, ...rest }: Record<string, unknown>, props: Properties): Target {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) props.notImplemented(`${unknown} of the target ${Id}`);
  if (typeof Arn !== 'string' || !/^arn:[^:]+:lambda:/.test(Arn))
    props.notImplemented(`the target ${Id}: only Lambda functions are`);
  const input = Input === undefined ? undefined : String(Input);
  if (input !== undefined && !isJson(input)) props.refuse('Targets', `has an Input for ${Id} that is not JSON`);
  return { functionArn: String(Arn), input };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
