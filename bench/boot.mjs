// How long the local runtime takes to start, as ratios to a bare `node -e 0` measured in the same run. Warm: dependencies installed, the
// package built, the data folder booted once before. Every figure is the median of the rounds; rounds interleave what they compare.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = 7;
/** A call is warm when it has been made this often. */
const WARM_CALLS = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'edgepass-bench-'));
const dataDir = join(folder, 'data');
const cli = join(root, 'bin', 'edgepass.js');
const ANY_PORTS = ['--port', '0', '--api-port', '0', '--distribution-port', '0'];

/** Boots the folder's local runtime in this process, as a test suite would, and says when it is ready. */
const START_LOCAL = `require(${JSON.stringify(join(root, 'dist', 'entries', 'local.js'))})
  .startLocal({ dataDir: ${JSON.stringify(dataDir)}, assembly: ${JSON.stringify(join(root, 'dist', 'assembly'))} })
  .then((local) => { process.once('SIGTERM', () => local.close()); console.log('ready'); })`;

const ENV = 'env, of a runtime that is there';
/** What is compared with a bare Node.js: a row, the most that it may take, and what takes the time. */
const STARTS = {
  '--help': [2, () => ended([cli, '--help'])],
  [ENV]: [2, () => ended([cli, 'env', '--json', '--data-dir', dataDir])],
  'startLocal, until it is ready': [4, () => untilReady(['-e', START_LOCAL])],
  'dev, until its ready line': [6, () => untilReady([cli, 'dev', '--data-dir', dataDir], firstCalls)],
};
const LIST = 'the first GET s3objects after ready, to a warm one';
const SIGN = 'the first POST urls after ready, to a warm one';
const CALLS_AIM = 1.5;

const bare = [];
const starts = Object.fromEntries(Object.keys(STARTS).map((row) => [row, []]));
const calls = { [LIST]: { first: [], warm: [] }, [SIGN]: { first: [], warm: [] } };
try {
  // The first boot makes the keys and finds the ports; it is not counted.
  await untilReady([cli, 'dev', '--data-dir', dataDir, ...ANY_PORTS]);
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await ended(['-e', '0']));
    for (const [row, [, start]] of Object.entries(STARTS)) if (row !== ENV) starts[row].push(await start());
  }
  print();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The milliseconds that a Node.js process takes to its end. */
async function ended(args) {
  const started = performance.now();
  await exit(spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }));
  return performance.now() - started;
}

/** The milliseconds until a Node.js process prints `ready`; then `work` is done, and it is asked to end. */
async function untilReady(args, work = async () => {}) {
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = exit(child);
  await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (/^ready/m.test(text)) resolve();
    });
    gone.then(() => reject(new Error('it ended before it was ready')), reject);
  });
  const time = performance.now() - started;
  await work();
  child.kill('SIGTERM');
  await gone;
  return time;
}

/** What somebody does who has seen the ready line: asks for the environment, lists, signs. */
async function firstCalls() {
  await STARTS[ENV][1]();
  const { environment } = JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8'));
  const { EDGEPASS_API_URL: api, EDGEPASS_API_KEY: key, EDGEPASS_DISTRIBUTION_URL: distribution } = environment;
  // Wakes this process's own HTTP.
  await timed(`${distribution}/_app/`, {});
  const list = () => timed(`${api}s3objects`, { headers: { 'x-api-key': key } });
  const sign = () => timed(`${api}urls`, { method: 'POST', headers: { 'x-api-key': key } }, '{"file":"a.txt"}');
  for (const [row, call] of [
    [LIST, list],
    [SIGN, sign],
  ]) {
    calls[row].first.push(await call());
    const warm = [];
    for (let count = 0; count < WARM_CALLS; count++) warm.push(await call());
    calls[row].warm.push(median(warm));
  }
  starts[ENV].push(await STARTS[ENV][1]());
}

/** The milliseconds that a request takes, on a connection of its own. */
async function timed(url, options, body) {
  const started = performance.now();
  await new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, ...options }, (answer) => {
      answer.resume();
      answer.on('end', () => (answer.statusCode < 300 ? resolve() : reject(new Error(`${url}: ${answer.statusCode}`))));
    });
    sent.on('error', reject);
    sent.end(body);
  });
  return performance.now() - started;
}

function exit(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}`)),
    );
  });
}

function print() {
  const node = median(bare);
  console.log(`boot: multiples of a bare "node -e 0" in the same run, median of ${ROUNDS} (least to most)`);
  for (const [row, [aim]] of Object.entries(STARTS)) {
    line(
      row,
      starts[row].map((time) => time / node),
      aim,
    );
  }
  for (const [row, { first, warm }] of Object.entries(calls)) {
    const usual = median(warm);
    line(
      row,
      first.map((time) => time / usual),
      CALLS_AIM,
    );
  }
}

function line(row, ratios, aim) {
  const [low, mid, high] = [Math.min(...ratios), median(ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(1));
  const verdict = median(ratios) <= aim ? 'held' : 'missed';
  console.log(`  ${mid.padStart(6)} x  (${low} to ${high})  ${row}; the aim, ${aim}: ${verdict}`);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
