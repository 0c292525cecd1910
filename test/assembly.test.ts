import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ApiAuth, EdgepassStack, PrivateContent } from 'edgepass/cdk';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { acknowledgeFindings } from '../dist/cdk/nag-acknowledgements';
import { READY_MADE_STACK } from '../dist/cli/ready-made';
import { synth } from '../dist/cli/synth';
import { JWT, MAXIMUM, maximumIn, OPERATED } from './cdk/contents';
import { READY_MADE_ASSEMBLY, run, temporaryFolder } from './run-local';

const ROOT = dirname(__dirname);

/** Every file of a folder with the digest of its bytes. */
function digests(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  const digest = (path: string): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('hex');
  return Object.fromEntries(files.sort().map((path) => [path, digest(path)]));
}

describe('the assembly that the package ships', () => {
  it('is a fresh synthesis, validated or not, byte for byte', async () => {
    const folder = temporaryFolder();
    await synth({ outdir: join(folder, 'as it is'), validate: false });
    await synth({ outdir: join(folder, 'validated'), validate: true });
    const shipped = digests(READY_MADE_ASSEMBLY);
    expect(Object.keys(shipped)).toContain(`${READY_MADE_STACK}.template.json`);
    expect(digests(join(folder, 'as it is'))).toEqual(shipped);
    expect(digests(join(folder, 'validated'))).toEqual(shipped);
  });

  it('holds no path of the machine that built it', () => {
    const texts = Object.keys(digests(READY_MADE_ASSEMBLY)).map((path) =>
      readFileSync(join(READY_MADE_ASSEMBLY, path), 'utf8'),
    );
    for (const path of [ROOT, tmpdir(), homedir()])
      expect(texts.filter((text) => text.includes(`${path}/`))).toEqual([]);
  });

  it('is read by the CDK CLI', async () => {
    // The CLI writes into the folder that it is given.
    const copy = join(temporaryFolder(), 'assembly');
    cpSync(READY_MADE_ASSEMBLY, copy, { recursive: true });
    const cdk = require.resolve('aws-cdk/bin/cdk');
    const { code, stdout } = await run(process.execPath, [cdk, 'ls', '--app', copy, '--no-notices'], {
      ...process.env,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    });
    expect([code, stdout.trim()]).toEqual([0, READY_MADE_STACK]);
  });
});

beforeAll(() => void vi.stubEnv('CDK_VALIDATION', 'true'));
afterAll(() => void vi.unstubAllEnvs());

describe('the ready-made assembly', () => {
  it('passes cdk-nag’s AwsSolutions pack and the CDK’s template validation, each acknowledged finding with its reason', () => {
    const app = new App({ outdir: join(temporaryFolder(), 'assembly'), analyticsReporting: false });
    new EdgepassStack(app, 'Edgepass');
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    expect(() => app.synth()).not.toThrow();
  });

  it.each([MAXIMUM.auth, ApiAuth.iam(), JWT, ApiAuth.none()])(
    'passes the CDK’s template validation with every property, and callers known by $settings.kind',
    (auth) => {
      const outdir = join(temporaryFolder(), 'assembly');
      const app = new App({ outdir, analyticsReporting: false });
      const stack = new Stack(app, 'Edgepass');
      new PrivateContent(stack, 'PrivateContent', { ...maximumIn(stack), auth });
      expect(() => app.synth()).not.toThrow();
      const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
      expect(report.pluginReports).toEqual([]);
    },
  );

  /** What `MAXIMUM` and `OPERATED` add to the findings of the ready-made stack. */
  const MORE_FINDINGS: Readonly<Record<string, string>> = {
    'IAM5[Resource::*]':
      'X-Ray takes segments without naming a resource; API Gateway’s role is for every API of the account.',
    'IAM5[Resource::<PrivateContentBucket962CAC22.Arn>/in/*]':
      'Which objects are written is decided by callers, below one prefix.',
  };

  it('passes cdk-nag’s AwsSolutions pack with everything turned on that it takes to run it for long', () => {
    const app = new App({ outdir: join(temporaryFolder(), 'assembly'), analyticsReporting: false });
    const stack = new Stack(app, 'Edgepass');
    const { bucket, site } = new PrivateContent(stack, 'PrivateContent', { ...MAXIMUM, ...OPERATED });
    acknowledgeFindings(stack, bucket, site);
    for (const [rule, reason] of Object.entries(MORE_FINDINGS))
      Validations.of(stack).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    expect(() => app.synth()).not.toThrow();
  });

  it('cdk-nag is really asked: a public bucket beside the stack fails', async () => {
    const { Bucket } = await import('aws-cdk-lib/aws-s3');
    const app = new App({ outdir: join(temporaryFolder(), 'assembly'), analyticsReporting: false });
    new Bucket(new EdgepassStack(app, 'Edgepass'), 'Open');
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    const problem = process.exitCode;
    expect(() => app.synth()).toThrow();
    process.exitCode = problem;
  });
});
