import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';

/** Says which process listens on a port of this machine, as `name (pid N)`; undefined when the system does not tell. */
export async function portHolder(port: number): Promise<string | undefined> {
  return process.platform === 'linux' ? holderFromProc(port) : holderFromLsof(port);
}

/** Linux: the listening socket's inode, then the process that has it open. */
function holderFromProc(port: number): string | undefined {
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port));
  const pid = attempt(() => readdirSync('/proc'))
    ?.filter((name) => /^\d+$/.test(name))
    .find((name) => hasSocket(name, inodes));
  if (!pid) return undefined;
  return `${attempt(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) ?? 'a process'} (pid ${pid})`;
}

const LISTEN = '0A';

function listeningInodes(table: string, port: number): string[] {
  const rows =
    attempt(() => readFileSync(table, 'utf8'))
      ?.split('\n')
      .slice(1) ?? [];
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTEN && local?.endsWith(suffix))
    .map((columns) => columns[9] ?? '');
}

function hasSocket(pid: string, inodes: readonly string[]): boolean {
  const descriptors = attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  return descriptors.some((fd) => {
    const target = attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`));
    return inodes.some((inode) => target === `socket:[${inode}]`);
  });
}

/** A process may end, or belong to somebody else, while it is looked at. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

async function holderFromLsof(port: number): Promise<string | undefined> {
  const query = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'];
  const answer = await promisify(execFile)('lsof', query).catch(() => undefined);
  const pid = answer?.stdout.match(/^p(\d+)$/m)?.[1];
  const name = answer?.stdout.match(/^c(.+)$/m)?.[1];
  return pid && `${name ?? 'a process'} (pid ${pid})`;
}
