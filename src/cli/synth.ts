import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { requirePackage } from '../packages/load-package';
import { READY_MADE_STACK } from './ready-made';

export interface SynthOptions {
  /** Where the cloud assembly goes; what was there is replaced when the new one is whole. */
  readonly outdir: string;
  /** Whether the CDK validates the templates, which costs over a second. */
  readonly validate: boolean;
  /** @default - `Edgepass` */
  readonly stackName?: string;
}

const CDK_PACKAGES = ['aws-cdk-lib', 'constructs'];

/** The CDK's report about its validation: written beside the assembly, no part of it. */
const VALIDATION_REPORT = 'validation-report.json';

/** Synthesizes the ready-made app in a process of its own. @throws Error with what the CDK printed. */
export async function synth({ outdir, validate, stackName = READY_MADE_STACK }: SynthOptions): Promise<void> {
  for (const name of CDK_PACKAGES) requirePackage(name, () => require.resolve(name));
  const fresh = `${outdir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(dirname(outdir), { recursive: true });
  await run(process.execPath, [join(__dirname, '..', 'cdk', 'app.js')], {
    ...process.env,
    CDK_OUTDIR: fresh,
    CDK_VALIDATION: String(validate),
    EDGEPASS_STACK_NAME: stackName,
  });
  rmSync(join(fresh, VALIDATION_REPORT), { force: true });
  rmSync(outdir, { recursive: true, force: true });
  renameSync(fresh, outdir);
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    child.stdout.on('data', (chunk) => (printed += chunk));
    child.stderr.on('data', (chunk) => (printed += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`the synth failed:\n${printed.trim()}`))));
  });
}
