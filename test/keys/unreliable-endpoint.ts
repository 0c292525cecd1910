import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * What happens to a caller. `refused`: that call never arrives. `lost`: it arrives, its answer does not. `ended`: the caller ends before that
 * call, so nothing arrives from then on; `ended-after`: that call still arrives.
 */
export interface Fault {
  readonly kind: 'refused' | 'lost' | 'ended' | 'ended-after';
  /** Counted from 1. */
  readonly call: number;
}

export interface UnreliableEndpoint {
  readonly url: string;
  /** Counts anew, with this fault or none. */
  begin(fault?: Fault): void;
  /** Answers CloudFront's lists from now on as they are at the next look; `false` ends that. */
  freezeLists(isFrozen: boolean): void;
  close(): Promise<void>;
}

/** Passes calls on to an endpoint as they came. */
export async function openUnreliableEndpoint(target: string): Promise<UnreliableEndpoint> {
  let fault: Fault | undefined;
  let calls = 0;
  let lists: Map<string, string> | undefined;
  const server = createServer((incoming, outgoing) => {
    calls += 1;
    const [arrives, isAnswered] = fateOf(calls, fault);
    if (lists && incoming.method === 'GET' && LIST.test(incoming.url ?? ''))
      return void answerList(target, incoming, outgoing, lists).catch(() => outgoing.destroy());
    if (arrives) void passOn(target, incoming, isAnswered ? outgoing : undefined).catch(() => outgoing.destroy());
    if (!isAnswered) setTimeout(() => outgoing.destroy(), arrives ? 30 : 0);
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    begin(next) {
      fault = next;
      calls = 0;
    },
    freezeLists(isFrozen) {
      lists = isFrozen ? new Map() : undefined;
    },
    close: () => new Promise((done) => void server.close(() => done()).closeAllConnections()),
  };
}

function fateOf(count: number, fault: Fault | undefined): [arrives: boolean, isAnswered: boolean] {
  if (!fault || count < fault.call) return [true, true];
  const isIt = count === fault.call;
  if (fault.kind === 'refused') return [!isIt, !isIt];
  if (fault.kind === 'lost') return [true, !isIt];
  return [isIt && fault.kind === 'ended-after', false];
}

const LIST = /\/(public-key|key-group)$/;

async function answerList(
  target: string,
  { url = '/', headers }: IncomingMessage,
  outgoing: ServerResponse,
  lists: Map<string, string>,
): Promise<void> {
  const { authorization = '', 'x-amz-date': date = '' } = headers as Record<string, string>;
  const list =
    lists.get(url) ??
    (await (await fetch(new URL(url, target), { headers: { authorization, 'x-amz-date': date } })).text());
  lists.set(url, list);
  outgoing.end(list);
}

async function passOn(target: string, incoming: IncomingMessage, outgoing?: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', headers } = incoming;
  const body = await buffer(incoming);
  await new Promise<void>((done, fail) => {
    const passed = httpRequest(new URL(url, target), { method, headers }, (answer) => {
      outgoing?.writeHead(answer.statusCode ?? 502, answer.headers);
      if (outgoing) answer.pipe(outgoing);
      else answer.resume();
      answer.on('end', done);
    });
    passed.on('error', fail);
    passed.end(body);
  });
}
