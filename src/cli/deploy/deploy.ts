import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PackageMissingError } from '../../packages/load-package';
import { awsSdk } from '../aws-sdk';
import { type AwsOptions, type AwsTarget, clientConfig, findTarget, targetVariables } from '../aws-target';
import { READY_MADE_ASSEMBLY, READY_MADE_STACK } from '../ready-made';
import { synth } from '../synth';
import { type CdkRun, cdk, cdkPath } from './cdk-cli';
import { nextSteps } from './next-steps';

export interface DeployOptions extends AwsOptions {
  readonly assembly: string;
  readonly stack: string;
  readonly bootstrap?: true;
  readonly json?: true;
}

/**
 * `edgepass deploy`: who and where → the assembly in a folder of our own, copied or synthesized → let the CDK CLI deploy that folder →
 * what to do next.
 * With `--json` stdout has the outcome alone, and all else goes to stderr.
 */
export async function deploy(cdkArguments: readonly string[], options: DeployOptions): Promise<void> {
  const { stack, json } = options;
  const say = json ? console.error : console.log;
  cdkPath();
  const target = await findTarget(options);
  say(`deploying ${stack} to the account ${target.accountId}, region ${target.region}`);
  const assembly = resolve(options.assembly);
  if (stack === READY_MADE_STACK) {
    say(`copying the ready-made assembly, which was validated when edgepass was built, to ${options.assembly}`);
    copyReadyMade(assembly);
  } else {
    say(`synthesizing and validating into ${options.assembly}`);
    await synth({ outdir: assembly, validate: true, stackName: stack });
  }
  const run: CdkRun = { env: targetVariables(target), printsTo: json ? 'stderr' : 'stdout' };
  if (options.bootstrap) await cdk(['bootstrap', '--app', assembly, `aws://${target.accountId}/${target.region}`], run);
  else await requireBootstrap(assembly, target);
  const outputsFile = `${assembly}.outputs.json`;
  rmSync(outputsFile, { force: true });
  await cdk(['deploy', '--app', assembly, '--outputs-file', outputsFile, ...cdkArguments], run);
  const outputs = readOutputs(outputsFile, stack);
  if (json) console.log(JSON.stringify({ stack, ...accountOf(target), outputs }, null, 2));
  // `cdk deploy --no-execute` and the like end well and deploy nothing.
  else if (outputs) console.log(nextSteps({ stack, target, outputs, assembly }));
}

/** The CDK CLI writes into the folder that it deploys, so it gets a copy. */
function copyReadyMade(assembly: string): void {
  rmSync(assembly, { recursive: true, force: true });
  mkdirSync(dirname(assembly), { recursive: true });
  cpSync(READY_MADE_ASSEMBLY, assembly, { recursive: true });
}

const accountOf = ({ accountId, region }: AwsTarget): object => ({ accountId, region });

function readOutputs(path: string, stack: string): Readonly<Record<string, string>> | undefined {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, string>>)[stack];
  } catch {
    return undefined;
  }
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<string, { readonly properties?: { readonly bootstrapStackVersionSsmParameter?: string } }>
  >;
}

/** What `cdk bootstrap` leaves tells that it ran. Source: AWS CDK Developer Guide, "Bootstrapping". @throws Error when it did not. */
async function requireBootstrap(assembly: string, target: AwsTarget): Promise<void> {
  const { artifacts } = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8')) as Manifest;
  const names = Object.values(artifacts).map(({ properties }) => properties?.bootstrapStackVersionSsmParameter);
  const Name = names.find((name) => name !== undefined);
  if (Name && (await isAbsent(Name, target)))
    throw new Error(
      `the account ${target.accountId} was never prepared for the CDK in ${target.region} (it has no parameter ${Name}): run "edgepass deploy --bootstrap" once`,
    );
}

/** Whoever may not read the parameter may still deploy, so only a clear "no" counts. */
async function isAbsent(Name: string, target: AwsTarget): Promise<boolean> {
  try {
    const { SSMClient, GetParameterCommand } = await awsSdk('ssm');
    const ssm = new SSMClient(clientConfig(target));
    await ssm.send(new GetParameterCommand({ Name })).finally(() => ssm.destroy());
    return false;
  } catch (error) {
    if (error instanceof PackageMissingError) return false;
    return error instanceof Error && error.name === 'ParameterNotFound';
  }
}
