import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { LocalError } from '../errors';
import type { TokenSettings } from '../jwt-authorizer';

/** A local runtime that runs on a data folder, as it says in `running.json` there. Only its owner may read the file. */
export interface RunningLocal {
  readonly pid: number;
  /** Answered by the local runtime's health check: tells it from another process that got the same pid. */
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

export const runningPath = (dataDir: string): string => join(dataDir, 'running.json');

export function readRunningLocal(dataDir: string): RunningLocal | undefined {
  try {
    return JSON.parse(readFileSync(runningPath(dataDir), 'utf8')) as RunningLocal;
  } catch {
    // Absent, or being written at this moment: either way nothing that answers yet.
    return undefined;
  }
}

/** True when the local runtime of the record still answers, or has just begun to boot. */
export async function isAlive(local: RunningLocal): Promise<boolean> {
  try {
    process.kill(local.pid, 0);
  } catch {
    return false;
  }
  if (!local.awsUrl) return true;
  return (await askInstanceId(`${local.awsUrl}${HEALTH_PATH}`)) === local.instanceId;
}

/** Finds the local runtime that runs on a data folder and has booted. @throws LocalError saying how to start one. */
export async function requireRunningLocal(
  dataDir: string,
): Promise<RunningLocal & Required<Pick<RunningLocal, 'environment'>>> {
  const running = readRunningLocal(dataDir);
  const { environment } = running ?? {};
  if (running && environment && (await isAlive(running))) return { ...running, environment };
  throw new LocalError(
    'ERR_NOT_RUNNING',
    `no local runtime runs on ${dataDir}; start one with "npm start", or name another with --data-dir DIR`,
  );
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
