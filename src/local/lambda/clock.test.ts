import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { startLambda, temporaryFolder } from './lambda.test.fixture';

const DAY_MS = 86_400_000;

describe("the functions' clock", () => {
  test('functions see the local runtime’s clock, also in what they do before and after an invocation is over', async () => {
    let offset = 10 * DAY_MS;
    const { define, invoke } = startLambda({
      now: () => new Date(Date.now() + offset),
    });
    const name = await define(`
    const loadedAt = Date.now();
    exports.handler = async (event, context) =>
      ({ loadedAt, now: Date.now(), made: new Date().getTime(), left: context.getRemainingTimeInMillis() });`);
    const before = Date.now();
    const { payload } = await invoke(name);
    const { loadedAt, now, made, left } = payload as Record<string, number>;
    for (const time of [loadedAt, now, made]) {
      expect(time).toBeGreaterThanOrEqual(before + offset);
      expect(time).toBeLessThanOrEqual(Date.now() + offset);
    }
    // The function's own 3 seconds.
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(3000);

    offset = 20 * DAY_MS;
    const later = (await invoke(name)).payload as Record<string, number>;
    expect(later.loadedAt).toBe(loadedAt);
    expect(later.now).toBeGreaterThanOrEqual(before + offset);
  });

  test('without a clock of the local runtime’s own, functions have the machine’s', async () => {
    const { define, invoke } = startLambda();
    const name = await define('exports.handler = async () => [Date.now(), /native code/.test(String(Date.now))];');
    const before = Date.now();
    const [now, isNative] = (await invoke(name)).payload as [number, boolean];
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
    expect(isNative).toBe(true);
  });

  /** In a process of its own, for it is the global `Date` that changes. */
  function inClock(expression: string): unknown {
    const outfile = join(temporaryFolder(), 'clock.js');
    const entry = join(__dirname, 'runtime', 'clock.ts');
    buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20' });
    const program = `const earlier = new Date(); require(${JSON.stringify(outfile)}).setClockOffset(${10 * DAY_MS});
    process.stdout.write(JSON.stringify(${expression}));`;
    return JSON.parse(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }));
  }

  test.each([
    ['a date that was made before the clock was set is a Date', 'earlier instanceof Date', true],
    ['so is one that Node.js makes', "require('node:fs').statSync('.').mtime instanceof Date", true],
    [
      'a date of now is a Date of that name',
      '[new Date() instanceof Date, new Date().constructor === Date, Date.name]',
      [true, true, 'Date'],
    ],
    ['a time that is given is that time', '[new Date(5).getTime(), new Date(2026, 0, 31).getDate()]', [5, 31]],
    [
      'the other functions of Date are there',
      '[Date.UTC(1970, 0, 2), Date.parse("1970-01-02T00:00Z")]',
      [DAY_MS, DAY_MS],
    ],
    // In between are whole seconds, and the clock goes on.
    [
      'Date() without new is now’s text',
      `(([before, text, after]) => text === String(new Date(text)) && before - 1000 < Date.parse(text) && Date.parse(text) <= after)
      ([Date.now(), Date(), Date.now()])`,
      true,
    ],
    ['a class may extend it', 'new (class extends Date { twice() { return 2 * this.getTime(); } })(4).twice()', 8],
  ])('%s', (_what, expression, expected) => {
    expect(inClock(expression)).toEqual(expected);
  });
});
