import type { Serializable } from 'node:child_process';

/** One end of a wire between two processes. */
export interface Wire {
  send(message: Serializable): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The other process is gone. */
  onClose(listener: () => void): void;
}

/** What the other process offers, by name: one argument, one answer, both plain data. */
export type Offers = Readonly<Record<string, (argument: never) => unknown>>;

type Answer<T> = T extends Promise<infer R> ? R : T;

/** Calls what the other process offers. Rejects with its message and code when it throws, and when it is gone. */
export type Call<Theirs extends Offers> = <Name extends keyof Theirs & string>(
  name: Name,
  argument: Parameters<Theirs[Name]>[0],
) => Promise<Answer<ReturnType<Theirs[Name]>>>;

type Message =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly argument: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string; readonly code: unknown };

interface Waiting {
  resolve(value: never): void;
  reject(error: Error): void;
}

export function openCalls<Theirs extends Offers>(wire: Wire, ours: Offers): Call<Theirs> {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;

  async function serve({ id, name, argument }: Message & { kind: 'call' }): Promise<void> {
    try {
      const offer = Object.hasOwn(ours, name) ? ours[name] : undefined;
      if (!offer) throw new Error(`${name} is not offered`);
      wire.send({ kind: 'answer', id, value: await offer(argument as never) } as Serializable);
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      wire.send({ kind: 'failure', id, message: message ?? String(error), code });
    }
  }

  wire.onMessage((received) => {
    const message = received as Message;
    if (message.kind === 'call') return void serve(message);
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'answer') call?.resolve(message.value as never);
    else call?.reject(Object.assign(new Error(message.message), { code: message.code }));
  });
  wire.onClose(() => {
    for (const { reject } of waiting.values()) reject(new Error('the other process is gone'));
    waiting.clear();
  });

  return (name, argument) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      wire.send({ kind: 'call', id: lastId, name, argument } as Serializable);
    });
}
