import { differences, replay, type Target } from '../conformance/replay';
import type { Row } from '../conformance/sign-request';
import { describeAnswer, PROBES } from './probes';

export type Say = (line: string) => void;

/**
 * Asks the distribution each row, and says where it does not answer what the row expects, which is what the local runtime answers.
 * @returns how many rows have differences
 */
export async function replayRows(
  target: Target,
  rows: readonly Row[],
  say: Say,
  signal?: AbortSignal,
): Promise<number> {
  let different = 0;
  for (const row of rows) {
    signal?.throwIfAborted();
    const found = await differencesOf(row, target);
    if (found.length === 0) continue;
    different++;
    say(`${row.id} [${row.source}] ${row.title}`);
    for (const difference of found) say(`    ${difference}`);
  }
  say(
    `${rows.length} rows, ${different === 0 ? 'no difference' : `${different} with differences`} to the local runtime`,
  );
  return different;
}

async function differencesOf(row: Row, target: Target): Promise<string[]> {
  try {
    return differences(row, await replay(row, target));
  } catch (error) {
    return [noAnswer(error)];
  }
}

/** Puts each open question to both, and says what they answer. No answer is right or wrong here. */
export async function askProbes(
  { target, local }: { readonly target: Target | undefined; readonly local: Target },
  rows: readonly Row[],
  say: Say,
  signal?: AbortSignal,
): Promise<void> {
  const unverified = rows.filter(({ source }) => source === 'UNV');
  const questions = [
    ...unverified.map((row) => ({
      text: `${row.id}: ${row.title}`,
      observe: async (asked: Target) => describeAnswer(await replay(row, asked)),
    })),
    ...PROBES.map(({ where, question, observe }) => ({ text: `src/${where}: ${question}`, observe })),
  ];
  for (const { text, observe } of questions) {
    signal?.throwIfAborted();
    say(text);
    say(`    local ${await observe(local).catch(noAnswer)}`);
    if (target) say(`    AWS   ${await observe(target).catch(noAnswer)}`);
  }
}

const noAnswer = (error: unknown): string => `no answer: ${error instanceof Error ? error.message : String(error)}`;
