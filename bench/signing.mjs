// How fast the signing core is, as ratios to its peers and to `openssl speed`, measured in the same run on the same machine.
// Every figure is the median of the rounds' ratios: a round measures all, one after the other, so that a slow moment slows both sides.
import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { getSignedUrl as awsSign } from '@aws-sdk/cloudfront-signer';
import { getSignedUrl as packageSign } from 'aws-cloudfront-sign';
import { createSigner, createVerificationCache, generateKeyPair, importPublicKey, verifyUrl } from 'edgepass';

const ROUNDS = 9;
const ROUND_MS = 250;
const keyPairId = 'K2JCJMDEHXQW5F';
const origin = 'https://d111111abcdef8.cloudfront.net';
const dateLessThan = new Date(Date.now() + 86_400_000);
const isoEnd = dateLessThan.toISOString();
const now = new Date();
const rsa = generateKeyPair({ keyType: 'RSA' });
const ecdsa = generateKeyPair({ keyType: 'ECDSA' });
const rsaSigner = createSigner({ keyPairId, privateKey: rsa.privateKey });
const ecdsaSigner = createSigner({ keyPairId, privateKey: ecdsa.privateKey });
const folder = rsaSigner.signFolder({ distributionUrl: origin, prefix: 'videos/' }, { dateLessThan });
const keys = Array.from({ length: 1000 }, (_, at) => `videos/2026 autumn/part-${at}.ts`);
const signed = rsaSigner.signUrls(
  Array.from({ length: 100 }, (_, at) => `${origin}/a/${at}.jpg`),
  { dateLessThan },
);
const context = { publicKeys: { [keyPairId]: importPublicKey(rsa.publicKey) }, now };
const cached = { ...context, cache: createVerificationCache({ maxEntries: 1000 }) };
const rsaKeyObject = createPrivateKey(rsa.privateKey);
const batch = Array.from({ length: 256 }, (_, at) => `${origin}/batch/${at}.jpg`);

const ecdsaKeyObject = createPrivateKey(ecdsa.privateKey);
const rsaPublicKey = createPublicKey(rsa.publicKey);
const policy = Buffer.from('x'.repeat(130));
const signature = sign('sha1', policy, rsaKeyObject);

let count = 0;
const next = () => {
  count += 1;
  return count;
};
const nextUrl = () => `${origin}/photos/${next()}.jpg`;
const each = (work) => () => {
  work();
  return 1;
};

const CONTENDERS = {
  rsa: each(() => rsaSigner.signUrl(nextUrl(), { dateLessThan })),
  ecdsa: each(() => ecdsaSigner.signUrl(nextUrl(), { dateLessThan })),
  sdkPem: each(() => awsSign({ url: nextUrl(), keyPairId, privateKey: rsa.privateKey, dateLessThan: isoEnd })),
  sdkKeyObject: each(() => awsSign({ url: nextUrl(), keyPairId, privateKey: rsaKeyObject, dateLessThan: isoEnd })),
  package: each(() =>
    packageSign(nextUrl(), {
      keypairId: keyPairId,
      privateKeyString: rsa.privateKey,
      expireTime: dateLessThan.getTime(),
    }),
  ),
  nodeRsa: each(() => sign('sha1', policy, rsaKeyObject)),
  nodeEcdsa: each(() => sign('sha1', policy, ecdsaKeyObject)),
  nodeVerify: each(() => verify('sha1', policy, rsaPublicKey, signature)),
  verify: each(() => verifyUrl(signed[next() % signed.length], context)),
  verifyCached: each(() => verifyUrl(signed[next() % signed.length], cached)),
  folder: () => folder.signUrls(keys).length,
  batchSync: () => rsaSigner.signUrls(batch, { dateLessThan }).length,
  batchAsync: async () => (await rsaSigner.signUrlsAsync(batch, { dateLessThan })).length,
};

/** Operations a second. */
async function rate(work) {
  let done = 0;
  const started = performance.now();
  while (performance.now() - started < ROUND_MS) done += await work();
  return (done / (performance.now() - started)) * 1000;
}

/** One core of OpenSSL itself: nothing that signs with it can be faster. */
function opensslSpeed() {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-bench-'));
  try {
    const text = execFileSync('openssl', ['speed', '-elapsed', '-mr', '-seconds', '1', 'rsa2048', 'ecdsap256'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString();
    // Machine-readable lines: +F2:NUMBER:BITS:SECONDS_PER_SIGN:SECONDS_PER_VERIFY for RSA, +F4 for ECDSA.
    const line = (mark) =>
      text
        .split('\n')
        .find((candidate) => candidate.startsWith(mark))
        ?.split(':') ?? [];
    const [, , , rsaSign, rsaVerify] = line('+F2').map(Number);
    const [, , , ecdsaSign] = line('+F4').map(Number);
    return { rsaSign: perSecond(rsaSign), rsaVerify: perSecond(rsaVerify), ecdsaSign: perSecond(ecdsaSign) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Versions of `openssl speed -mr` print seconds an operation, or operations a second. */
const perSecond = (value) => (value < 1 ? 1 / value : value);

function print() {
  const rows = [
    ['RSA-2048, to openssl', ratio('rsa', 'rsaSign'), 0.95],
    ['RSA-2048, to node:crypto signing a digest', ratio('rsa', 'nodeRsa')],
    ['RSA-2048, to @aws-sdk/cloudfront-signer as documented (PEM)', ratio('rsa', 'sdkPem'), 3.2],
    ['RSA-2048, to @aws-sdk/cloudfront-signer with a KeyObject', ratio('rsa', 'sdkKeyObject')],
    ['RSA-2048, to aws-cloudfront-sign', ratio('rsa', 'package')],
    ['ECDSA P-256, to openssl', ratio('ecdsa', 'ecdsaSign'), 0.75],
    ['ECDSA P-256, to node:crypto signing a digest', ratio('ecdsa', 'nodeEcdsa')],
    ['ECDSA P-256, to @aws-sdk/cloudfront-signer with RSA as documented', ratio('ecdsa', 'sdkPem'), 35],
    [`signUrlsAsync on ${availableParallelism()} cores, to signUrls`, ratio('batchAsync', 'batchSync'), 1.8],
    ['verifying a whole URL, to openssl verifying a digest', ratio('verify', 'rsaVerify'), 0.7],
    ['verifying a whole URL, to node:crypto verifying a digest', ratio('verify', 'nodeVerify')],
    ['verifying again from the cache, to verifying', ratio('verifyCached', 'verify')],
    ['URLs of one signed folder, to signing each', ratio('folder', 'rsa')],
  ];
  const { version } = JSON.parse(
    readFileSync(new URL('../node_modules/@aws-sdk/cloudfront-signer/package.json', import.meta.url), 'utf8'),
  );
  console.log(`signing: ratios of operations a second in the same run, median of ${ROUNDS} rounds; SDK ${version}`);
  for (const [name, ratio, aim] of rows)
    console.log(`  ${ratio.toFixed(2).padStart(9)} x  ${name}${judge(ratio, aim)}`);
  for (const [name, value, aim] of [
    ['repeated verification from the bounded cache, a second', median('verifyCached'), 500_000],
    ['encoded URLs of one signed folder, a second', median('folder'), 1_500_000],
  ])
    console.log(`  ${((value / aim) * 100).toFixed(0).padStart(9)} %  of the aim: ${name}`);
}

const ratio = (one, other) => middle(rounds.map((figures) => figures[one] / figures[other]));
const median = (name) => middle(rounds.map((figures) => figures[name]));
const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const judge = (ratio, aim) =>
  aim === undefined
    ? ''
    : `; the aim, ${aim}: ${ratio >= aim ? 'held' : `missed (${((ratio / aim) * 100).toFixed(0)}% of it)`}`;

const rounds = [];
for (let round = 0; round < ROUNDS; round++) {
  const figures = opensslSpeed();
  for (const [name, work] of Object.entries(CONTENDERS)) figures[name] = await rate(work);
  rounds.push(figures);
}
print();
