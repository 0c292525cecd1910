import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export { READY_MADE_ASSEMBLY } from '../dist/cli/ready-made';

const CLI = join(__dirname, '..', 'bin', 'edgepass.js');

/** A temporary folder that is removed when the test, or the suite whose `afterAll` is given, has ended. */
export function temporaryFolder(onEnd: (remove: () => void) => void = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-'));
  onEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

export interface RunningDev {
  readonly process: ChildProcess;
  /** What it has printed so far, both streams. */
  printed(): string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts `edgepass dev` and resolves at its ready line. */
export const startDev = (...args: string[]): Promise<RunningDev> => startDevOf(CLI, ...args);

/** The same by another copy of the command. */
export async function startDevOf(cli: string, ...args: string[]): Promise<RunningDev> {
  const child = spawn(process.execPath, [cli, 'dev', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += chunk;
      if (/^ready/m.test(text)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', reject);
    ended.then((code) => reject(new Error(`edgepass dev ended with ${code} before it was ready:\n${text}`)));
  });
  return { process: child, printed: () => text, ended };
}

/** Fresh ports: tests run beside whatever else listens. */
export const ANY_PORTS = ['--port', '0', '--api-port', '0', '--distribution-port', '0'];

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<CommandResult> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The environment of a command that finds nobody's credentials and settings but those that are given. */
export const bareEnvironment = (variables: NodeJS.ProcessEnv = {}, home = temporaryFolder()): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  TMPDIR: process.env.TMPDIR,
  HOME: home,
  AWS_EC2_METADATA_DISABLED: 'true',
  ...variables,
});

export const edgepass = (...args: string[]): Promise<CommandResult> => run(process.execPath, [CLI, ...args]);

/** What `edgepass env --json` prints. */
export interface Environment {
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
  readonly AWS_REGION: string;
  readonly AWS_ENDPOINT_URL: string;
  readonly EDGEPASS_BUCKET: string;
  readonly EDGEPASS_API_URL: string;
  readonly EDGEPASS_API_KEY: string;
  readonly EDGEPASS_DISTRIBUTION_URL: string;
}

export async function environmentOf(dataDir: string): Promise<Environment> {
  return JSON.parse((await edgepass('env', '--json', '--data-dir', dataDir)).stdout) as Environment;
}

export type Template = { Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }> };

/** Copies an assembly with its one template changed. */
export function changedAssembly(assembly: string, to: string, change: (template: Template) => void): string {
  cpSync(assembly, to, { recursive: true });
  const path = join(to, 'Edgepass.template.json');
  const template = JSON.parse(readFileSync(path, 'utf8')) as Template;
  change(template);
  writeFileSync(path, JSON.stringify(template));
  return to;
}
