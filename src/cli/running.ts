import { isAlive, type RunningHome, readRunningHome } from '../local/running-home';

/** The home that runs on a data folder. @throws Error saying how to start one. */
export async function runningHome(dataDir: string): Promise<RunningHome & Required<Pick<RunningHome, 'environment'>>> {
  const home = readRunningHome(dataDir);
  const { environment } = home ?? {};
  if (home && environment && (await isAlive(home))) return { ...home, environment };
  throw new Error(`no home runs on ${dataDir}; start one with "npm start", or name another with --data-dir DIR`);
}
