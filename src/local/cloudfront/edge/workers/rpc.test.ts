import { EventEmitter } from 'node:events';
import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createRpc, type RpcChannel } from './rpc';

type Remote = {
  double(n: number): Promise<number>;
  fail(_: undefined): Promise<void>;
  never(_: undefined): Promise<void>;
};

/** Two ends; messages arrive later, and as copies. */
function channels(): { local: RpcChannel; remote: RpcChannel; cut(): void } {
  const [a, b] = [new EventEmitter(), new EventEmitter()];
  const end = (mine: EventEmitter, other: EventEmitter): RpcChannel => ({
    send: (message) => void tick().then(() => other.emit('message', structuredClone(message))),
    onMessage: (listener) => void mine.on('message', listener),
    onClose: (listener) => void mine.on('close', listener),
  });
  return { local: end(a, b), remote: end(b, a), cut: () => void a.emit('close') };
}

function connected() {
  const { local, remote, cut } = channels();
  const call = createRpc<Remote>(local, {});
  createRpc(remote, {
    double: async (n: number) => n * 2,
    fail: () => {
      throw Object.assign(new Error('port 1 is taken'), { code: 'ERR_PORT_TAKEN' });
    },
    never: () => new Promise(() => {}),
  });
  return { call, cut };
}

describe('calls between processes', () => {
  it('answers calls, many at a time', async () => {
    const { call } = connected();
    expect(await Promise.all([1, 2, 3].map((n) => call('double', n)))).toEqual([2, 4, 6]);
  });

  it('rejects with the message and the code of what was thrown', async () => {
    const { call } = connected();
    await expect(call('fail', undefined)).rejects.toMatchObject({ message: 'port 1 is taken', code: 'ERR_PORT_TAKEN' });
  });

  it('rejects a call of a method that the other process does not have', async () => {
    const { call } = connected();
    await expect(call('toString' as 'double', 1)).rejects.toThrow('there is no method toString');
  });

  it('rejects pending calls when the other process is gone', async () => {
    const { call, cut } = connected();
    const pending = call('never', undefined);
    cut();
    await expect(pending).rejects.toThrow('gone');
  });
});
