/** `edgepass deploy` and `destroy` as far as they go without an AWS account: up to the first call that only AWS answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { startLocal } from 'edgepass/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { installWithout } from '../install-without';
import { bareEnvironment, type CommandResult, READY_MADE_ASSEMBLY, run, temporaryFolder } from '../run-local';
import { startStandIn, WHO_AM_I } from './aws-stand-in';

const ROOT = join(__dirname, '..', '..');
const ACCOUNT = '111122223333';
const BOOTSTRAP_PARAMETER = '/cdk-bootstrap/hnb659fds/version';

/** Runs the command with these variables and no others, so that nobody's credentials are found. */
function edgepass(args: readonly string[], variables: NodeJS.ProcessEnv, root = ROOT): Promise<CommandResult> {
  return run(process.execPath, [join(root, 'bin', 'edgepass.js'), ...args], bareEnvironment(variables));
}

const packageWithout = (...missing: string[]): string => join(installWithout(...missing), 'node_modules', 'edgepass');

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

  it('does not take a local runtime for AWS', async () => {
    const { code, stderr } = await edgepass(args, { ...REGION, AWS_ENDPOINT_URL: 'http://127.0.0.1:8170' });
    expect([code, stderr]).toEqual([1, expect.stringContaining('unset AWS_ENDPOINT_URL')]);
  });

  it('says which package of the AWS SDK to install', async () => {
    const { code, stderr } = await edgepass(args, REGION, packageWithout('@aws-sdk'));
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const version = devDependencies['@aws-sdk/client-sts'];
    expect([code, stderr]).toEqual([1, expect.stringContaining(`npm install @aws-sdk/client-sts@${version}`)]);
  });
});

describe('the deployment commands', () => {
  it('edgepass deploy says which CDK CLI to install', async () => {
    const { code, stderr } = await edgepass(['deploy'], REGION, packageWithout('aws-cdk'));
    expect([code, stderr]).toEqual([1, expect.stringMatching(/npm install aws-cdk@2\.\d+\.\d+ \(not "latest"/)]);
  });

  it('edgepass destroy does nothing where nobody can be asked', async () => {
    const { code, stderr } = await edgepass(['destroy'], REGION);
    expect([code, stderr]).toEqual([1, expect.stringContaining('"edgepass destroy --force"')]);
  });
});

describe('edgepass deploy, with credentials', () => {
  it('copies the ready-made assembly, for which the CDK CLI is enough', async () => {
    const folder = temporaryFolder();
    const credentials = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
    const standIn = await startStandIn({ GetCallerIdentity: WHO_AM_I });
    const variables = { ...REGION, ...credentials, ...standIn };
    const assembly = join(folder, 'deploy');
    const root = packageWithout('aws-cdk-lib', 'constructs');
    // The CDK CLI refuses this before it calls anybody.
    const deploy = ['deploy', '--assembly', assembly, '--', '--method', 'by-hand'];
    const { code, stdout, stderr } = await edgepass(deploy, variables, root);
    expect([code, stderr]).toEqual([1, expect.stringContaining('Argument: method, Given: "by-hand"')]);
    expect(stdout).toContain('the ready-made assembly, which was validated when edgepass was built');
    expect(readFileSync(join(assembly, 'Edgepass.template.json'), 'utf8')).toBe(
      readFileSync(join(READY_MADE_ASSEMBLY, 'Edgepass.template.json'), 'utf8'),
    );

    const named = await edgepass(['deploy', '--stack', 'Files', '--assembly', assembly], variables, root);
    expect([named.code, named.stderr]).toEqual([1, expect.stringContaining('this needs aws-cdk-lib')]);
  });

  it('asks for the bootstrap where the account has none, then hands its arguments to the CDK CLI', async () => {
    const folder = temporaryFolder();
    // The local runtime's Parameter Store stands for the account's, which tells whether the CDK was here.
    const local = await startLocal({
      dataDir: join(folder, 'data'),
      assembly: READY_MADE_ASSEMBLY,
      ports: { aws: 0, api: 0, distribution: 0 },
    });
    onTestFinished(() => local.close());
    const { AWS_ENDPOINT_URL: endpoint = '', AWS_REGION: region = '', ...rest } = local.environment;
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
