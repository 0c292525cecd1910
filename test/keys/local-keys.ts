import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sign } from 'aws4';
import type { PrivateContentProps } from 'edgepass/cdk';
import { bootApi, type LocalApi, synthesizeApi } from '../api/boot-api';

/** What the keys' function answers. */
export interface DescribedKeys {
  readonly keyGroupId: string;
  readonly keys: readonly {
    readonly generation: number;
    readonly keyPairId: string;
    readonly keyType: string;
    readonly state: 'next' | 'signing' | 'trusted';
    readonly signsFrom: string;
    readonly retiresAt?: string;
  }[];
}

export interface KeysRefusal {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** A local runtime whose clock is turned by hand. */
export interface LocalKeys extends LocalApi {
  /** Turns the clock forward. */
  pass(milliseconds: number): void;
  /** Turns the clock to that time, in milliseconds since 1970, and stops it: from then on it only goes when it is turned. */
  stopAt(time: number): void;
  /** Lets a stopped clock go on. */
  goOn(): void;
  now(): Date;
  /** Invokes the keys' function; `{}` is what its schedule does. */
  keys(event: object): Promise<DescribedKeys & KeysRefusal>;
  /** Invokes a function of the stack, by a part of its logical id. @returns Its JSON */
  invoke(logicalId: string, event: object): Promise<unknown>;
  /** The value of the content's parameter of that name, decrypted. */
  parameter(name: 'public-keys' | 'signing-key'): Promise<string>;
  /** The three places that have to agree. */
  places(): Promise<{ group: string[]; known: string[]; signing: string[] }>;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

const FOLDER = '/edgepass/Edgepass/PrivateContent';

export const bootKeys = (folder: string, props: PrivateContentProps = {}): Promise<LocalKeys> =>
  bootKeysOf(folder, synthesizeApi(folder, props));

/**
 * Boots an assembly of the stack `Edgepass` with one `PrivateContent` of that name.
 *
 * @param ahead Milliseconds that the clock is ahead of the machine's at first
 */
export async function bootKeysOf(folder: string, assembly: string, ahead = 0): Promise<LocalKeys> {
  let offset = ahead;
  let stoppedAt: number | undefined;
  const now = (): Date => new Date((stoppedAt ?? Date.now()) + offset);
  const api = await bootApi(folder, assembly, now);
  const { environment } = api;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;

  /** The SDKs would set their clocks by the answers' dates. */
  async function call(service: string, method: 'GET' | 'POST', path: string, body = '', headers = {}): Promise<string> {
    const { host, origin } = new URL(environment.AWS_ENDPOINT_URL);
    const date = now()
      .toISOString()
      .replace(/[:-]|\.\d+/g, '');
    const request = { service, region: environment.AWS_REGION, method, host, path, body };
    const signed = sign({ ...request, headers: { ...headers, 'X-Amz-Date': date } }, { accessKeyId, secretAccessKey });
    const answer = await fetch(origin + path, {
      method,
      headers: signed.headers as Record<string, string>,
      ...(method === 'POST' && { body }),
    });
    return answer.text();
  }

  async function parameter(name: string): Promise<string> {
    const input = JSON.stringify({ Name: `${FOLDER}/${name}`, WithDecryption: true });
    const headers = { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'AmazonSSM.GetParameter' };
    const { Parameter } = JSON.parse(await call('ssm', 'POST', '/', input, headers)) as {
      Parameter: { Value: string };
    };
    return Parameter.Value;
  }

  async function invoke(logicalId: string, event: object): Promise<unknown> {
    const path = `/2015-03-31/functions/${nameOf(logicalId, api)}/invocations`;
    return JSON.parse(await call('lambda', 'POST', path, JSON.stringify(event)));
  }

  return {
    ...api,
    now,
    invoke,
    parameter,
    keys: (event) => invoke('KeeperFunction', event) as Promise<DescribedKeys & KeysRefusal>,
    async places() {
      const [groups, known, signing] = [
        await call('cloudfront', 'GET', '/2020-05-31/key-group'),
        JSON.parse(await parameter('public-keys')) as { keys: { keyPairId: string }[] },
        await parameter('signing-key'),
      ];
      return {
        group: idsIn(groups, /<PublicKey>(\w+)/g),
        known: known.keys.map(({ keyPairId }) => keyPairId),
        signing: idsIn(signing, /Key-Pair-Id: (\S+)/g),
      };
    },
    pass(milliseconds) {
      offset += milliseconds;
    },
    stopAt(time) {
      stoppedAt = Date.now();
      offset = time - stoppedAt;
    },
    goOn() {
      stoppedAt = undefined;
    },
  };
}

const idsIn = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, id = '']) => id);

/** A function's name, which the local runtime keeps in `stack.json`. */
function nameOf(logicalId: string, { dataDir }: LocalApi): string {
  const stack = JSON.parse(readFileSync(join(dataDir, 'stack.json'), 'utf8')) as Record<
    string,
    { readonly type: string; readonly physicalId: string }
  >;
  const [, found] =
    Object.entries(stack).find(([id, { type }]) => type === 'AWS::Lambda::Function' && id.includes(logicalId)) ?? [];
  return found?.physicalId ?? '';
}
