import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockDataDir } from './data-dir-lock';
import { readRunningLocal, requireRunningLocal } from './running-local';

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes that a process which has not booted yet runs on the folder. */
function leaveRecord(dataDir: string, pid: number): void {
  writeFileSync(join(dataDir, 'running.json'), JSON.stringify({ pid, instanceId: 'another' }));
}

/** A process that runs until the test has ended. */
function startProcess(): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child.pid ?? 0;
}

describe('the lock of a data folder', () => {
  it('is there until it is released', async () => {
    const dataDir = dataFolder();
    const lock = await lockDataDir(dataDir);
    expect(readRunningLocal(dataDir)).toEqual({ pid: process.pid, instanceId: lock.instanceId });
    lock.release();
    expect(existsSync(join(dataDir, 'running.json'))).toBe(false);
  });

  it('refuses a folder on which another process runs, and names the process', async () => {
    const dataDir = dataFolder();
    const pid = startProcess();
    leaveRecord(dataDir, pid);
    await expect(lockDataDir(dataDir)).rejects.toMatchObject({
      code: 'ERR_DATA_DIR_LOCKED',
      message: expect.stringContaining(`(process ${pid})`),
    });
    expect(readRunningLocal(dataDir)?.pid).toBe(pid);
  });

  it('refuses a folder that this process has taken, and takes it again once it is released', async () => {
    const dataDir = dataFolder();
    const first = await lockDataDir(dataDir);
    await expect(lockDataDir(dataDir)).rejects.toMatchObject({ code: 'ERR_DATA_DIR_LOCKED' });
    expect(readRunningLocal(dataDir)?.instanceId).toBe(first.instanceId);
    first.release();
    (await lockDataDir(dataDir)).release();
  });

  it('is taken over from a killed process that had the id of this one, as in a container that starts again', async () => {
    const dataDir = dataFolder();
    leaveRecord(dataDir, process.pid);
    const lock = await lockDataDir(dataDir);
    expect(readRunningLocal(dataDir)?.instanceId).toBe(lock.instanceId);
  });

  it('is taken over from a process that was killed', async () => {
    const dataDir = dataFolder();
    // Larger than any process id of the systems that edgepass runs on.
    leaveRecord(dataDir, 2 ** 30);
    const lock = await lockDataDir(dataDir);
    expect(readRunningLocal(dataDir)?.instanceId).toBe(lock.instanceId);
  });
});

describe('the local runtime that runs on a data folder', () => {
  it('is missed by a code, with the command that starts one', async () => {
    await expect(requireRunningLocal(join(dataFolder(), 'none'))).rejects.toMatchObject({
      code: 'ERR_NOT_RUNNING',
      message: expect.stringContaining('npm start'),
    });
  });
});
