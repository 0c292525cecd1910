/** `npm run test:aws` as far as it goes without an account: against a home, and up to the first call that only AWS answers. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startHome } from 'edgepass/local';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startStandIn, WHO_AM_I } from '../cli/aws-stand-in';
import { putObjects, readTable } from '../conformance/replay';
import { type CommandResult, READY_MADE_ASSEMBLY, run, temporaryFolder } from '../run-home';
import { openHome } from './home-target';
import { PROBES } from './probes';
import { askProbes, replayRows } from './suite';
import type { SuiteTarget } from './suite-target';

const RUNNER = join(__dirname, 'run.mjs');
const { objects, rows } = readTable(join(__dirname, '..', 'conformance'));

/** Nobody's credentials but those that are given. */
const environmentOf = (variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: temporaryFolder(),
  AWS_EC2_METADATA_DISABLED: 'true',
  ...variables,
});
const testAws = (args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<CommandResult> =>
  run(process.execPath, [RUNNER, ...args], environmentOf(variables));

describe('npm run test:aws', () => {
  it('says what it needs and what it costs where there are no credentials', async () => {
    const { code, stdout, stderr } = await testAws([], { AWS_REGION: 'eu-central-1' });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/needs an AWS account[\s\S]*about one US cent[\s\S]*-- --home/);
  });

  it('refuses a step that it does not have', async () => {
    const { code, stderr } = await testAws(['--home', '--only', 'row']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--only takes walkthrough, rows, probes')]);
  });

  it('runs against a home: the walkthrough, and every row without a difference', async () => {
    const { code, stdout, stderr } = await testAws(['--home', '--only', 'walkthrough', '--only', 'rows']);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toContain(`\n${rows.length} rows, no difference to home\n`);
    expect(stdout).toContain('walkthrough.test.ts');
  });
});

describe('npm run test:aws, with credentials', () => {
  /** Who they are is answered here, whether the CDK was in the account by a home; nothing else is. */
  async function credentials(): Promise<NodeJS.ProcessEnv> {
    const dataDir = join(temporaryFolder(), 'data');
    const home = await startHome({
      dataDir,
      assembly: READY_MADE_ASSEMBLY,
      ports: { aws: 0, api: 0, distribution: 0 },
    });
    onTestFinished(() => home.close());
    const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = home.environment;
    return {
      ...{ AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY },
      AWS_ENDPOINT_URL_STS: (await startStandIn({ GetCallerIdentity: WHO_AM_I })).AWS_ENDPOINT_URL_STS,
      AWS_ENDPOINT_URL_SSM: AWS_ENDPOINT_URL,
      AWS_ENDPOINT_URL_CLOUDFORMATION: 'http://127.0.0.1:1',
    };
  }

  it('destroys after a deployment that failed, and tells what may be left when that fails too', async () => {
    const { code, stdout, stderr } = await testAws([], await credentials());
    expect(stderr).toContain('run "edgepass deploy --bootstrap" once');
    const [, name] = stdout.match(/^destroying (Edgepass-test-[0-9a-f]{8})$/m) ?? [];
    expect(stderr).toContain(`MAY BE LEFT: the stack ${name} and its bucket`);
    expect(code).toBe(1);
  });

  it('destroys when it is interrupted', async () => {
    const child = spawn(process.execPath, [RUNNER], { env: environmentOf(await credentials()) });
    onTestFinished(() => void child.kill('SIGKILL'));
    let printed = '';
    const read = (chunk: Buffer): void => {
      const hadBegun = printed.includes('deploying Edgepass-test-');
      printed += chunk;
      if (!hadBegun && printed.includes('deploying Edgepass-test-')) child.kill('SIGINT');
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(printed).toMatch(/interrupted: the stack is destroyed[\s\S]*destroying Edgepass-test-[\s\S]*MAY BE LEFT/);
    expect(code).toBe(1);
  });
});

describe('the suite', () => {
  const folder = temporaryFolder(afterAll);
  let home: SuiteTarget;
  beforeAll(async () => {
    home = await openHome(folder);
    await putObjects(home.environment, objects);
  });
  afterAll(() => home.close());

  it('tells a row that is answered in another way, and one that is not answered', async () => {
    const [first, second] = rows;
    if (!first || !second) throw new Error('there are no rows');
    const said: string[] = [];
    const wrong = { ...first, expect: { status: 200, headers: { server: 'AmazonS3' } } };
    const unanswerable = { ...second, request: { path: '/a b' } };
    expect(await replayRows(home.distribution, [wrong, unanswerable, first], (line) => said.push(line))).toBe(2);
    expect(said).toEqual([
      'C001 [C] no signature for /a.txt',
      '    status: expected 200, answered 403',
      '    server: expected "AmazonS3", answered "CloudFront"',
      'C002 [C] no signature for /',
      '    no answer: Request path contains unescaped characters',
      '3 rows, 2 with differences to home',
    ]);
  });

  it('has an answer of home’s to every question that nobody could verify', async () => {
    const said: string[] = [];
    const target = { ...home.distribution, keyPairId: 'KUNKNOWNUNKNOWN' };
    await askProbes({ target, home: home.distribution }, rows, (line) => said.push(line));
    const unverified = rows.filter(({ source }) => source === 'UNV').length;
    expect(said).toHaveLength(3 * (unverified + PROBES.length));
    expect(said.filter((line) => line.includes('no answer'))).toEqual([]);
    const at = said.findIndex((line) => line.includes('around the second of DateLessThan'));
    expect(said[at + 1]).toMatch(/^ {4}home {2}served until second -\d, refused at second 0/);
    expect(said[at + 2]).toMatch(/^ {4}AWS {3}served until second never/);
  });
});
