import { join } from 'node:path';
import { bareEnvironment, type CommandResult, run } from '../run-local';

export const RUNNER: string = join(__dirname, 'run.mjs');

/** Runs `npm run test:aws` with nobody's credentials but those that are given. */
export const testAws = (args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<CommandResult> =>
  run(process.execPath, [RUNNER, ...args], bareEnvironment(variables));
