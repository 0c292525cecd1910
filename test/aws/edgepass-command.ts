import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where this checkout is, wherever this file was compiled to. */
export const ROOT = dirname(createRequire(__filename).resolve('edgepass/package.json'));

const CLI = join(ROOT, 'bin', 'edgepass.js');

const running = new Map<ChildProcess, Promise<number | null>>();

/** Starts Node in a process group of its own: what a Ctrl-C ends, and in which order, is decided here. */
export function startNode(
  args: readonly string[],
  options: SpawnOptions,
): { readonly child: ChildProcess; readonly ended: Promise<number | null> } {
  const child = spawn(process.execPath, args, { ...options, cwd: ROOT, detached: true });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).finally(() => running.delete(child));
  running.set(child, ended);
  return { child, ended };
}

/** Interrupts what runs, with all that it has started, and waits until it has ended. */
export async function interruptRunning(isMeant: (child: ChildProcess) => boolean = () => true): Promise<void> {
  const meant = [...running].filter(([child]) => isMeant(child));
  for (const [{ pid }] of meant) if (pid !== undefined) process.kill(-pid, 'SIGINT');
  await Promise.allSettled(meant.map(([, ended]) => ended));
}

/** Runs `edgepass` to its end; what it says to people goes to the terminal. @throws Error when it fails. */
export async function edgepass(args: readonly string[]): Promise<string> {
  const { child, ended } = startNode([CLI, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  const code = await ended;
  if (code !== 0) throw new Error(`edgepass ${args[0]} ended with ${code}`);
  return stdout;
}

export interface RunningDev {
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

/** Starts `edgepass dev`, resolves when it is ready. */
export async function startDev(args: readonly string[]): Promise<RunningDev> {
  const { child, ended } = startNode([CLI, 'dev', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      printed += chunk;
      if (/^ready/m.test(printed)) resolve();
    });
    child.stderr?.on('data', (chunk) => (printed += chunk));
    ended.then((code) => reject(new Error(`edgepass dev ended with ${code}:\n${printed}`)), reject);
  });
  return {
    child,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
