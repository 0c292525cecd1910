// The load: wrk, on cores of its own. An answer that is not a 2xx, or none at all, is no speed: it ends the benchmark.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpuSeconds, spawnOn } from './processes.mjs';

const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));
const CONNECTIONS = 32;
/** Connections that the end of the load cuts off: wrk counts some of them as broken. */
const TOLERATED = 2 * CONNECTIONS;

/** A speed: what was answered by the clock, and by the server's own computing time, which other work on the machine does not change. */
export function createLoad({ cores, threads, folder }) {
  let files = 0;

  async function wrk({ pid }, url, seconds, { headers = [], script = [] }) {
    const args = ['-t', threads, '-c', CONNECTIONS, '-d', seconds, ...headers.flatMap((header) => ['-H', header])];
    const computedBefore = cpuSeconds(pid);
    const child = spawnOn(cores, 'wrk', [...args.map(String), '-s', SCRIPT, url, '--', ...script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    const computed = cpuSeconds(pid) - computedBefore;
    const report = /^\{.*\}$/m.exec(text);
    if (code !== 0 || !report) throw new Error(`wrk ended with ${code}`);
    const { requests, seconds: taken, refused, broken } = JSON.parse(report[0]);
    if (requests === 0 || refused > 0 || broken > TOLERATED)
      throw new Error(`${new URL(url).origin}: ${refused} refused and ${broken} broken of ${requests} requests`);
    return { rate: requests / taken, perCpuSecond: requests / computed };
  }

  return {
    /** One URL, over and over. */
    ask: (server, url, seconds, headers = []) => wrk(server, url, seconds, { headers }),
    /** Many targets of one server, round and round; or each once, then it ends, at the latest after so many seconds. */
    walk(server, targets, seconds, mode) {
      const file = join(folder, `targets-${files++}`);
      writeFileSync(file, `${targets.join('\n')}\n`);
      return wrk(server, server.distributionUrl, seconds, { script: [file, String(threads), mode] });
    },
  };
}
