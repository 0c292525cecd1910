import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { withLock } from './rotation-lock';

interface Input {
  readonly Name: string;
  readonly Value: string;
  readonly Overwrite?: boolean;
}

/** A Parameter Store with one parameter, and what happens to each call before it is answered. */
let held: { value: string; version: number } | undefined;
let meanwhile: (operation: string) => Promise<'lost' | undefined> | undefined;
const server = createServer(async (request, response) => {
  const operation = String(request.headers['x-amz-target']).replace('AmazonSSM.', '');
  const input = (await json(request)) as Input;
  const fate = await meanwhile(operation);
  answer(operation, input, response, fate === 'lost');
});

function answer(operation: string, { Value, Overwrite }: Input, response: ServerResponse, isLost: boolean): void {
  const say = (status: number, body: object) =>
    isLost ? response.destroy() : response.writeHead(status).end(JSON.stringify(body));
  if (operation === 'PutParameter') {
    if (held && !Overwrite) return void say(400, { __type: 'ParameterAlreadyExists' });
    held = { value: Value, version: (held?.version ?? 0) + 1 };
    return void say(200, { Version: held.version });
  }
  if (!held) return void say(400, { __type: 'ParameterNotFound' });
  if (operation === 'GetParameter') return void say(200, { Parameter: { Value: held.value, Version: held.version } });
  held = undefined;
  say(200, {});
}

beforeAll(() => new Promise<void>((done) => void server.listen(0, '127.0.0.1', done)));
afterAll(() => new Promise((done) => server.close(done).closeAllConnections()));
beforeEach(() => {
  held = undefined;
  meanwhile = () => undefined;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY');
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const wait = (milliseconds: number): Promise<undefined> =>
  new Promise((done) => setTimeout(() => done(undefined), milliseconds));

/** Does so much work at once, and answers how much of it ever went on at the same time. */
async function mostAtOnce(count: number): Promise<number> {
  let [now, most] = [0, 0];
  const work = async (): Promise<void> => {
    now += 1;
    most = Math.max(most, now);
    await wait(150);
    now -= 1;
  };
  await Promise.all(Array.from({ length: count }, () => withLock('lock', work)));
  return most;
}

describe('the rotation lock', () => {
  it.each([2, 3])(
    'is known to be held when %i responses to its creation are lost, and leaves nothing',
    async (count) => {
      let lost = 0;
      meanwhile = async (operation) => (operation === 'PutParameter' && ++lost <= count ? 'lost' : undefined);
      expect(await withLock('lock', async () => 'done')).toBe('done');
      expect(held).toBeUndefined();
    },
  );

  it('is released when two responses to the release are lost', async () => {
    let lost = 0;
    meanwhile = async (operation) => {
      if (operation !== 'DeleteParameter' || ++lost > 2) return undefined;
      held = { value: held?.value ?? '', version: 1 };
      return 'lost';
    };
    await withLock('lock', async () => undefined);
    expect([lost, held]).toEqual([3, undefined]);
    expect(console.error).not.toHaveBeenCalled();
  });

  it('does one work at a time, answers what it answers, and leaves nothing', async () => {
    expect(await mostAtOnce(3)).toBe(1);
    expect(await withLock('lock', async () => 'done')).toBe('done');
    expect(held).toBeUndefined();
  });

  it('lets go when the work fails', async () => {
    await expect(withLock('lock', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(held).toBeUndefined();
  });

  it('takes over from one that has ended', async () => {
    held = { value: `${Date.now() - 1} token`, version: 1 };
    expect(await withLock('lock', async () => 'done')).toBe('done');
    expect(held).toBeUndefined();
  });

  it('lets one of two take over that both have seen the other end, however late the second is', async () => {
    held = { value: `${Date.now() - 1} token`, version: 1 };
    let [looks, changes] = [0, 0];
    let bothHaveSeen = (): void => {};
    const seen = new Promise<void>((resolve) => {
      bothHaveSeen = resolve;
    });
    meanwhile = async (operation) => {
      if (operation === 'GetParameter' && looks < 2) {
        looks += 1;
        if (looks === 2) bothHaveSeen();
        await seen;
      } else if (looks === 2) {
        changes += 1;
        // The other one is at work by then.
        if (changes === 2) await wait(100);
      }
      return undefined;
    };
    expect(await mostAtOnce(2)).toBe(1);
    expect([looks, changes >= 2]).toEqual([2, true]);
    expect(held).toBeUndefined();
  });

  it('knows its own lock again when the answer to the call that made it was lost', async () => {
    const calls: string[] = [];
    meanwhile = async (operation) => {
      calls.push(operation);
      return calls.length === 1 ? 'lost' : undefined;
    };
    expect(await withLock('lock', async () => 'done')).toBe('done');
    // It looks once, and waits for nobody.
    expect(calls).toEqual(['PutParameter', 'PutParameter', 'GetParameter', 'DeleteParameter']);
    expect(held).toBeUndefined();
  });

  it('work that is done is done, also when the lock cannot be let go: it ends by itself', async () => {
    meanwhile = async (operation) =>
      operation === 'DeleteParameter' || operation === 'GetParameter' ? 'lost' : undefined;
    expect(await withLock('lock', async () => 'done')).toBe('done');
  });

  it('whoever works longer than the lock is held leaves it alone: it is somebody else’s by then', async () => {
    const later = Date.now() + 3 * 60_000 + 1;
    await withLock('lock', async () => void vi.spyOn(Date, 'now').mockReturnValue(later));
    expect(held).toBeDefined();
  });
});
