// The API's two functions as ratios to the tutorial's own (bench/api/seed.cjs, AWS SDK v2), in the same run, against the same local
// runtime: cold start above bare Node.js, a warm signature, a warm list of 1,000, bundle sizes, memory. Ours validate, audit and count; the
// seed's do not. Rounds alternate; the first is not counted; figures are medians.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { generateKeyPair } from 'edgepass';
import { output, startServer } from './edge/processes.mjs';

const SDK = 'aws-sdk@2.1692.0';
const KEY_PAIR_ID = 'K2JCJMDEHXQW5F';
const OBJECTS = 1_000;
const ROUNDS = { cold: 15, warm: 5 };
const CALLS = { sign: 1_000, list: 100 };
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, 'bin', 'edgepass.js');
const invoke = join(root, 'bench', 'api', 'invoke.cjs');
const seed = join(root, 'bench', 'api', 'seed.cjs');
const bundleOf = (name) => join(root, 'dist', 'bundles', name, 'index.js');
const folder = mkdtempSync(join(tmpdir(), 'edgepass-bench-api-'));
const isJson = process.argv.includes('--json');

const context = { requestId: 'bench', identity: { apiKeyId: 'bench', sourceIp: '127.0.0.1' } };
const LIST = { httpMethod: 'GET', resource: '/s3objects', headers: {}, requestContext: context };
const SIGN = { httpMethod: 'POST', resource: '/urls', headers: {}, body: '{"file":"a.txt"}', requestContext: context };

async function main() {
  console.error(`installing ${SDK} into a temporary folder`);
  check(
    spawnSync('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', SDK], {
      encoding: 'utf8',
    }),
  );
  const dataDir = join(folder, 'data');
  const ports = ['--port', '0', '--api-port', '0', '--distribution-port', '0', '--edge-workers', '0'];
  const local = await startServer('edgepass dev', process.execPath, [cli, 'dev', '--data-dir', dataDir, ...ports], {
    ready: /^ready/m,
  });
  try {
    const environment = await prepare(
      JSON.parse(await output(process.execPath, [cli, 'env', '--json', '--data-dir', dataDir])),
    );
    report(measure(environment));
  } finally {
    await local.stop();
  }
}

/** A thousand objects and a key of each kind. @returns what the handlers read of their environment. */
async function prepare(variables) {
  const client = {
    region: variables.AWS_REGION,
    endpoint: variables.AWS_ENDPOINT_URL,
    credentials: { accessKeyId: variables.AWS_ACCESS_KEY_ID, secretAccessKey: variables.AWS_SECRET_ACCESS_KEY },
  };
  const [s3, ssm] = [new S3Client(client), new SSMClient(client)];
  for (let at = 0; at < OBJECTS; at += 20) {
    const keys = Array.from({ length: 20 }, (_none, index) => `folder/${String(at + index).padStart(5, '0')}.txt`);
    await Promise.all(
      keys.map((Key) => s3.send(new PutObjectCommand({ Bucket: variables.EDGEPASS_BUCKET, Key, Body: 'x' }))),
    );
  }
  for (const keyType of ['RSA', 'ECDSA']) {
    const { privateKey } = generateKeyPair({ keyType });
    // As the stack keeps it; the seed passes over what is before the PEM.
    const Value = `Key-Pair-Id: ${KEY_PAIR_ID}\nSigns-From: ${new Date(0).toISOString()}\n${privateKey}`;
    await ssm.send(new PutParameterCommand({ Name: `/bench/${keyType}`, Type: 'SecureString', Value }));
  }
  s3.destroy();
  ssm.destroy();
  return {
    ...variables,
    PATH: process.env.PATH,
    SEED_MODULES: join(folder, 'node_modules'),
    BUCKET_NAME: variables.EDGEPASS_BUCKET,
    DISTRIBUTION_DOMAIN_NAME: 'd111111abcdef8.cloudfront.net',
    KEY_PAIR_ID,
    MIN_LIFETIME_SECONDS: '1',
    LINK_LIFETIME_SECONDS: '43200',
    MAX_LIFETIME_SECONDS: '604800',
    SIGNING_KEY_PARAMETER: '/bench/RSA',
    AUTH: 'apiKey',
    SCOPES: 'list sign',
    AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1',
  };
}

function measure(environment) {
  const ecdsa = { ...environment, SIGNING_KEY_PARAMETER: '/bench/ECDSA' };
  const ours = { sign: [bundleOf('sign-url'), 'handler', SIGN], list: [bundleOf('list-objects'), 'handler', LIST] };
  const seeds = { sign: [seed, 'sign', SIGN], list: [seed, 'list', LIST] };
  const bare = () => timed([process.execPath, '-e', '0'], environment);
  const cold = (target) => () => timed(command(target, 0), environment);
  const coldly = alternate(
    {
      bare,
      oursSign: cold(ours.sign),
      seedSign: cold(seeds.sign),
      oursList: cold(ours.list),
      seedList: cold(seeds.list),
    },
    ROUNDS.cold,
  );
  const warm = (target, count, variables) => () => run(command(target, count), variables);
  const warmly = alternate(
    {
      rsa: warm(ours.sign, CALLS.sign, environment),
      ecdsa: warm(ours.sign, CALLS.sign, ecdsa),
      seedSign: warm(seeds.sign, CALLS.sign, environment),
      list: warm(ours.list, CALLS.list, environment),
      seedList: warm(seeds.list, CALLS.list, environment),
    },
    ROUNDS.warm,
  );
  const each = (name) => median(warmly[name].map((one) => one.each));
  const memory = (name) => median(warmly[name].map((one) => one.memory));
  const above = (name) => median(coldly[name]) - median(coldly.bare);
  const sizes = [
    'sign-url',
    'list-objects',
    'upload',
    'delete-object',
    'explain',
    'describe',
    'authorizer',
    'signing-keys',
  ].map((name) => statSync(bundleOf(name)).size / 1024);
  return [
    row("cold start above bare Node.js, signer, to the seed's", above('oursSign') / above('seedSign'), 'at most', 0.2),
    row("cold start above bare Node.js, lister, to the seed's", above('oursList') / above('seedList'), 'at most', 0.2),
    row('warm signature, RSA, the seed’s time to ours', each('seedSign') / each('rsa'), 'at least', 7),
    row('warm signature, P-256, the seed’s time to ours', each('seedSign') / each('ecdsa'), 'at least', 40),
    row('warm list of 1,000, the seed’s time to ours', each('seedList') / each('list'), 'at least', 6),
    row('the largest bundle, in KB', Math.max(...sizes), 'at most', 60),
    row("memory after that, signer, to the seed's", memory('rsa') / memory('seedSign')),
    row("memory after that, lister, to the seed's", memory('list') / memory('seedList')),
  ];
}

const command = ([file, name, event], count) => [
  process.execPath,
  invoke,
  file,
  name,
  JSON.stringify(event),
  String(count),
];

function timed(args, env) {
  const started = process.hrtime.bigint();
  check(spawnSync(args[0], args.slice(1), { env, encoding: 'utf8' }));
  return Number(process.hrtime.bigint() - started) / 1e6;
}

function run(args, env) {
  const { stderr } = check(spawnSync(args[0], args.slice(1), { env, encoding: 'utf8', maxBuffer: 2 ** 28 }));
  return JSON.parse(stderr.trim().split('\n').at(-1));
}

function check(result) {
  if (result.status !== 0) throw new Error(`${result.stderr}${result.stdout}`.slice(-2_000));
  return result;
}

/** Every candidate once a round, so that a slow moment slows them all; the first round warms up. */
function alternate(candidates, rounds) {
  const figures = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const [name, take] of Object.entries(candidates)) {
      const figure = take();
      if (round > 0) figures[name].push(figure);
    }
  return figures;
}

const median = (figures) => figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)];

const row = (name, figure, bound, aim) => ({
  name,
  figure,
  ...(bound && { aim: `${bound} ${aim}`, isHeld: bound === 'at most' ? figure <= aim : figure >= aim }),
});

function report(rows) {
  if (isJson) return console.log(JSON.stringify(rows, null, 2));
  console.log(`api: medians of ${ROUNDS.cold} cold starts and ${ROUNDS.warm} warm rounds`);
  for (const { name, figure, aim, isHeld } of rows) {
    const judged = aim === undefined ? '' : `; the aim, ${aim}: ${isHeld ? 'held' : 'missed'}`;
    console.log(`${figure.toFixed(2).padStart(9)}   ${name}${judged}`);
  }
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
