import { randomUUID } from 'node:crypto';
import { AwsCallError } from '../aws/call-aws';
import { callParameterStore, deleteParameter, putParameter } from '../aws/parameter-store';

/** Longer than the function runs: whoever has not let go by then has ended. */
const HELD_MS = 3 * 60_000;
const WAIT_MS = 40_000;
const LOOK_MS = 400;

/**
 * Does the work while nobody else does such work: events come twice, schedules and people in the middle of a deployment. Parameter Store
 * creates a parameter for one of those who ask only, and counts the versions of one that is there: of those who take over from somebody who
 * has ended, it is the one whose version follows the one it has seen.
 *
 * @param name The parameter that is there meanwhile.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const endsAt = await take(name);
  try {
    return await work();
  } finally {
    // Until then nobody else has it, also where one who took over too late wrote over it.
    if (Date.now() < endsAt) await letGo(name);
  }
}

/** What is done is done: a lock that stays ends by itself. */
async function letGo(name: string): Promise<void> {
  await deleteParameter(name).catch((error: Error) => {
    console.error({ message: `The lock of the keys stays until it ends by itself (${error.name})` });
  });
}

/** @returns Until when it is held, in milliseconds since 1970. */
async function take(name: string): Promise<number> {
  const giveUpAt = Date.now() + WAIT_MS;
  for (;;) {
    const endsAt = Date.now() + HELD_MS;
    const token = `${endsAt} ${randomUUID()}`;
    if ((await write(name, token, false)) !== undefined) return endsAt;
    const holder = await findHolder(name);
    // The answer to the first of two tries was lost.
    if (holder?.token === token) return endsAt;
    const isOver = holder !== undefined && Number.parseInt(holder.token, 10) < Date.now();
    if (isOver && (await write(name, token, true)) === holder.version + 1) return endsAt;
    if (Date.now() > giveUpAt) throw new Error('the keys are being changed by somebody else; try again in a minute');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** @returns The parameter's version; undefined when it was there and is not to be overwritten. */
async function write(name: string, token: string, Overwrite: boolean): Promise<number | undefined> {
  try {
    return await putParameter({ Name: name, Type: 'String', Value: token, Overwrite });
  } catch (error) {
    if (error instanceof AwsCallError && error.code === 'ParameterAlreadyExists') return undefined;
    throw error;
  }
}

async function findHolder(name: string): Promise<{ token: string; version: number } | undefined> {
  try {
    const { Parameter } = await callParameterStore('GetParameter', { Name: name });
    const { Value, Version } = Parameter as { Value: string; Version: number };
    return { token: Value, version: Version };
  } catch (error) {
    if (error instanceof AwsCallError && error.code === 'ParameterNotFound') return undefined;
    throw error;
  }
}
