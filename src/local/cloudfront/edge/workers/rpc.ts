import type { Serializable } from 'node:child_process';

/** One end of a message channel between two processes. */
export interface RpcChannel {
  send(message: Serializable): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The other process is gone. */
  onClose(listener: () => void): void;
}

/** Methods by name: each takes one argument and returns one result, both plain data. */
export type RpcMethods = Readonly<Record<string, (argument: never) => unknown>>;

/** Calls a method of the other process. Rejects with its message and code when it throws, and when the process is gone. */
export type RpcCall<Remote extends RpcMethods> = <Name extends keyof Remote & string>(
  name: Name,
  argument: Parameters<Remote[Name]>[0],
) => Promise<Awaited<ReturnType<Remote[Name]>>>;

type Message =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly argument: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string; readonly code: unknown };

interface PendingCall {
  resolve(value: never): void;
  reject(error: Error): void;
}

export function createRpc<Remote extends RpcMethods>(channel: RpcChannel, methods: RpcMethods): RpcCall<Remote> {
  const pending = new Map<number, PendingCall>();
  let lastId = 0;

  async function serve({ id, name, argument }: Message & { kind: 'call' }): Promise<void> {
    try {
      const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
      if (!method) throw new Error(`there is no method ${name}`);
      channel.send({ kind: 'result', id, value: await method(argument as never) } as Serializable);
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      channel.send({ kind: 'failure', id, message: message ?? String(error), code });
    }
  }

  channel.onMessage((received) => {
    const message = received as Message;
    if (message.kind === 'call') return void serve(message);
    const call = pending.get(message.id);
    pending.delete(message.id);
    if (message.kind === 'result') call?.resolve(message.value as never);
    else call?.reject(Object.assign(new Error(message.message), { code: message.code }));
  });
  channel.onClose(() => {
    for (const { reject } of pending.values()) reject(new Error('the other process is gone'));
    pending.clear();
  });

  return (name, argument) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      pending.set(lastId, { resolve, reject });
      channel.send({ kind: 'call', id: lastId, name, argument } as Serializable);
    });
}
