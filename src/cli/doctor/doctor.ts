import { type AwsOptions, findTarget } from '../aws-target';
import { exitCodeOf, runChecks } from './checks';
import type { DeployedSystem } from './deployed-system';
import { COULD_NOT_LOOK } from './finding';
import { readAws } from './read-aws';
import { readLocal } from './read-local';
import { asJson, asText } from './report';

export interface DoctorOptions extends AwsOptions {
  /** Looks at the local runtime there. @default - at AWS */
  readonly dataDir?: string;
  readonly stack: string;
  readonly maxKeyAge: number;
  readonly publicPath: readonly string[];
  /** For an API that takes JSON Web Tokens. */
  readonly token?: string;
  readonly json?: true;
}

/** `edgepass doctor`: exit code 0 for healthy, 1 for findings, 2 where it could not look. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const { maxKeyAge, publicPath: publicPaths, json } = options;
  let system: DeployedSystem;
  try {
    system = await read(options);
  } catch (error) {
    console.error(`edgepass: could not look: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = COULD_NOT_LOOK;
    return;
  }
  const results = runChecks(system, { maxKeyAge, publicPaths });
  const exitCode = exitCodeOf(results);
  console.log(json ? asJson(system, results, exitCode) : asText(system, results));
  process.exitCode = exitCode;
}

async function read({
  dataDir,
  stack: stackName,
  publicPath: publicPaths,
  token,
  ...aws
}: DoctorOptions): Promise<DeployedSystem> {
  const source = { token, publicPaths, now: (): Date => new Date() };
  if (dataDir !== undefined) return readLocal({ ...source, dataDir });
  return readAws({ ...source, stackName, target: await findTarget(aws) });
}
