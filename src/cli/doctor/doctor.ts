import { InvalidArgumentError } from 'commander';
import { type AwsOptions, findTarget } from '../aws-target';
import { exitCodeOf, runChecks } from './checks';
import type { DeployedSystem } from './deployed-system';
import { readAws } from './read-aws';
import { readHome } from './read-home';
import { asJson, asText } from './report';

export interface DoctorOptions extends AwsOptions {
  /** Looks at the home there. @default - at AWS */
  readonly dataDir?: string;
  readonly stack: string;
  readonly maxKeyAge: number;
  readonly publicPath: readonly string[];
  /** For an API that takes JSON Web Tokens. */
  readonly token?: string;
  readonly json?: true;
}

/** The exit code where not everything could be looked at, also for options that are wrong: 1 means findings. */
export const COULD_NOT_LOOK = 2;

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
  if (dataDir !== undefined) return readHome({ ...source, dataDir });
  return readAws({ ...source, stackName, target: await findTarget(aws) });
}

/** @throws InvalidArgumentError for what is no number of days. */
export function parseDays(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= 36_500) return days;
  throw new InvalidArgumentError(`"${text}" is no age: give a number of days from 1 to 36500`);
}

/** Source: CloudFront API Reference, CacheBehavior, PathPattern. @throws InvalidArgumentError for what is no path pattern. */
export function parsePublicPath(text: string, before: readonly string[]): readonly string[] {
  if (/^[A-Za-z0-9_\-.*$/~"'@:+&?]{1,255}$/.test(text)) return [...before, text];
  throw new InvalidArgumentError(`"${text}" is no path pattern: give one as the behavior has it, such as "open/*"`);
}
