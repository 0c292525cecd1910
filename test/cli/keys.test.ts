/** `edgepass keys`, of a local runtime, and of AWS as far as it is documented. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postUrls } from '../clients';
import {
  ANY_PORTS,
  type CommandResult,
  type Environment,
  edgepass,
  environmentOf,
  type RunningDev,
  startDev,
  temporaryFolder,
} from '../run-local';
import { edgepassOnAws, query, type StandInAnswer, type StandInAnswers, WHO_AM_I } from './aws-stand-in';

const ID = 'K[A-Z0-9]{13}';
const TIME = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ`;

describe('edgepass keys, of the local runtime', () => {
  const dataDir = temporaryFolder(afterAll);
  let dev: RunningDev;
  let environment: Environment;
  beforeAll(async () => {
    dev = await startDev('--data-dir', dataDir, ...ANY_PORTS);
    environment = await environmentOf(dataDir);
  });
  afterAll(async () => {
    dev?.process.kill('SIGTERM');
    await dev?.ended;
  });

  const keys = (...args: string[]): Promise<CommandResult> => edgepass('keys', ...args, '--data-dir', dataDir);
  async function signedUrl(): Promise<string> {
    const { signedUrl: url } = (await (await postUrls(environment, { file: 'a.txt' })).json()) as { signedUrl: string };
    return url;
  }

  it('lists the keys, rotates, says what happens next, and refuses to rotate again before that', async () => {
    const first = await keys('list');
    expect(first.stdout).toMatch(
      new RegExp(
        String.raw`^key group [0-9a-f-]{36}\n\ngeneration  key pair id +type  state +signs from +retires at\n1 +${ID}  RSA   signing  ${TIME}\n$`,
      ),
    );
    const rotated = await keys('rotate');
    expect(rotated.stdout).toMatch(
      new RegExp(
        String.raw`\n2 +(${ID})  RSA   next     (${TIME})\n1 +(${ID})  RSA   signing  ${TIME}  (${TIME})\n\n` +
          String.raw`\1 is trusted, and signs from \2\. Until then \3 goes on\.\nIts links stay open until they are over; it retires at \4\.\n$`,
      ),
    );
    const again = await keys('rotate');
    expect([again.code, again.stdout, again.stderr]).toEqual([
      1,
      '',
      expect.stringMatching(
        new RegExp(
          String.raw`^edgepass: the key was not rotated \(RotationUnderWay\): ${ID} takes over at 20.*; rotate again after that\n$`,
        ),
      ),
    ]);
    const { keys: listed } = JSON.parse((await keys('list', '--json')).stdout) as { keys: object[] };
    expect(listed).toMatchObject([
      { generation: 2, state: 'next' },
      { generation: 1, state: 'signing' },
    ]);
    expect(JSON.stringify(listed)).not.toContain('PRIVATE');
  });

  it('ends every link at once, but not without being told so', async () => {
    const url = await signedUrl();
    const refused = await keys('rotate', '--now');
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining('"edgepass keys rotate --now --force"'),
    ]);
    expect((await fetch(url)).headers.get('x-edgepass-reason')).toBeNull();
    const { code, stdout } = await keys('rotate', '--now', '--force');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(new RegExp(`${ID} signs now. What the former keys signed is refused.`)),
    ]);
    expect((await fetch(url)).headers.get('x-edgepass-reason')).toBe('ERR_KEY_PAIR_ID_UNKNOWN');
  });

  it('says how to start a local runtime where none runs', async () => {
    const { code, stderr } = await edgepass('keys', 'list', '--data-dir', temporaryFolder());
    expect([code, stderr]).toEqual([1, expect.stringContaining('start one with "npm start"')]);
  });
});

describe('on AWS', () => {
  const KEYS = {
    keyGroupId: 'g1',
    keys: [{ generation: 1, keyPairId: 'K1', keyType: 'RSA', state: 'signing', signsFrom: '2026-11-25T14:00:00.000Z' }],
  };
  const resources = {
    Keys: { Type: 'Custom::EdgepassSigningKeys', Properties: { ServiceToken: { 'Fn::GetAtt': ['Keeper', 'Arn'] } } },
    Keeper: { Type: 'AWS::Lambda::Function', Properties: {} },
  };
  const template = (Resources: object): StandInAnswer =>
    query('GetTemplate', `<TemplateBody>${JSON.stringify({ Resources }).replaceAll('"', '&quot;')}</TemplateBody>`);
  const STACK: StandInAnswers = {
    GetCallerIdentity: WHO_AM_I,
    DescribeStacks: query('DescribeStacks', '<Stacks><member><StackId>s</StackId></member></Stacks>'),
    GetTemplate: template(resources),
    ListStackResources: query(
      'ListStackResources',
      `<StackResourceSummaries><member><LogicalResourceId>Keeper</LogicalResourceId>
       <PhysicalResourceId>keeper-1</PhysicalResourceId></member></StackResourceSummaries>`,
    ),
    'POST /2015-03-31/functions/keeper-1/invocations': { body: JSON.stringify(KEYS) },
  };

  const keys = (args: readonly string[], answers: StandInAnswers): Promise<CommandResult> =>
    edgepassOnAws(['keys', ...args], answers);

  it('finds the function by the stack’s template, and asks it', async () => {
    const { code, stdout, stderr } = await keys(['list', '--json'], STACK);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual(KEYS);
  });

  it.each([
    ['no keys', {}, 'the stack Edgepass has no signing keys that rotate: deploy it'],
    [
      'two contents',
      { ...resources, Other: resources.Keys },
      'the stack Edgepass has 2 contents with keys of their own',
    ],
  ])('says what to do where the stack has %s', async (_, found, message) => {
    const { code, stderr } = await keys(['rotate'], { ...STACK, GetTemplate: template(found) });
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});
