/** `edgepass deploy` and `destroy` as far as they go without an AWS account: up to the first call that only AWS answers. */
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { startHome } from 'edgepass/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bareEnvironment, type CommandResult, run, synthesize, temporaryFolder } from '../run-home';
import { startStandIn, WHO_AM_I } from './aws-stand-in';

const ROOT = join(__dirname, '..', '..');
const ACCOUNT = '111122223333';
const BOOTSTRAP_PARAMETER = '/cdk-bootstrap/hnb659fds/version';

/** Runs the command with these variables and no others, so that nobody's credentials are found. */
function edgepass(args: readonly string[], variables: NodeJS.ProcessEnv, root = ROOT): Promise<CommandResult> {
  return run(process.execPath, [join(root, 'bin', 'edgepass.js'), ...args], bareEnvironment(variables));
}

const REGION = { AWS_REGION: 'eu-central-1' };

describe.each(['deploy', 'destroy --force'])('edgepass %s', (command) => {
  const args = command.split(' ');

  it('says how to choose a region where none is', async () => {
    const { code, stderr } = await edgepass(args, {});
    expect([code, stderr]).toEqual([1, expect.stringContaining('give --region REGION, or set AWS_REGION')]);
  });

  it('says how to get credentials where none are found', async () => {
    const { code, stderr } = await edgepass(args, REGION);
    expect([code, stderr]).toEqual([1, expect.stringContaining('no AWS credentials were found: run "aws configure"')]);
  });

  it('names the profile that gives none', async () => {
    const { code, stderr } = await edgepass([...args, '--profile', 'ops'], REGION);
    expect([code, stderr]).toEqual([1, expect.stringContaining('the profile ops gives no AWS credentials')]);
  });

  it('does not take a home for AWS', async () => {
    const { code, stderr } = await edgepass(args, { ...REGION, AWS_ENDPOINT_URL: 'http://127.0.0.1:8170' });
    expect([code, stderr]).toEqual([1, expect.stringContaining('unset AWS_ENDPOINT_URL')]);
  });

  it('says which package of the AWS SDK to install', async () => {
    const { code, stderr } = await edgepass(args, REGION, installWithout('@aws-sdk'));
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const version = devDependencies['@aws-sdk/client-sts'];
    expect([code, stderr]).toEqual([1, expect.stringContaining(`npm install @aws-sdk/client-sts@${version}`)]);
  });
});

it('edgepass deploy says which CDK CLI to install', async () => {
  const { code, stderr } = await edgepass(['deploy'], REGION, installWithout('aws-cdk'));
  expect([code, stderr]).toEqual([1, expect.stringMatching(/npm install aws-cdk@2\.\d+\.\d+ \(not "latest"/)]);
});

it('edgepass destroy does nothing where nobody can be asked', async () => {
  const { code, stderr } = await edgepass(['destroy'], REGION);
  expect([code, stderr]).toEqual([1, expect.stringContaining('"edgepass destroy --force"')]);
});

describe('edgepass deploy, with credentials', () => {
  it('asks for the bootstrap where the account has none, then hands its arguments to the CDK CLI', async () => {
    const folder = temporaryFolder();
    // Home's Parameter Store stands for the account's, which tells whether the CDK was here.
    const home = await startHome({
      dataDir: join(folder, 'data'),
      assembly: await synthesize(),
      ports: { aws: 0, api: 0, distribution: 0 },
    });
    onTestFinished(() => home.close());
    const { AWS_ENDPOINT_URL: endpoint = '', AWS_REGION: region = '', ...rest } = home.environment;
    const keys = {
      AWS_ACCESS_KEY_ID: rest.AWS_ACCESS_KEY_ID ?? '',
      AWS_SECRET_ACCESS_KEY: rest.AWS_SECRET_ACCESS_KEY ?? '',
    };
    const variables = {
      ...keys,
      AWS_REGION: region,
      AWS_ENDPOINT_URL_STS: (await startStandIn({ GetCallerIdentity: WHO_AM_I })).AWS_ENDPOINT_URL_STS,
      AWS_ENDPOINT_URL_SSM: endpoint,
    };
    const deploy = ['deploy', '--stack', 'Files', '--assembly', join(folder, 'deploy')];
    const first = await edgepass(deploy, variables);
    expect(first.stdout).toContain(`deploying Files to the account ${ACCOUNT}, region ${region}`);
    expect([first.code, first.stderr]).toEqual([
      1,
      expect.stringContaining(`it has no parameter ${BOOTSTRAP_PARAMETER}): run "edgepass deploy --bootstrap" once`),
    ]);

    const credentials = { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY };
    const ssm = new SSMClient({ region, endpoint, credentials });
    await ssm.send(new PutParameterCommand({ Name: BOOTSTRAP_PARAMETER, Value: '29', Type: 'String' }));
    ssm.destroy();
    // The CDK CLI refuses this before it calls anybody.
    const second = await edgepass([...deploy, '--json', '--', '--method', 'by-hand'], variables);
    expect(second.stderr).toMatch(/Argument: method, Given: "by-hand"/);
    expect([second.code, second.stdout, second.stderr]).toEqual([
      1,
      '',
      expect.stringContaining('edgepass: cdk deploy ended with 1'),
    ]);
    const template = JSON.parse(readFileSync(join(folder, 'deploy', 'Files.template.json'), 'utf8'));
    expect(template.Outputs.SigningKeyParameter.Value).toMatch(/^\/edgepass\/Files\//);
  });
});

/** This package in a place where what is named was not installed. */
function installWithout(missing: string): string {
  const folder = temporaryFolder();
  for (const name of ['bin', 'dist', 'package.json']) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const scopesOrNames = Object.keys(dependencies).map((name) => name.split('/')[0] ?? name);
  const wanted = [...scopesOrNames, '@aws-sdk', 'aws-cdk', 'aws-cdk-lib', 'constructs'];
  for (const name of wanted.filter((one) => one !== missing))
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  return folder;
}
