// Signed URLs that are asked for once, so that no cache helps: each costs a verification, beside node:crypto's own of as many bytes.
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { generateKeyPair } from 'edgepass';
import { row, takeTurns } from './rounds.mjs';

/** Of each round. */
const URLS = 15_000;
const BARE_MS = 500;
const AIM_PER_SECOND = 20_000;
const LIFETIME = 86_400;

/** Distinct queries, which the cache policy leaves out of the cache key: one object, warm. */
export async function firstVerifications({ load, rounds, seconds, local }, keyType, file) {
  const targets = await signedTargets(local, file, URLS * (rounds + 1));
  const pair = bareKeyPair(keyType);
  const samples = await takeTurns(rounds, {
    local: (round) => load.walk(local, targets.slice(round * URLS, (round + 1) * URLS), seconds, 'once'),
    node: () => bareVerifications(pair),
  });
  const rows = [row(`${keyType}, first-time verification, to node:crypto's own`, samples.local, samples.node)];
  if (keyType !== 'RSA') return rows;
  const name = `${keyType}, first-time verification, to ${AIM_PER_SECOND.toLocaleString('en')} a second`;
  const wanted = { rate: AIM_PER_SECOND, perCpuSecond: AIM_PER_SECOND };
  return [
    ...rows,
    row(
      name,
      samples.local,
      samples.local.map(() => wanted),
      { atLeast: 1 },
    ),
  ];
}

async function signedTargets({ signer, distributionUrl }, file, count) {
  const urls = Array.from({ length: count }, (_, at) => `${distributionUrl}/${file}?n=${at}`);
  const signed = await signer.signUrlsAsync(urls, { expiresIn: LIFETIME });
  return signed.map((url) => url.slice(distributionUrl.length));
}

function bareKeyPair(keyType) {
  const { privateKey, publicKey } = generateKeyPair({ keyType });
  return { privateKey: createPrivateKey(privateKey), publicKey: createPublicKey(publicKey) };
}

/** Of as many bytes as a canned policy has. */
function bareVerifications({ privateKey, publicKey }) {
  const policy = Buffer.from('x'.repeat(130));
  const signature = sign('sha1', policy, privateKey);
  let done = 0;
  const [started, computedBefore] = [performance.now(), process.cpuUsage()];
  while (performance.now() - started < BARE_MS) {
    for (let at = 0; at < 100; at++) verify('sha1', policy, publicKey, signature);
    done += 100;
  }
  const { user, system } = process.cpuUsage(computedBefore);
  return { rate: (done / (performance.now() - started)) * 1e3, perCpuSecond: (done / (user + system)) * 1e6 };
}
