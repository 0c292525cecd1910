import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { replaceFile } from './files/replace-file';
import type { TokenSettings } from './jwt-authorizer';

/** A home that runs on a data folder, as it says in `running.json` there. Only its owner may read the file. */
export interface RunningHome {
  readonly pid: number;
  /** Answered by the home's health check: tells it from another process that got the same pid. */
  readonly instanceId: string;
  /** Absent while it boots. */
  readonly awsUrl?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Credentials of the stack's roles, as variables, by the word that `edgepass env --as` takes. */
  readonly roles?: Roles;
  /** What the stack's JWT authorizer asks of a token, where it has one. */
  readonly tokenSettings?: TokenSettings | undefined;
}

export type Roles = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const HEALTH_PATH = '/_edgepass/health';

const pathOf = (dataDir: string): string => join(dataDir, 'running.json');

export function readRunningHome(dataDir: string): RunningHome | undefined {
  try {
    return JSON.parse(readFileSync(pathOf(dataDir), 'utf8')) as RunningHome;
  } catch {
    // Absent, or being written at this moment: either way nothing that answers yet.
    return undefined;
  }
}

/** True when the home of the record still answers, or has just begun to boot. */
export async function isAlive(home: RunningHome): Promise<boolean> {
  try {
    process.kill(home.pid, 0);
  } catch {
    return false;
  }
  if (!home.awsUrl) return true;
  return (await askInstanceId(`${home.awsUrl}${HEALTH_PATH}`)) === home.instanceId;
}

const HEALTH_TIMEOUT_MS = 2_000;

/** By `node:http`: waking `fetch` takes longer than all else that `edgepass env` does. */
function askInstanceId(url: string): Promise<unknown> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: HEALTH_TIMEOUT_MS }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('error', () => resolve(undefined));
      answer.on('end', () => resolve(readInstanceId(text)));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}

function readInstanceId(text: string): unknown {
  try {
    return (JSON.parse(text) as { readonly instanceId?: unknown } | null)?.instanceId;
  } catch {
    return undefined;
  }
}

/** The data folder taken by this process. */
export interface Claim {
  readonly instanceId: string;
  /** Writes what `edgepass env` prints. */
  announce(running: Required<Pick<RunningHome, 'awsUrl' | 'environment' | 'roles' | 'tokenSettings'>>): void;
  release(): void;
}

/** Takes the data folder. @throws Error naming the process that has it. */
export async function claimDataDir(dataDir: string): Promise<Claim> {
  const path = pathOf(dataDir);
  const claim: RunningHome = { pid: process.pid, instanceId: randomUUID() };
  if (!create(path, JSON.stringify(claim))) {
    const other = readRunningHome(dataDir);
    if (other && other.pid !== process.pid && (await isAlive(other))) {
      throw new Error(
        `a home already runs on ${dataDir} (process ${other.pid}); stop it, or choose another --data-dir`,
      );
    }
    // It was left by a process that was killed.
    unlinkSync(path);
    if (!create(path, JSON.stringify(claim))) throw new Error(`another home is starting on ${dataDir} at this moment`);
  }
  return {
    instanceId: claim.instanceId,
    announce: (running) => replaceFile(path, JSON.stringify({ ...claim, ...running }, null, 2)),
    release: () => unlinkSync(path),
  };
}

/** False when the file exists: the file system decides who was first. */
function create(path: string, text: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, text);
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
