import { isAlive, readRunningHome } from '../local';

/** Variables that would make the AWS tools use other credentials than the ones printed. */
const IN_THE_WAY = ['AWS_PROFILE', 'AWS_SESSION_TOKEN'];

/** `edgepass env`: what a shell needs to talk to the running home. */
export async function env({ dataDir, json }: { dataDir: string; json?: true }): Promise<void> {
  const home = readRunningHome(dataDir);
  if (!home?.environment || !(await isAlive(home))) {
    throw new Error(`no home runs on ${dataDir}; start one with "npm start", or name another with --data-dir DIR`);
  }
  if (json) {
    console.log(JSON.stringify(home.environment, null, 2));
    return;
  }
  for (const name of IN_THE_WAY) if (process.env[name]) console.log(`unset ${name}`);
  for (const [name, value] of Object.entries(home.environment)) console.log(`export ${name}=${quote(value)}`);
}

/** Single quotes keep everything but themselves. */
const quote = (value: string): string => (/^[\w./:@+=-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`);
