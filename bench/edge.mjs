// How fast the local distribution serves signed URLs, as ratios to nginx's secure_link, @fastify/static and moto_server in the same run,
// each on as many cores; what a first verification costs beside node:crypto's own; whether a million objects cost more than ten; memory.
// A warm-up round is not counted; figures are medians of the rounds' ratios. `--quick`: shorter rounds; `--json`: one JSON object;
// `--workers N`.
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startFastifyStatic } from './edge/fastify-static.mjs';
import { createLoad } from './edge/load.mjs';
import { root, startLocal } from './edge/local.mjs';
import { manyObjects } from './edge/many-objects.mjs';
import { hasMoto, startMoto } from './edge/moto.mjs';
import { hasNginx, startNginx } from './edge/nginx.mjs';
import { endAll, isInstalled, residentBytes, splitCores, watchOtherWork } from './edge/processes.mjs';
import { firstVerifications } from './edge/verification.mjs';
import { warmHits } from './edge/warm-hits.mjs';

const SIZES = { '1 KiB': 1024, '64 KiB': 64 * 1024, '1 MiB': 1024 ** 2 };
const LIFETIME = 86_400;
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    workers: { type: 'string', default: '1' },
  },
});
const workers = Number(options.workers);
const obstacle = !isInstalled('wrk')
  ? 'the load comes from wrk, which is not there: apt-get install wrk'
  : !(Number.isInteger(workers) && workers > 0) && `--workers is ${options.workers}; give a whole number from 1`;
if (obstacle) {
  console.error(obstacle);
  process.exit(1);
}
const { rounds, seconds, objects } = options.quick
  ? { rounds: 3, seconds: 1, objects: 100_000 }
  : { rounds: 5, seconds: 3, objects: 1_000_000 };
const cores = splitCores(workers);
const folder = mkdtempSync(join(tmpdir(), 'edgepass-bench-'));
const missing = [];
const otherWorkSince = watchOtherWork();

async function main() {
  const files = writeFiles();
  const [small] = Object.values(files);
  const load = createLoad({ cores: cores.load, threads: workers, folder });
  const local = await startLocal(join(folder, 'local'), { workers, cores: cores.server });
  await local.upload(Object.fromEntries(Object.values(files).map(({ file, body }) => [file, body])));
  for (const one of Object.values(files))
    one.signedUrl = local.signer.signUrl(`${local.distributionUrl}/${one.file}`, { expiresIn: LIFETIME });
  const peers = await startPeers(small);
  await checkAnswers(local, peers, files);

  const common = { load, rounds, seconds };
  const residentAtFirst = residentBytes(local);
  const rows = await warmHits({ ...common, local: { ...local, residentAtFirst }, ...peers }, files);
  rows.push(...(await firstVerifications({ ...common, local }, 'RSA', small.file)));
  for (const server of [local, ...Object.values(peers)]) await server?.stop();

  const ecdsa = await startEcdsa();
  await ecdsa.upload({ [small.file]: small.body });
  rows.push(...(await firstVerifications({ ...common, local: ecdsa }, 'ECDSA', small.file)));
  await ecdsa.stop();
  rows.push(...(await manyObjects(common, { folder, objects, workers, cores: cores.server })));
  print(rows);
}

function writeFiles() {
  mkdirSync(join(folder, 'files'));
  return Object.fromEntries(
    Object.entries(SIZES).map(([size, bytes]) => {
      const [file, body] = [`${bytes}.bin`, randomBytes(bytes)];
      writeFileSync(join(folder, 'files', file), body);
      return [size, { file, body }];
    }),
  );
}

async function startPeers({ file, body }) {
  const where = { folder, files: join(folder, 'files'), workers, cores: cores.server };
  const isThere = {
    nginx: hasNginx || lacks('nginx', 'apt-get install nginx-light'),
    moto: hasMoto() || lacks('moto_server', "pip install 'moto[server]'"),
  };
  return {
    nginx: isThere.nginx ? await startNginx(where) : undefined,
    fastify: await startFastifyStatic(where),
    moto: isThere.moto ? await startMoto({ file, body, cores: cores.server }) : undefined,
  };
}

function lacks(name, install) {
  missing.push(`${name} is not there to be compared with: ${install}`);
  return false;
}

/** Before anything is timed: the same bytes from all, and no bytes without a signature from those that check one. */
async function checkAnswers(local, { nginx, fastify, moto }, files) {
  const same = async (url, body) => {
    const answer = await fetch(url);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== 200 || !bytes.equals(body))
      throw new Error(`${new URL(url).origin} answers ${answer.status}`);
  };
  const refused = async (url) => {
    const { status } = await fetch(url);
    if (status !== 403) throw new Error(`${new URL(url).origin} answers ${status} without a signature`);
  };
  for (const { file, body, signedUrl } of Object.values(files)) {
    await same(signedUrl, body);
    await refused(`${local.distributionUrl}/${file}`);
    await same(fastify.urlOf(file), body);
    if (!nginx) continue;
    await same(nginx.urlOf(file), body);
    await refused(nginx.unsignedUrlOf(file));
  }
  if (moto) await same(moto.url, Object.values(files)[0].body);
}

/** The stack's key pair is RSA: here its template asks for ECDSA. */
async function startEcdsa() {
  const app = join(folder, 'ecdsa-assembly');
  cpSync(join(root, 'dist', 'assembly'), app, { recursive: true });
  const path = join(app, 'Edgepass.template.json');
  const template = readFileSync(path, 'utf8').replaceAll(/"(KEY_TYPE|KeyType)": ?"RSA"/g, '"$1":"ECDSA"');
  writeFileSync(path, template);
  return startLocal(join(folder, 'ecdsa'), { workers, cores: cores.server, app });
}

function print(rows) {
  const machine = { cores: availableParallelism(), serverCores: cores.server, loadCores: cores.load };
  const otherWork = otherWorkSince();
  if (options.json) return console.log(JSON.stringify({ machine, otherWork, workers, rounds, seconds, rows, missing }));
  console.log(
    `edge: ratios in the same run, median of ${rounds} rounds (least to most), and by the servers' computing time alone;\n` +
      `  workers of each: ${workers}, of ${machine.cores} cores${cores.server ? '' : ', not kept apart from the load'}`,
  );
  for (const line of rows.map(lineOf)) console.log(`  ${line}`);
  console.log(
    `  other work took ${(otherWork * 100).toFixed(0)}% of the machine meanwhile; the second figure bears it best`,
  );
  for (const line of missing) console.log(`  (${line})`);
}

function lineOf({ name, ratio, low, high, byCpu, ...judged }) {
  const of = (value) => (value === undefined ? '' : value.toFixed(2));
  const range = low === undefined ? '' : `(${of(low)} to ${of(high)})`;
  return `${of(ratio).padStart(7)} x  ${range.padEnd(16)} ${of(byCpu).padStart(7)}   ${name}${verdict(judged)}`;
}

function verdict({ aim, isMet, isMetByCpu }) {
  if (!aim) return '';
  const word = (isTrue) => (isTrue ? 'held' : 'missed');
  const bound = aim.atLeast === undefined ? `at most ${aim.atMost}` : `at least ${aim.atLeast}`;
  const otherwise = isMet === isMetByCpu ? '' : `, by computing time ${word(isMetByCpu)}`;
  return `; the aim, ${bound}: ${word(isMet)}${otherwise}`;
}

try {
  await main();
} finally {
  endAll();
  rmSync(folder, { recursive: true, force: true });
}
