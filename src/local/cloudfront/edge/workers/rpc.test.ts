import { EventEmitter } from 'node:events';
import { setImmediate as tick } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openCalls, type Wire } from './rpc';

type Theirs = {
  double(n: number): Promise<number>;
  fail(_: undefined): Promise<void>;
  never(_: undefined): Promise<void>;
};

/** Two ends; messages arrive later, and as copies. */
function wires(): { ours: Wire; theirs: Wire; cut(): void } {
  const [a, b] = [new EventEmitter(), new EventEmitter()];
  const end = (mine: EventEmitter, other: EventEmitter): Wire => ({
    send: (message) => void tick().then(() => other.emit('message', structuredClone(message))),
    onMessage: (listener) => void mine.on('message', listener),
    onClose: (listener) => void mine.on('close', listener),
  });
  return { ours: end(a, b), theirs: end(b, a), cut: () => void a.emit('close') };
}

function connected() {
  const { ours, theirs, cut } = wires();
  const call = openCalls<Theirs>(ours, {});
  openCalls(theirs, {
    double: async (n: number) => n * 2,
    fail: () => {
      throw Object.assign(new Error('port 1 is taken'), { code: 'ERR_PORT_TAKEN' });
    },
    never: () => new Promise(() => {}),
  });
  return { call, cut };
}

it('answers calls, many at a time', async () => {
  const { call } = connected();
  expect(await Promise.all([1, 2, 3].map((n) => call('double', n)))).toEqual([2, 4, 6]);
});

it('rejects with the message and the code of what was thrown', async () => {
  const { call } = connected();
  await expect(call('fail', undefined)).rejects.toMatchObject({ message: 'port 1 is taken', code: 'ERR_PORT_TAKEN' });
});

it('rejects a call for what is not offered', async () => {
  const { call } = connected();
  await expect(call('toString' as 'double', 1)).rejects.toThrow('toString is not offered');
});

it('rejects what waits when the other process is gone', async () => {
  const { call, cut } = connected();
  const waiting = call('never', undefined);
  cut();
  await expect(waiting).rejects.toThrow('gone');
});
