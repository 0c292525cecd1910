// What is compared takes turns, A B A B, so that a slow moment slows both sides; the first round is a warm-up and does not count.

/** @param contenders Functions that resolve with a speed (see `load.mjs`); each is told its round, from 0, the warm-up, on. */
export async function takeTurns(rounds, contenders) {
  const samples = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, measure] of Object.entries(contenders)) {
      const speed = await measure(round);
      if (round > 0) samples[name].push(speed);
    }
  }
  return samples;
}

/** A row: the medians of the rounds' ratios, by the clock and by computing time, beside the aim, where there is one. */
export function row(name, ones, others, aim) {
  const [low, ratio, high] = spread(ones.map(({ rate }, at) => rate / others[at].rate));
  const [, byCpu] = spread(ones.map(({ perCpuSecond }, at) => perCpuSecond / others[at].perCpuSecond));
  const isMet = (value) => (aim.atLeast === undefined ? value <= aim.atMost : value >= aim.atLeast);
  return { name, ratio, low, high, byCpu, ...(aim && { aim, isMet: isMet(ratio), isMetByCpu: isMet(byCpu) }) };
}

function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
}
