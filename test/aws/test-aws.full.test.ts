/** `npm run test:aws`, run: against a local runtime, and with credentials up to the first call that only AWS answers. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startLocal } from 'edgepass/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startStandIn, WHO_AM_I } from '../cli/aws-stand-in';
import { readTable } from '../conformance/replay';
import { bareEnvironment, READY_MADE_ASSEMBLY, temporaryFolder } from '../run-local';
import { RUNNER, testAws } from './run-test-aws';

const { rows } = readTable(join(__dirname, '..', 'conformance'));

describe('npm run test:aws', () => {
  it('runs against a local runtime: the walkthrough, and every row without a difference', async () => {
    const { code, stdout, stderr } = await testAws(['--local', '--only', 'walkthrough', '--only', 'rows']);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toContain(`\n${rows.length} rows, no difference to the local runtime\n`);
    expect(stdout).toContain('walkthrough.test.ts');
  });
});

describe('npm run test:aws, with credentials', () => {
  /** Who they are is answered here, whether the CDK was in the account by a local runtime; nothing else is. */
  async function credentials(): Promise<NodeJS.ProcessEnv> {
    const dataDir = join(temporaryFolder(), 'data');
    const local = await startLocal({
      dataDir,
      assembly: READY_MADE_ASSEMBLY,
      ports: { aws: 0, api: 0, distribution: 0 },
    });
    onTestFinished(() => local.close());
    const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = local.environment;
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
    const child = spawn(process.execPath, [RUNNER], { env: bareEnvironment(await credentials()) });
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
