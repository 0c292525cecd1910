// The local S3 endpoint as ratios to moto_server, where Python has it, and to a plain copy of files, in the same run; a listing's
// first page to its last of a million keys; and how much memory stays resident. A warm-up round is not counted; figures are medians.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { open } from 'lmdb';

const KEYS = 1_000_000;
const STREAMED = 5 * 1024 ** 3;
const SIZES = { '1 KiB': 1024, '1 MiB': 1024 ** 2, '100 MiB': 100 * 1024 ** 2 };
const REPEATS = { '1 KiB': 60, '1 MiB': 20, '100 MiB': 3 };
const Bucket = 'bench';
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'edgepass-bench-'));
const children = [];
async function main() {
  const local = await serve('local', process.execPath, [
    join(root, 'test', 's3', 'serve-s3.mjs'),
    join(folder, 'local'),
    JSON.stringify(credentials),
  ]);
  const moto = hasMoto() ? await serve('moto', 'python3', ['-m', 'moto.server', '-p', '18555']) : undefined;
  const rows = [];
  for (const [name, size] of Object.entries(SIZES)) {
    const body = randomBytes(size);
    const figures = await compare({ local, moto }, body, REPEATS[name]);
    for (const verb of ['put', 'get']) {
      if (moto)
        rows.push([`${verb.toUpperCase()} ${name}, time to moto_server's`, figures.local[verb] / figures.moto[verb]]);
      rows.push([
        `${verb.toUpperCase()} ${name}, time to a plain file ${verb === 'put' ? 'copy with fsync' : 'read'}`,
        figures.local[verb] / figures.files[verb],
      ]);
    }
  }
  const streamed = await stream(local);
  await stop(local);
  const { first, last, memory } = await listings();
  rows.push(['listing, the last page of a million keys to the first', last / first]);
  console.log('s3: ratios in the same run; below 1 is faster');
  for (const [name, ratio] of rows) console.log(`  ${ratio.toFixed(2).padStart(8)} x  ${name}`);
  console.log(`  the aim, a last page at most 1.5 times the first: ${last / first <= 1.5 ? 'held' : 'missed'}`);
  console.log(`  most resident memory of 300 MiB, streaming 5 GiB: ${percent(streamed)}; listing: ${percent(memory)}`);
  if (!moto) console.log('  (python3 -m moto.server is not there to be compared with)');
}

const percent = (bytes) => `${((bytes / (300 * 1024 ** 2)) * 100).toFixed(0)}%`;
const hasMoto = () => spawnSync('python3', ['-c', 'import moto.server']).status === 0;

async function serve(name, command, args) {
  const child = spawn(command, args, { env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const url = await new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk) => {
      text += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (found) resolve(found[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('close', (code) => reject(new Error(`${name} ended with ${code}: ${text}`)));
  });
  const client = new S3Client({ endpoint: url, region: 'us-east-1', credentials, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket })).catch(() => undefined);
  return { child, client };
}

async function stop({ child, client }) {
  client.destroy();
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Median milliseconds of a PUT and a GET for each; what is compared takes turns. */
async function compare(servers, body, repeats) {
  const present = Object.entries(servers).filter(([, server]) => server);
  const samples = Object.fromEntries(
    [...present.map(([name]) => name), 'files'].map((name) => [name, { put: [], get: [] }]),
  );
  const source = join(folder, 'source');
  writeFileSync(source, body);
  for (let at = -1; at < repeats; at++) {
    for (const [name, { client }] of present) {
      const put = await timed(() => client.send(new PutObjectCommand({ Bucket, Key: `k${at}`, Body: body })));
      const get = await timed(async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: `k${at}` }));
        await Body.transformToByteArray();
      });
      if (at >= 0) keep(samples[name], put, get);
    }
    const target = join(folder, 'target');
    const put = await timed(() => {
      copyFileSync(source, target);
      const file = openSync(target, 'r+');
      fsyncSync(file);
      closeSync(file);
    });
    const get = await timed(() => readFileSync(target));
    if (at >= 0) keep(samples.files, put, get);
  }
  return Object.fromEntries(
    Object.entries(samples).map(([name, { put, get }]) => [name, { put: median(put), get: median(get) }]),
  );
}

function keep(samples, put, get) {
  samples.put.push(put);
  samples.get.push(get);
}

/** Uploads and reads back 5 GiB; returns the most memory that was resident meanwhile. */
async function stream({ child, client }) {
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, residentBytes(child.pid));
  }, 100);
  const piece = randomBytes(1024 ** 2);
  const pieces = function* () {
    for (let sent = 0; sent < STREAMED; sent += piece.length) yield piece;
  };
  await client.send(
    new PutObjectCommand({ Bucket, Key: 'huge', Body: Readable.from(pieces()), ContentLength: STREAMED }),
  );
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'huge' }));
  let read = 0;
  for await (const chunk of Body) read += chunk.length;
  if (read !== STREAMED) throw new Error(`${read} of ${STREAMED} bytes came back`);
  clearInterval(watch);
  return most;
}

/** A million keys written into the index as the store keeps them, then pages through the endpoint. */
async function listings() {
  const dir = join(folder, 'listing');
  let server = await serve('local', process.execPath, [
    join(root, 'test', 's3', 'serve-s3.mjs'),
    dir,
    JSON.stringify(credentials),
  ]);
  await server.client.send(new PutObjectCommand({ Bucket, Key: 'a/template', Body: 'x' }));
  await stop(server);
  const index = open({ path: join(dir, 'index'), maxDbs: 8, mapSize: 2 ** 36 });
  const objects = index.openDB({ name: 'objects', keyEncoding: 'binary' });
  const record = objects.get(Buffer.from(`${Bucket}\0a/template`));
  const keyOf = (at) => `b/${String(at).padStart(9, '0')}`;
  for (let at = 0; at < KEYS; at++) objects.put(Buffer.from(`${Bucket}\0${keyOf(at)}`), record);
  await objects.flushed;
  await index.close();
  server = await serve('local', process.execPath, [
    join(root, 'test', 's3', 'serve-s3.mjs'),
    dir,
    JSON.stringify(credentials),
  ]);
  const page = (StartAfter) => server.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'b/', StartAfter }));
  const [first, last] = [[], []];
  let memory = 0;
  for (let at = -5; at < 60; at++) {
    const times = [await timed(() => page(undefined)), await timed(() => page(keyOf(KEYS - 1001)))];
    if (at < 0) continue;
    first.push(times[0]);
    last.push(times[1]);
    memory = Math.max(memory, residentBytes(server.child.pid));
  }
  await stop(server);
  return { first: median(first), last: median(last), memory };
}

/** Private memory: pages of the mapped index are the kernel's to give and take. */
function residentBytes(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

try {
  await main();
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
