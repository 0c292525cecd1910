import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { synth } from './synth';

export interface DeployOptions {
  readonly assembly: string;
  readonly bootstrap?: true;
}

/** `edgepass deploy`: synthesize into a folder of our own, then let the CDK CLI deploy that folder. */
export async function deploy(cdkArguments: readonly string[], options: DeployOptions): Promise<void> {
  const assembly = resolve(options.assembly);
  console.log(`synthesizing and validating into ${options.assembly}`);
  await synth({ outdir: assembly, validate: true });
  if (options.bootstrap) await cdk(['bootstrap', '--app', assembly]);
  await cdk(['deploy', '--app', assembly, ...cdkArguments]);
}

async function cdk(args: readonly string[]): Promise<void> {
  const code = await new Promise<number | null>((done, fail) => {
    const child = spawn(process.execPath, [cdkPath(), ...args], { stdio: 'inherit' });
    child.on('error', fail);
    child.on('close', done);
  });
  if (code !== 0) {
    throw new Error(
      `cdk ${args[0]} ended with ${code}. It needs AWS credentials ("aws sts get-caller-identity" has to work); ` +
        'an account and region that never saw the CDK needs "edgepass deploy --bootstrap" once',
    );
  }
}

function cdkPath(): string {
  try {
    return require.resolve('aws-cdk/bin/cdk');
  } catch {
    throw new Error(
      'edgepass deploy needs the CDK CLI: npm install aws-cdk@2.1148.1 (not "latest", which cannot read current assemblies)',
    );
  }
}
