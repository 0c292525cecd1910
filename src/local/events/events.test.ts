import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { STACK, startLambda } from '../lambda/lambda.test.fixture';
import { openEvents } from './events';

const [HOUR_MS, START] = [3_600_000, Date.parse('2026-05-01T10:20:30.456Z')];
/** How often rules are looked at. */
const LOOK_MS = 1000;

/** Answers what it was called with, on a line of its own. */
const ECHO = 'exports.handler = async (event) => { process.stdout.write(JSON.stringify(event) + "\\n"); };';

/** Rules, a function as their target, and a clock that is turned by hand. */
async function startRules(source = ECHO) {
  let [time, invocations] = [START, 0];
  const { lambda, logs, define } = startLambda();
  const functionName = await define(source);
  const lines: string[] = [];
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const start = () => {
    const now = () => new Date(time);
    const events = openEvents({
      region: STACK.region,
      accountId: STACK.accountId,
      invoke(...asked) {
        invocations += 1;
        return lambda.invoke(...asked);
      },
      now,
      log: (line) => lines.push(line),
    });
    onTestFinished(() => events.close());
    return events;
  };
  let events = start();
  const Arn = `arn:aws:lambda:us-east-1:123456789012:function:${functionName}`;
  const properties = (more: object = {}) => ({
    ScheduleExpression: 'rate(1 hour)',
    Targets: [{ Id: 'Target0', Arn }],
    ...more,
  });
  const apply = async (more: object = {}, previous?: Awaited<ReturnType<typeof result>>) => result(more, previous);
  async function result(more: object, previous?: { physicalId: string; attributes: object }) {
    const type = events.resourceTypes['AWS::Events::Rule'];
    const known = previous && { type: 'AWS::Events::Rule', properties: {}, ...previous };
    const request = { logicalId: 'Tending', properties: properties(more), stack: STACK };
    const applied = await type?.apply({ ...request, previous: known as never });
    return { physicalId: applied?.physicalId ?? '', attributes: { ...applied?.attributes } as { Arn?: string } };
  }
  return {
    lines,
    Arn,
    apply,
    open: () => events.open(),
    close: () => events.close(),
    /** Another boot of the same local runtime. */
    reboot() {
      events = start();
    },
    /** Turns the clock, and has the rules look at it. */
    pass(milliseconds: number) {
      time += milliseconds;
      vi.advanceTimersByTime(LOOK_MS);
    },
    invocations: () => invocations,
    remove: (physicalId: string) =>
      events.resourceTypes['AWS::Events::Rule']?.remove?.({
        type: '',
        logicalId: '',
        properties: {},
        attributes: {},
        physicalId,
        stack: STACK,
      }),
    async permit(properties: object = {}) {
      const all = { Action: 'lambda:InvokeFunction', FunctionName: functionName, Principal: 'events.amazonaws.com' };
      const request = { logicalId: 'Allow', properties: { ...all, ...properties }, stack: STACK };
      await lambda.resourceTypes['AWS::Lambda::Permission']?.apply(request);
    },
    events: () => logs.map(({ line }) => JSON.parse(line)),
  };
}

describe('EventBridge', () => {
  test('a rule runs its target at its rate, by the local runtime’s clock, with EventBridge’s event', async () => {
    const { apply, permit, open, pass, events, invocations } = await startRules();
    const { attributes } = await apply();
    await permit({ SourceArn: attributes.Arn });
    open();
    pass(HOUR_MS - 1000);
    expect(invocations()).toBe(0);
    pass(1000);
    await expect.poll(events).toHaveLength(1);
    expect(events()[0]).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '123456789012',
      time: '2026-05-01T11:20:30Z',
      region: 'us-east-1',
      resources: [attributes.Arn],
      detail: {},
    });
    expect(attributes.Arn).toMatch(/^arn:aws:events:us-east-1:123456789012:rule\/Edgepass-Tending-\w{12}$/);
    pass(HOUR_MS);
    await expect.poll(events).toHaveLength(2);
    // However long the local runtime was away from it, once.
    pass(30 * HOUR_MS);
    pass(0);
    await expect.poll(events).toHaveLength(3);
    expect(invocations()).toBe(3);
  });

  test('a rule of an earlier boot is due as soon as the local runtime is up, then at its rate, and keeps its name', async () => {
    const { apply, permit, open, close, pass, reboot, events, invocations } = await startRules();
    const first = await apply();
    await permit();
    await close();
    reboot();
    expect(await apply({}, first)).toEqual(first);
    pass(0);
    expect(invocations()).toBe(0);
    open();
    pass(0);
    await expect.poll(events).toHaveLength(1);
    pass(HOUR_MS);
    await expect.poll(events).toHaveLength(2);
  });

  test('a rule that is disabled, or was removed, runs nothing', async () => {
    const { apply, permit, open, pass, remove, invocations } = await startRules();
    await apply({ State: 'DISABLED' });
    const { physicalId } = await apply();
    await permit();
    await remove(physicalId);
    open();
    pass(2 * HOUR_MS);
    expect(invocations()).toBe(0);
  });

  test('a target gets its Input in place of the event', async () => {
    const { Arn, apply, permit, open, pass, events } = await startRules();
    await apply({ Targets: [{ Id: 'Target0', Arn, Input: '{"operation":"Describe"}' }] });
    await permit();
    open();
    pass(HOUR_MS);
    await expect.poll(events).toEqual([{ operation: 'Describe' }]);
  });

  test.each([
    ['is missing', undefined],
    ['is for another service', { Principal: 'scheduler.amazonaws.com' }],
    ['is for another rule', { SourceArn: 'arn:aws:events:us-east-1:123456789012:rule/another' }],
  ])('a target whose permission %s is not run, and the log says so', async (_what, permission) => {
    const { apply, permit, open, pass, events, lines } = await startRules();
    await apply();
    if (permission) await permit(permission);
    open();
    pass(HOUR_MS);
    await expect
      .poll(() => lines)
      .toEqual([
        expect.stringMatching(
          /^the rule Edgepass-Tending-\w+ could not run its target: events.amazonaws.com is not authorized to perform: lambda:InvokeFunction/,
        ),
      ]);
    expect(events()).toEqual([]);
  });

  test('a target that fails is told of, and run again at the rate', async () => {
    const { apply, permit, open, pass, lines } = await startRules('exports.handler = async () => { throw 1; };');
    await apply();
    await permit();
    open();
    for (const count of [1, 2]) {
      pass(HOUR_MS);
      await expect.poll(() => lines).toHaveLength(count);
    }
    expect(lines[0]).toMatch(/could not run its target: Unhandled$/);
  });

  test('closing waits for a target at work', async () => {
    const { apply, permit, open, close, pass, events } = await startRules(
      'exports.handler = async () => { await new Promise((done) => setTimeout(done, 300)); process.stdout.write("{}\\n"); };',
    );
    const log = vi.fn();
    await apply();
    await permit();
    open();
    pass(HOUR_MS);
    await close().then(() => log(events()));
    expect(log).toHaveBeenCalledWith([{}]);
  });

  const refuses = (more: object) => startRules().then(({ apply }) => apply(more));

  test.each([
    'cron(0 12 * * ? *)',
    'rate(0 hours)',
    'rate(1 hours)',
    'rate(2 hour)',
    'rate(5 seconds)',
    'at(2026-05-01T10:00:00)',
  ])('refuses the schedule %s by name', async (ScheduleExpression) => {
    const error: Error = await refuses({ ScheduleExpression }).then(
      () => new Error('applied'),
      (refused) => refused,
    );
    expect(error).toMatchObject({ name: 'ResourcePropertyError' });
    expect(error.message).toContain(ScheduleExpression);
  });

  test.each([
    ['another bus', { EventBusName: 'mine' }, 'ERR_NOT_IMPLEMENTED'],
    ['a pattern', { EventPattern: { source: ['aws.s3'] } }, 'ERR_NOT_IMPLEMENTED'],
    [
      'a target that is no function',
      { Targets: [{ Id: 'a', Arn: 'arn:aws:sqs:us-east-1:1:q' }] },
      'ERR_NOT_IMPLEMENTED',
    ],
    [
      'a target with more to say',
      { Targets: [{ Id: 'a', Arn: 'arn:aws:lambda:us-east-1:1:function:f', RetryPolicy: {} }] },
      'ERR_NOT_IMPLEMENTED',
    ],
    [
      'an Input that is no JSON',
      { Targets: [{ Id: 'a', Arn: 'arn:aws:lambda:us-east-1:1:function:f', Input: '{' }] },
      'ERR_INVALID_PROPERTY',
    ],
    ['a state that is none', { State: 'PAUSED' }, 'ERR_INVALID_PROPERTY'],
    ['a property that is none', { Schedule: 'rate(1 hour)' }, 'ERR_UNKNOWN_PROPERTY'],
  ])('refuses a rule with %s', async (_what, more, code) => {
    await expect(refuses(more)).rejects.toMatchObject({ code });
  });
});
