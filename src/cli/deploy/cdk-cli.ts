import { spawn } from 'node:child_process';
import { testedVersion } from '../../packages/load-package';

export interface CdkRun {
  readonly env: NodeJS.ProcessEnv;
  /** Where what the CDK prints goes; it may ask questions either way. */
  readonly printsTo: 'stdout' | 'stderr';
}

/** Runs the pinned CDK CLI in a process of its own. @throws Error when it fails, or is not installed. */
export async function cdk(args: readonly string[], { env, printsTo }: CdkRun): Promise<void> {
  const path = cdkPath();
  const code = await new Promise<number | null>((done, fail) => {
    const stdout = printsTo === 'stdout' ? 'inherit' : process.stderr;
    const child = spawn(process.execPath, [path, ...args], { env, stdio: ['inherit', stdout, 'inherit'] });
    child.on('error', fail);
    child.on('close', done);
  });
  if (code !== 0) throw new Error(`cdk ${args[0]} ended with ${code}; what it says of the reason stands above`);
}

/** @throws Error saying which version to install. */
export function cdkPath(): string {
  try {
    return require.resolve('aws-cdk/bin/cdk');
  } catch {
    throw new Error(
      `edgepass deploy needs the CDK CLI: npm install aws-cdk@${testedVersion('aws-cdk')} (not "latest", which cannot read current assemblies)`,
    );
  }
}
