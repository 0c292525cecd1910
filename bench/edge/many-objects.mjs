// Whether a request costs more when the bucket has a million objects: two local runtimes, one with 10 and one with all of them.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fillIndex } from './fill-index.mjs';
import { startLocal } from './local.mjs';
import { row, takeTurns } from './rounds.mjs';

const FEW = 10;
/** Of the many, those that have bytes of their own and are asked for. */
const ASKED = 1000;
const MISSES = 20_000;
const LIFETIME = 86_400;
const AIM = { atMost: 1.2 };

export async function manyObjects(measure, { folder, objects, workers, cores }) {
  const few = await startLocal(join(folder, 'few'), { workers, cores });
  const fewKeys = await uploadKeys(few, FEW);
  const filling = await startLocal(join(folder, 'many'), { workers, cores });
  const manyKeys = await uploadKeys(filling, ASKED);
  await filling.stop();
  await fillIndex(filling, manyKeys[0], keysBetween(objects - ASKED));
  const many = await startLocal(filling.dataDir, { workers, cores });

  const everyHundredth = manyKeys.filter((_, at) => at % (ASKED / FEW) === 0);
  const hits = await takeTurns(measure.rounds, {
    few: hitsOf(measure, few, fewKeys),
    asFew: hitsOf(measure, many, everyHundredth),
    many: hitsOf(measure, many, manyKeys),
  });
  const fewMisses = await missesOf(measure, few, fewKeys);
  const manyMisses = await missesOf(measure, many, manyKeys);
  const misses = await takeTurns(measure.rounds, { few: fewMisses, many: manyMisses });
  await few.stop();
  await many.stop();
  const name = (what) => `1 KiB, time with ${objects.toLocaleString('en')} objects to ${FEW}, ${what}`;
  return [
    row(name(`warm, ${FEW} asked for`), hits.few, hits.asFew, AIM),
    row(name(`warm, ${ASKED.toLocaleString('en')} asked for`), hits.few, hits.many, AIM),
    row(name('first misses'), misses.few, misses.many, AIM),
  ];
}

/** Digits lead, so that the asked lie all over the index; letters follow, for `spelling`. */
const keyOf = (place, of) => `k/${(place / of).toFixed(9).slice(2)}-abcdefghijklmnop`;
const keysBetween = (count) => Array.from({ length: count }, (_, at) => `${keyOf(at + 0.5, count)}-filling`);

async function uploadKeys(local, count) {
  const keys = Array.from({ length: count }, (_, at) => keyOf(at, count));
  await local.upload(Object.fromEntries(keys.map((key) => [key, randomBytes(1024)])));
  return keys;
}

function hitsOf({ load, seconds }, local, keys) {
  const { signer, distributionUrl } = local;
  const urls = keys.map((key) => `${distributionUrl}/${key}`);
  const targets = signer.signUrls(urls, { expiresIn: LIFETIME }).map((url) => url.slice(distributionUrl.length));
  return () => load.walk(local, targets, seconds, 'again');
}

/**
 * First requests, more than there are objects: the cache knows an object by its path as the viewer spelt it, so every spelling is a miss.
 * One signature opens the folder; what is measured is the way to the object, not verification.
 */
async function missesOf({ load, seconds }, local, keys) {
  const { signer, distributionUrl } = local;
  const folder = signer.signFolder({ distributionUrl, prefix: 'k/' }, { expiresIn: LIFETIME });
  const { search } = new URL(folder.signUrl(keys[0]));
  let spelt = 0;
  const next = () => {
    const at = spelt++;
    return `/${spelling(keys[at % keys.length], Math.floor(at / keys.length) + 1)}${search}`;
  };
  for (const target of [next(), ...Array.from({ length: keys.length }, next).slice(-1)]) {
    const answer = await fetch(distributionUrl + target);
    const outcome = answer.headers.get('x-cache');
    if (outcome !== 'Miss from cloudfront') throw new Error(`another spelling answers ${answer.status}, ${outcome}`);
  }
  return () => load.walk(local, Array.from({ length: MISSES }, next), seconds, 'once');
}

/** The letter at each bit of `number` percent-encoded: the same object. */
function spelling(key, number) {
  const first = key.lastIndexOf('-') + 1;
  const letters = [...key.slice(first)].map((letter, at) =>
    (number >> at) & 1 ? `%${letter.charCodeAt(0).toString(16)}` : letter,
  );
  return key.slice(0, first) + letters.join('');
}
