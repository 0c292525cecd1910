import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postUrls } from '../clients';
import { residentMiB } from '../edge/process-figures';
import { ANY_PORTS, type Environment, environmentOf, type RunningDev, startDev, temporaryFolder } from '../run-local';

const SECONDS = process.env.EDGEPASS_NIGHTLY === '1' ? 60 : 10;
const CALLERS = 200;
/** Of the local runtime's process, between the middle and the end. */
const MOST_GROWTH_MIB = 40;

const dataDir = temporaryFolder(afterAll);
let dev: RunningDev;
let environment: Environment;
beforeAll(async () => {
  dev = await startDev('--data-dir', dataDir, ...ANY_PORTS);
  environment = await environmentOf(dataDir);
});
afterAll(async () => {
  dev?.process.kill('SIGTERM');
  await dev?.ended;
});

describe('the API', () => {
  it(`signs for ${CALLERS} callers at the same time for ${SECONDS} s without an error, and keeps its memory`, async () => {
    const { pid = 0 } = dev.process;
    const end = Date.now() + SECONDS * 1000;
    const answers = new Map<number, number>();
    let memory = 0;
    const caller = async (name: number): Promise<void> => {
      for (let count = 0; Date.now() < end; count++) {
        const answer = await postUrls(environment, { file: `caller-${name}/${count}` });
        const body = (await answer.json()) as { signedUrl?: string };
        // The plan's throttle is a thousand a second: who is over it is told so.
        if (answer.status !== 429) expect(body.signedUrl).toContain(`caller-${name}/${count}`);
        answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1);
        if (memory === 0 && Date.now() > end - SECONDS * 500) memory = residentMiB(pid);
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, (_none, name) => caller(name)));
    expect([...answers.keys()].filter((status) => status !== 201 && status !== 429)).toEqual([]);
    expect(answers.get(201)).toBeGreaterThan(CALLERS);
    expect(residentMiB(pid) - memory).toBeLessThan(MOST_GROWTH_MIB);
  });
});
