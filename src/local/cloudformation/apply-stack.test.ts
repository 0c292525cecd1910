import { mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApplyOptions, applyStack } from './apply-stack';
import type { ResourceType } from './resource-type';
import { openStackState } from './stack-state';
import type { Template } from './template';

let directory: string;
let warnings: string[];
let made: string[];
let removed: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'edgepass-stack-'));
  warnings = [];
  made = [];
  removed = [];
});
afterEach(() => rmSync(directory, { recursive: true }));

const stack = {
  stackName: 'S',
  stackId: 'arn:stack',
  region: 'us-east-1',
  accountId: '000000000000',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
};

const thing: ResourceType = {
  apply({ logicalId, previous }) {
    made.push(logicalId);
    return {
      physicalId: previous?.physicalId ?? `${logicalId}-${Math.random()}`,
      attributes: { Arn: `arn:${logicalId}` },
    };
  },
  remove: ({ physicalId }) => void removed.push(physicalId),
};

function apply(template: Template, options: Partial<ApplyOptions> = {}): ReturnType<typeof applyStack> {
  return applyStack({
    artifact: { stackName: 'S', template, findAsset: () => '' },
    stack,
    types: { 'Test::Thing': thing },
    state: openStackState(join(directory, 'stack.json')),
    invoke: async () => ({ payload: 'null' }),
    warn: (message) => warnings.push(message),
    ...options,
  });
}

const resources = (Resources: Template['Resources'], rest: Partial<Template> = {}): Template => ({
  Resources,
  ...rest,
});

describe('applyStack', () => {
  it('makes resources after what they depend on', async () => {
    await apply(
      resources({
        A: { Type: 'Test::Thing', Properties: { of: { 'Fn::Sub': `\${B.Arn}` } } },
        B: { Type: 'Test::Thing', DependsOn: 'C' },
        C: { Type: 'Test::Thing' },
      }),
    );
    expect(made).toEqual(['C', 'B', 'A']);
  });

  it('names a circular dependency', async () => {
    const circle = resources({
      A: { Type: 'Test::Thing', Properties: { of: { Ref: 'B' } } },
      B: { Type: 'Test::Thing', Properties: { of: { Ref: 'A' } } },
    });
    await expect(apply(circle)).rejects.toThrow('A -> B -> A');
  });

  it('keeps physical ids from boot to boot', async () => {
    const template = resources({ A: { Type: 'Test::Thing' } }, { Outputs: { Id: { Value: { Ref: 'A' } } } });
    expect(await apply(template)).toEqual(await apply(template));
  });

  it('warns about a resource type it does not know, and skips it with the outputs about it', async () => {
    const outputs = await apply(
      resources(
        { A: { Type: 'Test::Thing' }, Topic: { Type: 'AWS::SNS::Topic' } },
        { Outputs: { TopicArn: { Value: { Ref: 'Topic' } }, AArn: { Value: { 'Fn::GetAtt': ['A', 'Arn'] } } } },
      ),
    );
    expect(outputs).toEqual({ AArn: 'arn:A' });
    expect(warnings).toEqual([
      'the local runtime does not simulate AWS::SNS::Topic: Topic is skipped',
      'the output TopicArn is left out: it is about Topic',
    ]);
  });

  it.each([
    ['a property', { Properties: { topic: { Ref: 'Topic' } } }],
    ['DependsOn', { DependsOn: ['Topic'] }],
  ])('refuses a resource that needs an unknown one by %s', async (_title, rest) => {
    const template = resources({ A: { Type: 'Test::Thing', ...rest }, Topic: { Type: 'AWS::SNS::Topic' } });
    await expect(apply(template)).rejects.toThrow(
      'A (Test::Thing) depends on Topic, and the local runtime does not simulate AWS::SNS::Topic',
    );
  });

  it('leaves out resources whose condition does not hold', async () => {
    await apply(
      resources(
        { A: { Type: 'Test::Thing', Condition: 'Never' }, B: { Type: 'Test::Thing' } },
        { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } } },
      ),
    );
    expect(made).toEqual(['B']);
  });

  it('removes what has left the template, and keeps what is retained', async () => {
    await apply(resources({ A: { Type: 'Test::Thing' }, B: { Type: 'Test::Thing', DeletionPolicy: 'Retain' } }));
    await apply(resources({ C: { Type: 'Test::Thing' } }));
    expect(removed).toEqual([expect.stringMatching(/^A-/)]);
    expect(warnings).toEqual([expect.stringContaining('B (Test::Thing) has left the template')]);
  });

  it('goes on without what cannot be removed, says so once, and removes the rest', async () => {
    const full: ResourceType = {
      ...thing,
      remove: () => {
        throw new Error('BucketNotEmpty');
      },
    };
    const types = { 'Test::Thing': thing, 'Test::Full': full };
    await apply(resources({ A: { Type: 'Test::Thing' }, B: { Type: 'Test::Full' } }), { types });
    await apply(resources({}), { types });
    await apply(resources({}), { types });
    expect(removed).toEqual([expect.stringMatching(/^A-/)]);
    expect(warnings).toEqual([
      'B (Test::Full) has left the template and stays, for it cannot be removed: BucketNotEmpty',
    ]);
  });

  it('goes on after a failed boot with what that one made', async () => {
    const template = resources({ A: { Type: 'Test::Thing' }, B: { Type: 'Test::Bad', DependsOn: 'A' } });
    const bad: ResourceType = {
      apply: () => {
        throw new Error('B cannot be made');
      },
    };
    await expect(apply(template, { types: { 'Test::Thing': thing, 'Test::Bad': bad } })).rejects.toThrow(
      'B cannot be made',
    );
    const kept = openStackState(join(directory, 'stack.json')).resources.get('A')?.physicalId;
    await apply(template, { types: { 'Test::Thing': thing, 'Test::Bad': thing } });
    expect(openStackState(join(directory, 'stack.json')).resources.get('A')?.physicalId).toBe(kept);
  });
});

describe('a custom resource', () => {
  const template = (value: string): Template =>
    resources(
      { Pair: { Type: 'Custom::Pair', Properties: { ServiceToken: 'arn:fn', Value: value } } },
      { Outputs: { Key: { Value: { 'Fn::GetAtt': ['Pair', 'Key'] } } } },
    );

  /** Plays the function: answers each event with a PUT to its ResponseURL. */
  const answering =
    (answer: object, events: Record<string, unknown>[]) =>
    async (_arn: string, event: object): Promise<{ payload: string }> => {
      const { ResponseURL, ...rest } = event as Record<string, unknown>;
      events.push(rest);
      await new Promise<void>((resolve, reject) => {
        const put = request(String(ResponseURL), { method: 'PUT' }, (response) => response.resume().on('end', resolve));
        put.on('error', reject);
        put.end(JSON.stringify({ ...answer }));
      });
      return { payload: 'null' };
    };

  it('is created once, updated when its properties change, and deleted when it leaves', async () => {
    const events: Record<string, unknown>[] = [];
    const invoke = answering({ Status: 'SUCCESS', PhysicalResourceId: 'p1', Data: { Key: 'k' } }, events);
    expect(await apply(template('1'), { invoke })).toEqual({ Key: 'k' });
    await apply(template('1'), { invoke });
    await apply(template('2'), { invoke });
    await apply(resources({}), { invoke });
    expect(events.map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])).toEqual([
      ['Create', undefined],
      ['Update', 'p1'],
      ['Delete', 'p1'],
    ]);
    expect(events[1]).toMatchObject({
      ResourceProperties: { Value: '2' },
      OldResourceProperties: { Value: '1' },
      LogicalResourceId: 'Pair',
      StackId: 'arn:stack',
      ResourceType: 'Custom::Pair',
    });
  });

  it('that answers FAILED fails the boot with its reason', async () => {
    const invoke = answering({ Status: 'FAILED', Reason: 'no room', PhysicalResourceId: 'x' }, []);
    await expect(apply(template('1'), { invoke })).rejects.toThrow('Pair: the custom resource failed: no room');
  });

  it('whose function fails without an answer fails the boot', async () => {
    const invoke = async () => ({ payload: '{"errorMessage":"boom"}', functionError: 'Unhandled' });
    await expect(apply(template('1'), { invoke })).rejects.toThrow('boom');
  });
});

describe('the boots of a stack', () => {
  it('a boot that changes nothing leaves stack.json alone', async () => {
    const path = join(directory, 'stack.json');
    const template = resources({ A: { Type: 'Test::Thing' }, B: { Type: 'Test::Thing', DependsOn: 'A' } });
    await apply(template);
    utimesSync(path, 0, 0);
    await apply(template);
    expect(statSync(path).mtimeMs).toBe(0);
    await apply(resources({ A: { Type: 'Test::Thing', Properties: { Name: 'other' } } }));
    expect(statSync(path).mtimeMs).not.toBe(0);
  });
});
