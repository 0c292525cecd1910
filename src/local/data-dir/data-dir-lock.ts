import { randomUUID } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { LocalError } from '../errors';
import { replaceFile } from '../files/replace-file';
import { isAlive, type RunningLocal, readRunningLocal, runningPath } from './running-local';

/** The data folder, taken by this process: `running.json` is the lock. */
export interface DataDirLock {
  readonly instanceId: string;
  /** Writes what `edgepass env` prints. */
  announce(running: Required<Pick<RunningLocal, 'awsUrl' | 'environment' | 'roles' | 'tokenSettings'>>): void;
  release(): void;
}

/** The locks that this process holds, by their ids. */
const held = new Set<string>();

/** Takes the data folder. @throws LocalError naming the process that has it. */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const path = runningPath(dataDir);
  const own: RunningLocal = { pid: process.pid, instanceId: randomUUID() };
  if (!create(path, JSON.stringify(own))) {
    const other = readRunningLocal(dataDir);
    if (other && (await holds(other))) {
      throw new LocalError(
        'ERR_DATA_DIR_LOCKED',
        `a local runtime already runs on ${dataDir} (process ${other.pid}); stop it, or choose another --data-dir`,
      );
    }
    // It was left by a process that was killed.
    unlinkSync(path);
    if (!create(path, JSON.stringify(own)))
      throw new LocalError('ERR_DATA_DIR_LOCKED', `another local runtime is starting on ${dataDir} at this moment`);
  }
  held.add(own.instanceId);
  return {
    instanceId: own.instanceId,
    announce: (running) => replaceFile(path, JSON.stringify({ ...own, ...running }, null, 2)),
    release() {
      held.delete(own.instanceId);
      unlinkSync(path);
    },
  };
}

/** A process that was killed may have had the id of this one: a container gives the same ids at every start. */
const holds = async (other: RunningLocal): Promise<boolean> =>
  other.pid === process.pid ? held.has(other.instanceId) : isAlive(other);

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
