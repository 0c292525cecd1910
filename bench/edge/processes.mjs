// The processes of a benchmark: started on cores of their own, awaited, measured, ended.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

const running = new Set();
const hasTaskset = spawnSync('taskset', ['--version']).status === 0;

export const isInstalled = (command) => spawnSync(command, ['-v']).error === undefined;

/**
 * Servers on the first cores, the load on those after them, so that neither takes the other's time.
 * Undefined where there are too few cores, or no taskset: then the kernel decides.
 */
export function splitCores(workers) {
  const others = Math.min(workers, availableParallelism() - workers);
  if (!hasTaskset || others < 1) return { server: undefined, load: undefined };
  return { server: `0-${workers - 1}`, load: `${workers}-${workers + others - 1}` };
}

export function spawnOn(cores, command, args, options) {
  return cores === undefined
    ? spawn(command, args, options)
    : spawn('taskset', ['-c', cores, command, ...args], options);
}

/** Starts a server and resolves when what it prints matches `ready`. */
export async function startServer(name, command, args, { cores, ready }) {
  const child = spawnOn(cores, command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const printed = await new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk) => {
      text += chunk;
      const found = ready.exec(text);
      if (found) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    ended.then((code) => reject(new Error(`${name} ended with ${code} before it was ready: ${text}`)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    running.delete(child);
  };
  return { pid: child.pid, printed, stop };
}

export async function output(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return text;
}

export function endAll() {
  for (const child of running) child.kill('SIGKILL');
}

/** Private memory of the processes, from `pid` down, that hold a socket of the port: a server and its workers, not what else it runs. */
export function residentBytes({ pid, port }) {
  const sockets = socketsOf(port);
  const servers = descendants(pid).filter((one) => openFiles(one).some((file) => sockets.has(file)));
  return servers.reduce((sum, one) => sum + privateBytes(one), 0);
}

/**
 * What a process and all below it have computed, those that have ended included.
 * Fields 14 to 17 of the stat file, hundredths of seconds (source: proc_pid_stat(5)).
 */
export function cpuSeconds(pid) {
  const ticks = descendants(pid).flatMap((one) => {
    const [, fields = ''] = orGone(() => readFileSync(`/proc/${one}/stat`, 'utf8'), '').split(') ');
    return fields.split(' ').slice(11, 15).map(Number);
  });
  return ticks.reduce((sum, one) => sum + one, 0) / 100;
}

/** Returns what tells the share of the machine that went to anything but this benchmark since. */
export function watchOtherWork() {
  const work = () => ({ all: busySeconds(), own: cpuSeconds(process.pid), at: performance.now() / 1000 });
  const first = work();
  return () => {
    const last = work();
    const others = last.all - first.all - (last.own - first.own);
    return Math.max(0, others / ((last.at - first.at) * cpus().length));
  };
}

const busySeconds = () =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000;

/** Pages of files, the mapped index of a local runtime among them, are the kernel's to give and take. */
const privateBytes = (pid) =>
  Number(/RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

/** A thread's children are listed with the thread. */
function descendants(pid) {
  const children = orGone(() => readdirSync(`/proc/${pid}/task`), []).flatMap((thread) =>
    orGone(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'), '')
      .split(' ')
      .filter(Boolean),
  );
  return [pid, ...children.flatMap((child) => descendants(Number(child)))];
}

const openFiles = (pid) =>
  orGone(() => readdirSync(`/proc/${pid}/fd`), []).map((file) => orGone(() => readlinkSync(`/proc/${pid}/fd/${file}`)));

/** Threads, processes and their files end while they are looked at. */
function orGone(look, otherwise) {
  try {
    return look();
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return otherwise;
    throw error;
  }
}

/** Columns of /proc/net/tcp: 1 is the local address and port in hexadecimal, 9 the inode (source: proc_net_tcp.txt of Linux). */
function socketsOf(port) {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return new Set(rows.filter(([, local = '']) => local.endsWith(ending)).map((row) => `socket:[${row[9]}]`));
}
