import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, temporaryFolder } from '../run-local';

export const hasCurl = spawnSync('curl', ['--version']).status === 0;

export interface CurlAnswer {
  readonly exitCode: number | null;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What curl wrote where `-o` says, by default into a file of its own. */
  readonly body: Buffer;
}

/** Runs curl to its end. */
export async function curl(...args: string[]): Promise<CurlAnswer> {
  const folder = mkdtempSync(join(temporaryFolder(), 'curl-'));
  const head = join(folder, 'head');
  const output = args.includes('-o') ? (args[args.indexOf('-o') + 1] ?? '') : join(folder, 'body');
  const { code } = await run('curl', ['-sS', '-D', head, '-o', output, ...args]);
  const [statusLine = '', ...lines] = existsSync(head) ? readFileSync(head, 'latin1').trim().split('\r\n') : [];
  return {
    exitCode: code,
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(
      lines.map((line) => line.split(/: ?(.*)/, 2)).map(([n = '', v = '']) => [n.toLowerCase(), v]),
    ),
    body: existsSync(output) ? readFileSync(output) : Buffer.alloc(0),
  };
}

/** A curl whose output is read no further: what does not fit into the buffers on the way stays where it is. */
export interface HeldDownload {
  /** Reads on to the end; resolves with all bytes that came. */
  finish(): Promise<{ readonly exitCode: number | null; readonly body: Buffer }>;
  /** Kills curl; resolves with the bytes that had been read. */
  cut(): Promise<Buffer>;
}

/** Starts a download and holds it once at least so many bytes have been read. */
export async function holdDownload(url: string, bytes: number): Promise<HeldDownload> {
  const child = spawn('curl', ['-sS', '-f', url], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve, reject) => {
    const holdOnceRead = (): void => {
      if (lengthOf(chunks) < bytes) return;
      child.stdout.off('data', holdOnceRead);
      child.stdout.pause();
      resolve();
    };
    child.stdout.on('data', holdOnceRead);
    ended.then((code) => reject(new Error(`curl ended with ${code} before it had read ${bytes} bytes`)));
  });
  return {
    async finish() {
      child.stdout.resume();
      return { exitCode: await ended, body: Buffer.concat(chunks) };
    },
    async cut() {
      const body = Buffer.concat(chunks);
      child.kill('SIGKILL');
      child.stdout.destroy();
      await ended;
      return body;
    },
  };
}

const lengthOf = (chunks: readonly Buffer[]): number => chunks.reduce((sum, { length }) => sum + length, 0);
