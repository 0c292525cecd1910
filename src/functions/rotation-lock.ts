import { randomUUID } from 'node:crypto';
import { AwsCallError } from './call-aws';
import { callParameterStore, deleteParameter, findParameter } from './parameter-store';

/** Longer than the function runs: whoever has not let go by then has ended. */
const HELD_MS = 3 * 60_000;
const WAIT_MS = 40_000;
const LOOK_MS = 400;

/**
 * Does the work while nobody else does such work: events come twice, schedules and people in the middle of a deployment. Parameter Store
 * creates a parameter for one of those who ask only.
 *
 * @param name The parameter that is there meanwhile.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const token = await take(name);
  try {
    return await work();
  } finally {
    if ((await findParameter(name)) === token) await deleteParameter(name);
  }
}

async function take(name: string): Promise<string> {
  const giveUpAt = Date.now() + WAIT_MS;
  for (;;) {
    const token = `${Date.now() + HELD_MS} ${randomUUID()}`;
    if (await create(name, token)) return token;
    const holder = await findParameter(name);
    if (holder !== undefined && Number.parseInt(holder, 10) < Date.now()) await deleteParameter(name);
    else if (Date.now() > giveUpAt)
      throw new Error('the keys are being changed by somebody else; try again in a minute');
    else await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function create(name: string, token: string): Promise<boolean> {
  try {
    await callParameterStore('PutParameter', { Name: name, Type: 'String', Value: token, Overwrite: false });
    return true;
  } catch (error) {
    if (error instanceof AwsCallError && error.code === 'ParameterAlreadyExists') return false;
    throw error;
  }
}
