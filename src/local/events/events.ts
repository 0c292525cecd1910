/**
 * EventBridge in miniature: rules with a schedule of a rate, whose targets are functions of the stack.
 * Source: AWS::Events::Rule; Amazon EventBridge User Guide, "Creating a scheduled rule".
 *
 * Gaps, each refused by name where a template asks for it: event patterns, other buses, cron expressions, other targets. A target that
 * fails is logged, not tried again.
 * By design: a machine sleeps, AWS does not: a rule that an earlier boot has made is due as soon as the local runtime is up, then at its
 * rate.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock';
import { physicalName } from '../cloudformation/physical-name';
import type { Service } from '../service';
import { type Rule, readRule } from './rule';

export interface EventsOptions {
  readonly region: string;
  readonly accountId: string;
  readonly invoke: (
    functionArn: string,
    event: unknown,
    caller: { readonly principal: string; readonly sourceArn: string },
  ) => Promise<{ readonly functionError?: string }>;
  readonly now: Clock;
  readonly log: (line: string) => void;
}

export interface Events extends Service {
  /** Starts the schedules. */
  open(): void;
  /** Resolves when every running target has ended. */
  close(): Promise<void>;
}

interface Scheduled extends Rule {
  readonly arn: string;
  /** Milliseconds since 1970. */
  dueAt: number;
}

const CHECK_INTERVAL_MS = 1000;

export function openEvents({ region, accountId, invoke, now, log }: EventsOptions): Events {
  const rules = new Map<string, Scheduled>();
  const running = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;

  function runDueRules(): void {
    const time = now().getTime();
    for (const [name, rule] of rules) {
      if (!rule.isEnabled || time < rule.dueAt) continue;
      rule.dueAt = time + rule.intervalMs;
      const work = send(name, rule).finally(() => running.delete(work));
      running.add(work);
    }
  }

  async function send(name: string, { arn, targets }: Scheduled): Promise<void> {
    const event = {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: accountId,
      time: now().toISOString().replace(/\.\d+/, ''),
      region,
      resources: [arn],
      detail: {},
    };
    for (const { functionArn, input } of targets) {
      const failed = await invoke(functionArn, input === undefined ? event : JSON.parse(input), {
        principal: 'events.amazonaws.com',
        sourceArn: arn,
      }).then(
        ({ functionError }) => functionError,
        (error: Error) => error.message,
      );
      if (failed !== undefined) log(`the rule ${name} could not run its target: ${failed}`);
    }
  }

  return {
    resourceTypes: {
      'AWS::Events::Rule': {
        apply(request) {
          const rule = readRule(request);
          const name = request.previous?.physicalId ?? physicalName(request, 64);
          const arn = `arn:${request.stack.partition}:events:${region}:${accountId}:rule/${name}`;
          rules.set(name, { ...rule, arn, dueAt: request.previous ? 0 : now().getTime() + rule.intervalMs });
          return { physicalId: name, attributes: { Arn: arn } };
        },
        remove: ({ physicalId }) => void rules.delete(physicalId),
      },
    },
    open() {
      timer = setInterval(runDueRules, CHECK_INTERVAL_MS).unref();
    },
    async close() {
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}
