// How fast the signing core is, as ratios to its peers and to `openssl speed`, measured in the same run on the same machine.
// Every figure is the best of the rounds: what disturbs a measurement only slows it down. Rounds interleave what they compare.
import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { getSignedUrl as awsSign } from '@aws-sdk/cloudfront-signer';
import { getSignedUrl as packageSign } from 'aws-cloudfront-sign';
import { createSigner, createVerificationCache, generateKeyPair, importPublicKey, verifyUrl } from 'edgepass';

const ROUNDS = 5;
const ROUND_MS = 400;
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

let count = 0;
const nextUrl = () => `${origin}/photos/${(count += 1)}.jpg`;
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
  verify: each(() => verifyUrl(signed[(count += 1) % signed.length], context)),
  verifyCached: each(() => verifyUrl(signed[(count += 1) % signed.length], cached)),
  folder: () => folder.signUrls(keys).length,
  batchSync: () => rsaSigner.signUrls(batch, { dateLessThan }).length,
  batchAsync: async () => (await rsaSigner.signUrlsAsync(batch, { dateLessThan })).length,
};

const rates = Object.fromEntries(Object.keys(CONTENDERS).map((name) => [name, 0]));
const limits = { rsaSign: 0, rsaVerify: 0, ecdsaSign: 0 };
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, work] of Object.entries(CONTENDERS)) rates[name] = Math.max(rates[name], await rate(work));
  for (const [name, value] of Object.entries(opensslSpeed())) limits[name] = Math.max(limits[name], value);
}
print();

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
    const text = execFileSync('openssl', ['speed', '-mr', '-seconds', '1', 'rsa2048', 'ecdsap256'], {
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
    ['RSA-2048, to openssl', rates.rsa / limits.rsaSign, 0.95],
    ['RSA-2048, to @aws-sdk/cloudfront-signer as documented (PEM)', rates.rsa / rates.sdkPem, 3.2],
    ['RSA-2048, to @aws-sdk/cloudfront-signer with a KeyObject', rates.rsa / rates.sdkKeyObject],
    ['RSA-2048, to aws-cloudfront-sign', rates.rsa / rates.package],
    ['ECDSA P-256, to openssl', rates.ecdsa / limits.ecdsaSign, 0.75],
    ['ECDSA P-256, to @aws-sdk/cloudfront-signer with RSA as documented', rates.ecdsa / rates.sdkPem, 35],
    [`signUrlsAsync on ${availableParallelism()} cores, to signUrls`, rates.batchAsync / rates.batchSync, 1.8],
    ['verifying a whole URL, to openssl verifying a digest', rates.verify / limits.rsaVerify, 0.7],
    ['verifying again from the cache, to verifying', rates.verifyCached / rates.verify],
    ['URLs of one signed folder, to signing each', rates.folder / rates.rsa],
  ];
  const { version } = JSON.parse(
    readFileSync(new URL('../node_modules/@aws-sdk/cloudfront-signer/package.json', import.meta.url), 'utf8'),
  );
  console.log(`signing: ratios of operations a second in the same run, best of ${ROUNDS}; SDK ${version}`);
  for (const [name, ratio, aim] of rows)
    console.log(`  ${ratio.toFixed(2).padStart(9)} x  ${name}${judge(ratio, aim)}`);
  for (const [name, value, aim] of [
    ['repeated verification from the bounded cache, a second', rates.verifyCached, 500_000],
    ['encoded URLs of one signed folder, a second', rates.folder, 1_500_000],
  ])
    console.log(`  ${((value / aim) * 100).toFixed(0).padStart(9)} %  of the aim: ${name}`);
}

const judge = (ratio, aim) =>
  aim === undefined
    ? ''
    : `; the aim, ${aim}: ${ratio >= aim ? 'held' : `missed (${((ratio / aim) * 100).toFixed(0)}% of it)`}`;
