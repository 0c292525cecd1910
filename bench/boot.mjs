// How long a home takes to start, as ratios to a bare `node -e 0` measured in the same run. Warm: dependencies installed, the
// package built, the data folder booted once before. Every figure is the median of the rounds; rounds interleave what they compare.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = 7;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'edgepass-bench-'));
const dataDir = join(folder, 'data');
const cli = join(root, 'bin', 'edgepass.js');

const samples = { bare: [], synth: [], ready: [], firstList: [], firstSign: [], secondSign: [] };
try {
  await boot(); // creates the key pair and the ports; not counted
  for (let round = 0; round < ROUNDS; round++) {
    samples.bare.push(await timed(() => exited(spawn(process.execPath, ['-e', '0']))));
    samples.synth.push(await timed(synth));
    const figures = await boot();
    for (const [name, value] of Object.entries(figures)) samples[name].push(value);
  }
  print();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function synth() {
  const env = { ...process.env, CDK_OUTDIR: join(folder, 'synth'), CDK_VALIDATION: 'false' };
  return exited(spawn(process.execPath, [join(root, 'dist', 'cdk', 'app.js')], { env }));
}

/** One `edgepass dev`, from its start to its ready line, then the first request to each function, which starts it. */
async function boot() {
  const started = performance.now();
  const ports = ['--port', '0', '--api-port', '0', '--distribution-port', '0'];
  const child = spawn(process.execPath, [cli, 'dev', '--data-dir', dataDir, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = exited(child);
  await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (/^ready/m.test(text)) resolve();
    });
    ended.then(() => reject(new Error('edgepass dev ended before it was ready')), reject);
  });
  const ready = performance.now() - started;
  const environment = JSON.parse(await output(spawn(process.execPath, [cli, 'env', '--json', '--data-dir', dataDir])));
  const call = async (path, init) => {
    const answer = await fetch(environment.EDGEPASS_API_URL + path, {
      ...init,
      headers: { 'x-api-key': environment.EDGEPASS_API_KEY },
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    await answer.arrayBuffer();
  };
  await fetch(environment.AWS_ENDPOINT_URL).then((answer) => answer.arrayBuffer()); // wakes this process's own fetch
  const sign = () => call('urls', { method: 'POST', body: '{"file":"a.txt"}' });
  const figures = {
    ready,
    firstList: await timed(() => call('s3objects')),
    firstSign: await timed(sign),
    secondSign: await timed(sign),
  };
  child.kill('SIGTERM');
  await ended;
  return figures;
}

async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function exited(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}`)),
    );
  });
}

async function output(child) {
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await exited(child);
  return text;
}

function print() {
  const bare = median(samples.bare);
  const rows = {
    'synth of the stack': samples.synth,
    'edgepass dev, warm, to its ready line (synth included)': samples.ready,
    'first GET s3objects (cold start of the lister)': samples.firstList,
    'first POST urls (cold start of the signer)': samples.firstSign,
    'second POST urls': samples.secondSign,
  };
  console.log(`boot: multiples of a bare "node -e 0" in the same run, median of ${ROUNDS} (least to most)`);
  for (const [name, values] of Object.entries(rows)) {
    const [low, mid, high] = [Math.min(...values), median(values), Math.max(...values)].map((ms) =>
      (ms / bare).toFixed(1),
    );
    console.log(`  ${mid.padStart(6)} x  (${low} to ${high})  ${name}`);
  }
  const seconds = median(samples.ready) / 1000;
  console.log(
    `  the aim, a warm start in under 3 s on 2 cores: ${seconds < 3 ? 'held' : 'missed'} (${((seconds / 3) * 100).toFixed(0)}% of it)`,
  );
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
