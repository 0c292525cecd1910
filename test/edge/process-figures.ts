import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** These figures are the kernel's: Linux has them as files. */
export const HAS_FIGURES = existsSync('/proc/self/fd');

/** A local runtime's own process and its edge workers; not the functions that it runs. */
export const edgeProcesses = (pid: number): number[] => [pid, ...edgeWorkers(pid)];

/** Processes that serve viewers for a local runtime. */
export const edgeWorkers = (pid: number): number[] => childrenOf(pid).filter((child) => isEdgeWorker(child));

/** Names of the functions that a local runtime has processes of, those that are still being loaded too. */
export const runningFunctions = (pid: number): string[] =>
  childrenOf(pid).flatMap(
    (child) => /AWS_LAMBDA_FUNCTION_NAME=([^\0]+)/.exec(readOrNothing(`/proc/${child}/environ`))?.[1] ?? [],
  );

export const openDescriptors = (pid: number): number =>
  edgeProcesses(pid).reduce((sum, process) => sum + descriptorsOf(process).length, 0);

export const openSockets = (pid: number): number =>
  edgeProcesses(pid).reduce((sum, process) => sum + socketsOf(process).length, 0);

/** MiB that lie in memory. */
export const residentMiB = (pid: number): number =>
  edgeProcesses(pid).reduce((sum, process) => sum + residentKiB(process), 0) / 1024;

function childrenOf(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.flatMap((thread) =>
    (readOrNothing(`/proc/${pid}/task/${thread}/children`).match(/\d+/g) ?? []).map(Number),
  );
}

const isEdgeWorker = (pid: number): boolean => readOrNothing(`/proc/${pid}/cmdline`).includes('edge-worker');

const residentKiB = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readOrNothing(`/proc/${pid}/status`))?.[1] ?? 0);

function socketsOf(pid: number): string[] {
  const links = descriptorsOf(pid).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      // Closed since the folder was read.
      return '';
    }
  });
  return links.filter((link) => link.startsWith('socket:'));
}

function descriptorsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
}

/** Whether there is such a process; one that has ended and waits for its parent to notice runs no more. */
export const isRunning = (pid: number): boolean => /^State:\s+[^ZX]/m.test(readOrNothing(`/proc/${pid}/status`));

/** The edge worker that has the other end of a connection, by the viewer's port. */
export function ownerOfConnection(
  { pid, port }: { readonly pid: number; readonly port: number },
  viewerPort: number | undefined,
): number | undefined {
  const hex = (number: number): string => number.toString(16).toUpperCase().padStart(4, '0');
  // proc(5): a line has the local and the remote address, then six columns, then the inode.
  const line = new RegExp(`^ *\\d+: \\w+:${hex(port)} \\w+:${hex(viewerPort ?? 0)} (?:[\\w:]+ +){6}(\\d+)`, 'm');
  const tables = readOrNothing('/proc/net/tcp') + readOrNothing('/proc/net/tcp6');
  const [, inode] = line.exec(tables) ?? [];
  return edgeWorkers(pid).find((worker) => socketsOf(worker).includes(`socket:[${inode}]`));
}

/** A process may end while it is looked at. */
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
