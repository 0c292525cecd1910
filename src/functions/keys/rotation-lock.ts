import { randomUUID } from 'node:crypto';
import { AwsCallError, ignoreCode } from '../aws/call-aws';
import { callParameterStore, deleteParameter, putParameter } from '../aws/parameter-store';

/** Longer than the function's timeout: an invocation that has not released the lock by then has ended. */
const LEASE_MS = 3 * 60_000;
const WAIT_MS = 40_000;
const POLL_MS = 400;

/**
 * Runs the work while no other invocation runs such work: CloudFormation sends events twice, and a schedule or a person may call in the middle
 * of a deployment. Of several callers Parameter Store lets exactly one create a parameter, and it counts the versions of one that exists: of
 * those that replace an expired lock, the one holds it whose version follows the version that it has read.
 *
 * @param name The parameter that exists while the lock is held.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const expiresAt = await acquireLock(name);
  try {
    return await work();
  } finally {
    // After that somebody else may hold it.
    if (Date.now() < expiresAt) await releaseLock(name);
  }
}

/** Deletes the parameter. A failure is logged alone, for the work is done and the lock expires. */
async function releaseLock(name: string): Promise<void> {
  await deleteParameter(name).catch((error: Error) => {
    console.error({ message: `The lock of the keys stays until it ends by itself (${error.name})` });
  });
}

/** @returns When the lock expires, in milliseconds since 1970. */
async function acquireLock(name: string): Promise<number> {
  const giveUpAt = Date.now() + WAIT_MS;
  for (;;) {
    const expiresAt = Date.now() + LEASE_MS;
    const token = `${expiresAt} ${randomUUID()}`;
    if ((await putLock(name, token, false)) !== undefined) return expiresAt;
    const holder = await getLock(name);
    // The lock was created, and the response to that was lost.
    if (holder?.token === token) return expiresAt;
    const isExpired = holder !== undefined && Number.parseInt(holder.token, 10) < Date.now();
    if (isExpired && (await putLock(name, token, true)) === holder.version + 1) return expiresAt;
    if (Date.now() > giveUpAt) throw new Error('the keys are being changed by somebody else; try again in a minute');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** @returns The parameter's version; undefined when it exists and is not to be overwritten, and when nobody answered. */
async function putLock(name: string, token: string, Overwrite: boolean): Promise<number | undefined> {
  return putParameter({ Name: name, Type: 'String', Value: token, Overwrite }).catch((error: unknown) =>
    error instanceof AwsCallError ? ignoreCode('ParameterAlreadyExists')(error) : undefined,
  );
}

async function getLock(name: string): Promise<{ token: string; version: number } | undefined> {
  const output = await callParameterStore('GetParameter', { Name: name }).catch(ignoreCode('ParameterNotFound'));
  if (!output) return undefined;
  const { Value, Version } = output.Parameter as { Value: string; Version: number };
  return { token: Value, version: Version };
}
