import { createPrivateKey, sign as signBytes } from 'node:crypto';

/** An object that rows ask for. */
export interface StoredObject {
  readonly key: string;
  readonly body?: string;
  /** Bytes, when there is no body. */
  readonly fill?: number;
  readonly type: string;
  readonly cacheControl?: string;
}

/** How a row's request is signed, and what is then done to it. Times in seconds from now. */
export interface SignTerms {
  readonly via: 'url' | 'cookies';
  readonly expiresIn: number;
  readonly hashAlgorithm?: 'SHA1' | 'SHA256';
  readonly startsIn?: number;
  readonly ipAddress?: string;
  /** A Resource with wildcards: a path behind the distribution's URL, or `*`. */
  readonly resource?: string;
  /** The policy's whole text. */
  readonly policy?: string;
  /** The path that is signed in place of the one requested. */
  readonly for?: string;
  /** Values put in place of the right ones; null leaves one out. */
  readonly set?: Readonly<Record<string, string | null>>;
  readonly alter?: 'signature';
  readonly twice?: string;
  readonly append?: string;
  readonly first?: boolean;
}

export interface Row {
  readonly id: string;
  readonly title: string;
  readonly source: 'D' | 'C' | 'INF' | 'UNV';
  readonly request: {
    readonly path?: string;
    readonly key?: string;
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly body?: string;
    readonly repeat?: number;
    readonly padTo?: number;
    readonly sign?: SignTerms;
  };
  readonly expect: {
    readonly status?: number;
    readonly code?: string;
    readonly body?: string;
    readonly contains?: string;
    readonly decoded?: string;
    readonly headers?: Record<string, string | null>;
    readonly patterns?: Record<string, string>;
  };
}

interface Signer {
  readonly url: string;
  readonly keyPairId: string;
  readonly privateKey: string;
}

/** Signs by the documentation's own steps, not with edgepass, which is on the other side of this test. */
export function signRequest(
  path: string,
  headers: Record<string, string>,
  terms: SignTerms | undefined,
  signer: Signer,
): { path: string; headers: Record<string, string> } {
  if (!terms) return { path, headers };
  const parameters = parametersOf(path, terms, signer);
  if (terms.via === 'cookies') {
    const cookie = parameters.map(([name, value]) => `CloudFront-${name}=${value}`).join('; ');
    return { path, headers: { ...headers, cookie } };
  }
  const query = parameters.map(([name, value]) => `${name}=${value}`);
  if (terms.twice !== undefined) query.push(query.find((pair) => pair.startsWith(`${terms.twice}=`)) ?? '');
  const [plain = '', own] = path.split('?');
  const all = terms.first ? [...query, own] : [own, ...query];
  return { path: `${plain}?${all.filter((part) => part !== undefined).join('&')}${terms.append ?? ''}`, headers };
}

function parametersOf(path: string, terms: SignTerms, { url, keyPairId, privateKey }: Signer): [string, string][] {
  const { hashAlgorithm = 'SHA1', set = {} } = terms;
  const now = Math.floor(Date.now() / 1000);
  const end = now + terms.expiresIn;
  const isCustom = [terms.startsIn, terms.ipAddress, terms.resource, terms.policy].some((term) => term !== undefined);
  const resource = terms.resource === '*' ? '*' : url + (terms.resource ?? terms.for ?? path);
  const Condition = {
    DateLessThan: { 'AWS:EpochTime': end },
    ...(terms.startsIn !== undefined && { DateGreaterThan: { 'AWS:EpochTime': now + terms.startsIn } }),
    ...(terms.ipAddress !== undefined && { IpAddress: { 'AWS:SourceIp': terms.ipAddress } }),
  };
  const policy = terms.policy ?? JSON.stringify({ Statement: [{ Resource: resource, Condition }] });
  const signature = signBytes(hashAlgorithm.toLowerCase(), Buffer.from(policy), createPrivateKey(privateKey));
  if (terms.alter === 'signature') signature.writeUInt8((signature.readUInt8(40) + 1) % 256, 40);
  const values: Record<string, string | null> = {
    ...(isCustom ? { Policy: safe(Buffer.from(policy)) } : { Expires: String(end) }),
    Signature: safe(signature),
    'Key-Pair-Id': keyPairId,
    ...(hashAlgorithm === 'SHA256' && { 'Hash-Algorithm': 'SHA256' }),
    ...set,
  };
  return Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null);
}

const SAFE: Readonly<Record<string, string>> = { '+': '-', '=': '_', '/': '~' };
const safe = (bytes: Buffer): string => bytes.toString('base64').replace(/[+=/]/g, (sign) => SAFE[sign] ?? '');
