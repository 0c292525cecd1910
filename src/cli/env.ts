import type { Roles } from '../local/data-dir/running-local';
import { requireRunningLocal } from '../local/data-dir/running-local';

/** Variables that would make the AWS tools use other credentials than the ones printed. */
const IN_THE_WAY = ['AWS_PROFILE', 'AWS_SESSION_TOKEN'];

interface EnvOptions {
  readonly dataDir: string;
  readonly json?: true;
  readonly as?: string;
}

/** `edgepass env`: what a shell needs to talk to the local runtime. */
export async function env({ dataDir, json, as }: EnvOptions): Promise<void> {
  const local = await requireRunningLocal(dataDir);
  const environment = { ...local.environment, ...(as !== undefined && roleOf(local.roles ?? {}, as)) };
  if (json) {
    console.log(JSON.stringify(environment, null, 2));
    return;
  }
  for (const name of IN_THE_WAY) if (process.env[name] && !(name in environment)) console.log(`unset ${name}`);
  for (const [name, value] of Object.entries(environment)) console.log(`export ${name}=${quote(value)}`);
}

function roleOf(roles: Roles, name: string): Readonly<Record<string, string>> {
  const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
  if (role) return role;
  throw new Error(`the stack has no role "${name}"; it has ${Object.keys(roles).join(', ')}`);
}

/** Single quotes keep everything but themselves. */
const quote = (value: string): string => (/^[\w./:@+=-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`);
