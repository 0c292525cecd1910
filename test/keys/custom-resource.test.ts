import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { CloudFrontClient, ListKeyGroupsCommand, ListPublicKeysCommand } from '@aws-sdk/client-cloudfront';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { App, Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { type LocalRuntime, startLocal } from 'edgepass/local';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler } from '../../src/functions/handlers/signing-keys';
import { activeKeyAt, parseKeys } from '../../src/functions/keys/key-parameter';
import { temporaryFolder } from '../run-local';
import { type Fault, openUnreliableEndpoint, type UnreliableEndpoint } from './unreliable-endpoint';

const RUNS = process.env.EDGEPASS_NIGHTLY === '1' ? 300 : 12;
const MINUTE_MS = 60_000;
const MAX_LIFETIME_MS = 60 * MINUTE_MS;
const PARAMETERS = ['signing-key', 'public-keys', 'rotation-lock'].map((name) => `/edgepass/test/${name}`);
const [SIGNING_KEY = '', PUBLIC_KEYS = '', LOCK = ''] = PARAMETERS;

const folder = temporaryFolder(afterAll);
let local: LocalRuntime;
let clock: NodeJS.Timeout;
let endpoint: UnreliableEndpoint;
/** New at every turn: a client sets its clock by the answers' dates, which are the machine's. */
let clients: () => { ssm: SSMClient; cloudFront: CloudFrontClient };

/** Where CloudFormation takes answers. */
const answers: { Status: string; Reason?: string; Data?: { KeyGroupId?: string; KeyPairId?: string } }[] = [];
const mailbox = createServer(async (request, response) => {
  answers.push((await json(request)) as (typeof answers)[number]);
  response.end();
});

beforeAll(async () => {
  // The time of the function, and of the local runtime in the same process, ten times as fast: who waits for the lock of one that has
  // ended, waits long.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  clock = setInterval(() => pass(100), 10);
  const app = new App({ analyticsReporting: false, outdir: join(folder, 'assembly') });
  new StringParameter(new Stack(app, 'Beside'), 'Parameter', { stringValue: 'a stack has to have something' });
  const ports = { aws: 0, api: 0, distribution: 0 };
  local = await startLocal({ dataDir: join(folder, 'data'), assembly: app.synth().directory, ports });
  const { AWS_ENDPOINT_URL: url = '', AWS_REGION: region = '', ...rest } = local.environment;
  endpoint = await openUnreliableEndpoint(url);
  await new Promise<void>((done) => void mailbox.listen(0, '127.0.0.1', done));
  const credentials = {
    accessKeyId: rest.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: rest.AWS_SECRET_ACCESS_KEY ?? '',
  };
  clients = () => ({
    ssm: new SSMClient({ endpoint: url, region, credentials }),
    cloudFront: new CloudFrontClient({ endpoint: url, region, credentials }),
  });
});
beforeEach(() => {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_REGION = '' } = local.environment;
  const environment = {
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
    AWS_REGION,
    KEY_NAME: 'edgepass-test',
    KEY_TYPE: 'ECDSA',
    SIGNING_KEY_PARAMETER: SIGNING_KEY,
    PUBLIC_KEYS_PARAMETER: PUBLIC_KEYS,
    ROTATION_LOCK_PARAMETER: LOCK,
    MAX_LIFETIME_SECONDS: String(MAX_LIFETIME_MS / 1000),
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterAll(async () => {
  clearInterval(clock);
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  mailbox.close();
  await endpoint.close();
  await local.close();
});

const pass = (milliseconds: number): unknown => vi.setSystemTime(Date.now() + milliseconds);

interface Places {
  readonly group: readonly string[] | undefined;
  readonly registered: readonly string[];
  readonly known: readonly string[] | undefined;
  readonly signing: ReturnType<typeof parseKeys>;
  readonly isLocked: boolean;
}

async function places(): Promise<Places> {
  const { Parameters = [] } = await clients().ssm.send(
    new GetParametersCommand({ Names: PARAMETERS, WithDecryption: true }),
  );
  const valueIn = (name: string) => Parameters.find(({ Name }) => Name === name)?.Value;
  const known = valueIn(PUBLIC_KEYS);
  const { KeyGroupList } = await clients().cloudFront.send(new ListKeyGroupsCommand({}));
  const { PublicKeyList } = await clients().cloudFront.send(new ListPublicKeysCommand({}));
  return {
    group: KeyGroupList?.Items?.[0]?.KeyGroup?.KeyGroupConfig?.Items,
    registered: (PublicKeyList?.Items ?? []).map(({ Id = '' }) => Id).sort(),
    known: known === undefined ? undefined : JSON.parse(known).keys.map((key: { keyPairId: string }) => key.keyPairId),
    signing: parseKeys(valueIn(SIGNING_KEY) ?? ''),
    isLocked: valueIn(LOCK) !== undefined,
  };
}

function eventOf(RequestType: string, generation: number): CloudFormationCustomResourceEvent {
  const { port } = mailbox.address() as AddressInfo;
  return {
    RequestType,
    ResponseURL: `http://127.0.0.1:${port}/`,
    StackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/test/1',
    RequestId: 'request',
    LogicalResourceId: 'Keys',
    ResourceType: 'Custom::EdgepassSigningKeys',
    ServiceToken: 'token',
    PhysicalResourceId: SIGNING_KEY,
    ResourceProperties: { ServiceToken: 'token', KeyGeneration: String(generation) },
    OldResourceProperties: { ServiceToken: 'token' },
  } as unknown as CloudFormationCustomResourceEvent;
}

type Step =
  | { readonly kind: 'Create' | 'Delete' }
  | { readonly kind: 'Update'; readonly generation: number }
  | { readonly kind: 'Rotate' | 'RotateNow' | 'schedule' }
  | { readonly kind: 'time'; readonly minutes: number };

/** Whether the step did what it was to do. */
async function take(step: Step): Promise<boolean> {
  if (step.kind === 'time') return Boolean(pass(step.minutes * MINUTE_MS));
  if (step.kind === 'schedule')
    return handler({ source: 'aws.events' } as Parameters<typeof handler>[0]).then(
      () => true,
      () => false,
    );
  if (step.kind === 'Rotate' || step.kind === 'RotateNow')
    return handler({ operation: step.kind }).then(
      () => true,
      () => false,
    );
  answers.length = 0;
  await handler(eventOf(step.kind, step.kind === 'Update' ? step.generation : 1));
  return answers[0]?.Status === 'SUCCESS';
}

const faults: fc.Arbitrary<Fault | undefined> = fc.option(
  fc.record({
    kind: fc.constantFrom<Fault['kind']>('refused', 'lost', 'ended', 'ended-after'),
    call: fc.integer({ min: 1, max: 16 }),
  }),
  { nil: undefined, freq: 2 },
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>({ kind: 'Create' }),
  fc.integer({ min: 1, max: 4 }).map((generation): Step => ({ kind: 'Update', generation })),
  fc.constantFrom<Step>({ kind: 'Rotate' }, { kind: 'schedule' }, { kind: 'schedule' }),
  fc.constantFrom(2, 11, 40, 90).map((minutes): Step => ({ kind: 'time', minutes })),
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'RotateNow' }, { kind: 'Delete' }) },
);

const DEPLOYING: readonly Step['kind'][] = ['Create', 'Update'];

/** The keys of links that may still be open, and until when. Milliseconds since 1970. */
type Promises = Map<string, number>;

function checkPlaces({ group = [], signing }: Places, promised: Promises): void {
  const current = activeKeyAt(signing, Date.now());
  if (current) {
    expect(group).toContain(current.keyPairId);
    promised.set(current.keyPairId, Date.now() + MAX_LIFETIME_MS);
  }
  const open = [...promised].filter(([, until]) => until > Date.now()).map(([keyPairId]) => keyPairId);
  expect(group).toEqual(expect.arrayContaining(open));
}

describe("the keys' custom resource", () => {
  it('whatever happens to events and calls, what signs is trusted, open links stay open, and the next run puts all right', async () => {
    const taken = fc.array(fc.record({ step: steps, fault: faults, isTwice: fc.boolean() }), {
      minLength: 2,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(taken, async (all) => {
        const promised: Promises = new Map();
        await begin();
        checkPlaces(await places(), promised);
        let isBeingDeleted = false;
        for (const { step, fault, isTwice } of all) {
          if (step.kind === 'RotateNow' || step.kind === 'Delete') promised.clear();
          endpoint.begin(fault);
          const isDone = await Promise.all(isTwice ? [take(step), take(step)] : [take(step)]);
          endpoint.begin();
          // A stack that is half deleted has no distribution any more: nobody signs and nobody asks.
          if (step.kind === 'Delete') isBeingDeleted = true;
          // Only a deployment begins anew: the schedule makes no keys for what has no group.
          else if (DEPLOYING.includes(step.kind) && isDone.includes(true)) isBeingDeleted = false;
          if (!isBeingDeleted) checkPlaces(await places(), promised);
          // Whoever has ended holds the lock no longer.
          if (fault) pass(4 * MINUTE_MS);
        }
        await expectRepaired();
        await expectNothingLeft();
      }),
      { numRuns: RUNS },
    );
  });

  /** From nothing, whatever a run before has left. */
  async function begin(): Promise<void> {
    endpoint.begin();
    pass(4 * MINUTE_MS);
    await take({ kind: 'Delete' });
    expect(await take({ kind: 'Create' })).toBe(true);
  }

  async function expectRepaired(): Promise<void> {
    expect(await take({ kind: 'Create' })).toBe(true);
    const { group, registered, known, signing, isLocked } = await places();
    expect([...(group ?? [])].sort()).toEqual(registered);
    expect([...(known ?? [])].sort()).toEqual(registered);
    expect(registered).toEqual(expect.arrayContaining(signing.map(({ keyPairId }) => keyPairId)));
    expect(signing.length).toBeGreaterThan(0);
    expect(isLocked).toBe(false);
  }

  async function expectNothingLeft(): Promise<void> {
    expect(await take({ kind: 'Delete' })).toBe(true);
    expect(await places()).toEqual({
      group: undefined,
      registered: [],
      known: undefined,
      signing: [],
      isLocked: false,
    });
  }

  it('an event that comes again changes nothing, and answers the same', async () => {
    endpoint.begin();
    await take({ kind: 'Create' });
    const [first] = answers;
    const before = await places();
    await take({ kind: 'Create' });
    expect(answers).toEqual([first]);
    expect(await places()).toEqual(before);
    for (const _time of [1, 2]) {
      await take({ kind: 'Update', generation: 2 });
      expect((await places()).known).toHaveLength(2);
    }
    // The deployment is rolled back: the new key stays.
    await take({ kind: 'Update', generation: 1 });
    expect((await places()).known).toHaveLength(2);
    await expectNothingLeft();
  });

  it('events at the same time do their work one after the other, and both succeed', async () => {
    endpoint.begin();
    answers.length = 0;
    await Promise.all([handler(eventOf('Create', 1)), handler(eventOf('Create', 1))]);
    expect(answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
    expect((await places()).registered).toHaveLength(1);
    const rotations = await Promise.allSettled([handler({ operation: 'Rotate' }), handler({ operation: 'Rotate' })]);
    expect(rotations.map((one) => (one.status === 'rejected' ? one.reason.name : 'rotated')).sort()).toEqual([
      'RotationUnderWay',
      'rotated',
    ]);
    expect((await places()).registered).toHaveLength(2);
    await expectNothingLeft();
  });

  it('a key that the group trusts no more is deleted, whether it was compromised or its time has come', async () => {
    await take({ kind: 'Create' });
    await take({ kind: 'RotateNow' });
    expect((await places()).registered).toHaveLength(1);
    await take({ kind: 'Rotate' });
    pass(11 * MINUTE_MS + 15 * MINUTE_MS + MAX_LIFETIME_MS);
    await take({ kind: 'schedule' });
    const { group, registered } = await places();
    expect(registered).toHaveLength(1);
    expect(group).toEqual(registered);
    await expectNothingLeft();
  });

  it('a rotation that ended between the signers’ key and what is known of it is written down by the next run', async () => {
    await take({ kind: 'Create' });
    const [former = ''] = (await places()).registered;
    // The calls of a rotation: 6 look, 1 makes the key, 2 or 3 have the group trust it; the last two write.
    for (let call = 8; (await places()).signing.length < 2; call += 1) {
      endpoint.begin({ kind: 'ended-after', call });
      await take({ kind: 'Rotate' });
      endpoint.begin();
      pass(4 * MINUTE_MS);
      if ((await places()).signing.length < 2) await take({ kind: 'schedule' });
    }
    expect((await places()).known).toEqual([former]);
    await take({ kind: 'Create' });
    const { known, registered } = await places();
    expect(registered).toHaveLength(2);
    expect([...(known ?? [])].sort()).toEqual(registered);
    await expectNothingLeft();
  });

  it('a rotation to another type is a rotation as any, and refused while one is under way', async () => {
    await take({ kind: 'Create' });
    vi.stubEnv('KEY_TYPE', 'RSA');
    await take({ kind: 'Update', generation: 1 });
    expect((await places()).signing.map(({ privateKey }) => privateKey.length > 1000)).toEqual([false, true]);
    vi.stubEnv('KEY_TYPE', 'ECDSA');
    await take({ kind: 'Update', generation: 1 });
    expect(answers[0]).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('RotationUnderWay') });
    await expectNothingLeft();
  });

  it('a key that CloudFront does not list yet is there all the same: no run takes it for gone', async () => {
    endpoint.freezeLists(true);
    try {
      await take({ kind: 'Create' });
      const [first] = answers;
      const made = await places();
      await take({ kind: 'Create' });
      expect([answers[0], await places()]).toEqual([first, made]);

      endpoint.freezeLists(true);
      await take({ kind: 'Rotate' });
      const rotated = await places();
      expect(rotated.signing).toHaveLength(2);
      // The rotation that is under way is the one asked for.
      await take({ kind: 'Update', generation: 2 });
      expect(answers[0]?.Status).toBe('SUCCESS');
      expect(await places()).toEqual(rotated);
    } finally {
      endpoint.freezeLists(false);
    }
    await take({ kind: 'schedule' });
    await expectRepaired();
    await expectNothingLeft();
  });

  it('a key that another key group has too is retired from this one, and deleted once nobody has it', async () => {
    const { CreateKeyGroupCommand, DeleteKeyGroupCommand } = await import('@aws-sdk/client-cloudfront');
    await take({ kind: 'Create' });
    const { registered } = await places();
    const theirs = await clients().cloudFront.send(
      new CreateKeyGroupCommand({ KeyGroupConfig: { Name: 'a-theirs', Items: [...registered] } }),
    );
    // For a compromise too.
    expect(await take({ kind: 'RotateNow' })).toBe(true);
    const after = await places();
    expect(after.signing).toHaveLength(1);
    expect(after.known).toEqual(after.signing.map(({ keyPairId }) => keyPairId));
    expect(after.registered).toEqual(expect.arrayContaining([...registered]));
    const ours = answers[0]?.Data?.KeyGroupId;
    const { KeyGroupList } = await clients().cloudFront.send(new ListKeyGroupsCommand({}));
    const group = KeyGroupList?.Items?.find(({ KeyGroup }) => KeyGroup?.Id === ours)?.KeyGroup?.KeyGroupConfig?.Items;
    expect(group).toEqual(after.known);
    await clients().cloudFront.send(new DeleteKeyGroupCommand({ Id: theirs.KeyGroup?.Id, IfMatch: theirs.ETag }));
    expect(await take({ kind: 'schedule' })).toBe(true);
    expect((await places()).registered).toEqual(after.known);
    await expectNothingLeft();
  });

  it('another KMS key in the template encrypts the signing key anew, the same one does not', async () => {
    const versionOf = async () => {
      const { Parameters = [] } = await clients().ssm.send(new GetParametersCommand({ Names: [SIGNING_KEY] }));
      return Parameters[0]?.Version ?? 0;
    };
    const update = async (EncryptionKey: string | undefined, former: string | undefined) => {
      const event = eventOf('Update', 1);
      const properties = (key: string | undefined) => ({
        ...event.ResourceProperties,
        ...(key && { EncryptionKey: key }),
      });
      answers.length = 0;
      const properly = { ResourceProperties: properties(EncryptionKey), OldResourceProperties: properties(former) };
      await handler({ ...event, ...properly } as CloudFormationCustomResourceEvent);
      expect(answers[0]?.Status).toBe('SUCCESS');
    };
    await take({ kind: 'Create' });
    const [before, version] = [await places(), await versionOf()];
    await update('arn:one', 'arn:one');
    expect(await versionOf()).toBe(version);
    await update('arn:one', undefined);
    await update('arn:other', 'arn:one');
    await update(undefined, 'arn:other');
    expect([await versionOf(), await places()]).toEqual([version + 3, before]);
    await expectNothingLeft();
  });

  it('keeps a key that somebody else has put into the key group', async () => {
    await take({ kind: 'Create' });
    const { generateKeyPair } = await import('edgepass');
    const {
      CreatePublicKeyCommand,
      DeletePublicKeyCommand,
      GetKeyGroupCommand,
      GetPublicKeyCommand,
      UpdateKeyGroupCommand,
    } = await import('@aws-sdk/client-cloudfront');
    const EncodedKey = generateKeyPair({ keyType: 'ECDSA' }).publicKey;
    const { PublicKey } = await clients().cloudFront.send(
      new CreatePublicKeyCommand({ PublicKeyConfig: { Name: 'mine', CallerReference: 'mine', EncodedKey } }),
    );
    const Id = answers[0]?.Data?.KeyGroupId;
    const { KeyGroup, ETag } = await clients().cloudFront.send(new GetKeyGroupCommand({ Id }));
    const { Name, Items = [] } = KeyGroup?.KeyGroupConfig ?? {};
    const KeyGroupConfig = { Name, Items: [...Items, PublicKey?.Id ?? ''] };
    await clients().cloudFront.send(new UpdateKeyGroupCommand({ Id, IfMatch: ETag, KeyGroupConfig }));
    await take({ kind: 'Rotate' });
    pass(11 * MINUTE_MS);
    await take({ kind: 'RotateNow' });
    const { group = [], known = [] } = await places();
    expect([...group].sort()).toEqual([...known, PublicKey?.Id].sort());
    await take({ kind: 'Delete' });
    expect((await places()).registered).toEqual([PublicKey?.Id]);
    const { ETag: version } = await clients().cloudFront.send(new GetPublicKeyCommand({ Id: PublicKey?.Id }));
    await clients().cloudFront.send(new DeletePublicKeyCommand({ Id: PublicKey?.Id, IfMatch: version }));
  });
});
