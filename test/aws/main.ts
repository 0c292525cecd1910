/**
 * `npm run test:aws`: deploys a stack of its own → the walkthrough, the conformance table, the probes → destroys it, also after a
 * failure and on Ctrl-C. `--local` does the same with a local runtime in place of AWS. Never run against AWS yet: nobody of the project had
 * an account.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { putObjects, readTable } from '../conformance/replay';
import { testStack } from './aws-target';
import { interruptRunning, ROOT, startNode } from './edgepass-command';
import { openLocal } from './local-target';
import { askProbes, replayRows } from './suite';
import type { SuiteTarget } from './suite-target';

const STEPS = ['walkthrough', 'rows', 'probes'] as const;
type Step = (typeof STEPS)[number];

const NEEDS = `npm run test:aws needs an AWS account: credentials in the environment ("aws sts get-caller-identity" has to work), AWS_REGION, and
"edgepass deploy --bootstrap" once in that account and region. It deploys a stack of its own, asks it some thousand requests and
destroys it, bucket included; that costs about one US cent at list prices, takes a quarter of an hour, and nothing is left.
"npm run test:aws -- --local" runs the same against a local runtime, without an account.`;

const say = (line: string): void => console.log(line);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      local: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [...STEPS] },
    },
  });
  const unknown = values.only.find((step) => !STEPS.includes(step as Step));
  if (unknown !== undefined) {
    console.error(`there is no step "${unknown}"; --only takes ${STEPS.join(', ')}`);
    return 2;
  }
  const steps = values.only as Step[];
  if (!values.local && !(await hasCredentials())) {
    console.error(NEEDS);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-test-aws-'));
  // Children have process groups of their own, so that no signal reaches them but from here.
  onSignal(() => void interruptRunning().then(() => process.exit(130)));
  const local = await openLocal(folder);
  try {
    return values.local ? await runSteps(local, local, steps, folder) : await runOnAws(local, steps, folder);
  } finally {
    await local.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function hasCredentials(): Promise<boolean> {
  if (process.env.AWS_ENDPOINT_URL) return false;
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  const sts = new STSClient({ ...(region && { region }) });
  try {
    await sts.send(new GetCallerIdentityCommand({}));
    return true;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  } finally {
    sts.destroy();
  }
}

async function runOnAws(local: SuiteTarget, steps: readonly Step[], folder: string): Promise<number> {
  const stack = testStack(folder, say);
  const interruption = new AbortController();
  const work = stack.open().then((target) => runSteps(target, local, steps, folder, interruption.signal));
  onCtrlC(stack.name, interruption);
  const interrupted = new Promise<never>((_resolve, reject) =>
    interruption.signal.addEventListener('abort', () => reject(interruption.signal.reason)),
  );
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    if (interruption.signal.aborted) await interruptRunning((child) => child !== local.process);
    await stack.destroy();
  }
}

/** The first Ctrl-C ends the work, so that the stack is destroyed; the second ends that too. */
function onCtrlC(name: string, interruption: AbortController): void {
  onSignal(() => {
    console.error('interrupted: the stack is destroyed; Ctrl-C again leaves it there');
    interruption.abort(new Error('interrupted'));
    onSignal(() => {
      console.error(`MAY BE LEFT: the stack ${name} and its bucket; look with "npx edgepass destroy --stack ${name}"`);
      void interruptRunning().then(() => process.exit(130));
    });
  });
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** What the next signal does, in place of what it did. */
function onSignal(act: () => void): void {
  for (const signal of SIGNALS) process.removeAllListeners(signal).once(signal, act);
}

/** @returns the exit code: 1 where AWS does not do what the local runtime does. */
async function runSteps(
  target: SuiteTarget,
  local: SuiteTarget,
  steps: readonly Step[],
  folder: string,
  signal?: AbortSignal,
): Promise<number> {
  let failed = false;
  if (steps.includes('walkthrough')) {
    say('\nThe walkthrough');
    failed = !(await walk(target, folder));
  }
  // The walkthrough begins with an empty bucket.
  const { objects, rows } = readTable(join(ROOT, 'test', 'conformance'));
  signal?.throwIfAborted();
  for (const one of new Set([target, local])) await putObjects(one.environment, objects);
  if (steps.includes('rows')) {
    say('\nThe conformance table');
    failed = (await replayRows(target.distribution, rows, say, signal)) > 0 || failed;
  }
  if (steps.includes('probes')) {
    say('\nWhat nobody could verify');
    const both = { target: target === local ? undefined : target.distribution, local: local.distribution };
    await askProbes(both, rows, say, signal);
  }
  return failed ? 1 : 0;
}

async function walk({ environment }: SuiteTarget, folder: string): Promise<boolean> {
  const path = join(folder, 'target.json');
  writeFileSync(path, JSON.stringify(environment), { mode: 0o600 });
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const env = { ...process.env, EDGEPASS_TARGET: path };
  const { ended } = startNode([vitest, 'run', 'test/walkthrough'], { env, stdio: 'inherit' });
  return (await ended) === 0;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(`test:aws: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
