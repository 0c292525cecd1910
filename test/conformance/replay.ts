import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { encodeObjectKey } from 'edgepass';
import { s3Client } from '../clients';
import type { Environment } from '../run-local';
import { type Row, type SignTerms, type StoredObject, signRequest } from './sign-request';

/** A distribution that rows are asked of: a local runtime's, or one on AWS. */
export interface Target {
  readonly url: string;
  readonly keyPairId: string;
  readonly privateKey: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

export interface Table {
  readonly objects: readonly StoredObject[];
  readonly rows: readonly Row[];
}

export const readTable = (folder: string): Table =>
  JSON.parse(readFileSync(join(folder, 'rows.json'), 'utf8')) as Table;

/** Puts the objects that rows ask for into the stack's bucket. */
export async function putObjects(environment: Environment, objects: readonly StoredObject[]): Promise<void> {
  const s3 = s3Client(environment);
  for (const { key, body, fill = 0, type, cacheControl } of objects) {
    const Body = Buffer.from(body ?? 'x'.repeat(fill));
    const Bucket = environment.EDGEPASS_BUCKET;
    await s3.send(new PutObjectCommand({ Bucket, Key: key, Body, ContentType: type, CacheControl: cacheControl }));
  }
  s3.destroy();
}

/** Asks what the row says, as often as it says; the last answer counts. */
export async function replay({ request }: Pick<Row, 'request'>, target: Target): Promise<Answer> {
  const { method = 'GET', repeat = 1, body, path = '/' } = request;
  const prepared = prepare(request, target);
  const headers = await withEtag(prepared.headers, path, target);
  let answer = await send(target, prepared.path, method, headers, body);
  for (let sent = 1; sent < repeat; sent++) answer = await send(target, prepared.path, method, headers, body);
  return answer;
}

/** The request line goes out as it is written: fetch would normalize it. */
function send(
  target: Target,
  path: string,
  method: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Answer> {
  const { hostname, port, protocol } = new URL(target.url);
  const ask = protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const request = ask({ hostname, port, path, method, headers: { ...length, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) }),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function prepare(request: Row['request'], target: Target): { path: string; headers: Record<string, string> } {
  const { key, sign, headers = {}, padTo } = request;
  const path = key === undefined ? (request.path ?? '/') : `/${encodeObjectKey(key)}`;
  if (padTo !== undefined) return { path: path + 'x'.repeat(padTo - target.url.length - path.length), headers };
  return signRequest(path, headers, sign, target);
}

/** Rows that speak of an ETag are told that of their object. */
async function withEtag(
  headers: Record<string, string>,
  path: string,
  target: Target,
): Promise<Record<string, string>> {
  if (!Object.values(headers).some((value) => value.includes('{etag}'))) return headers;
  const terms: SignTerms = { via: 'url', expiresIn: 600 };
  const plain = signRequest(path, {}, terms, target);
  const { headers: responseHeaders } = await send(target, plain.path, 'HEAD', plain.headers);
  const etag = String(responseHeaders.etag);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace('{etag}', etag)]));
}

const DECODERS: Record<string, (bytes: Buffer) => Buffer> = { br: brotliDecompressSync, gzip: gunzipSync };

/** Where an answer is not what the row expects, a line each: `what: expected …, answered …`. */
export function differences({ expect }: Pick<Row, 'expect'>, { status, headers, bytes }: Answer): string[] {
  const found: string[] = [];
  const differ = (what: string, expected: unknown, actual: unknown): void => {
    found.push(`${what}: expected ${brief(expected)}, answered ${brief(actual)}`);
  };
  const text = bytes.toString();
  if (expect.status !== undefined && status !== expect.status) differ('status', expect.status, status);
  if (expect.code !== undefined && !text.includes(`<Code>${expect.code}</Code>`))
    differ('code', expect.code, text.match(/<Code>(.*?)<\/Code>/)?.[1] ?? text);
  if (expect.body !== undefined && text !== expect.body) differ('body', expect.body, text);
  if (expect.contains !== undefined && !text.includes(expect.contains)) differ('body', expect.contains, text);
  if (expect.decoded !== undefined) {
    const decoded = decode(String(headers['content-encoding'] ?? ''), bytes);
    if (decoded !== expect.decoded) differ('decoded body', expect.decoded, decoded);
  }
  for (const [name, value] of Object.entries(expect.headers ?? {}))
    if ((headers[name] ?? null) !== value) differ(name, value, headers[name] ?? null);
  for (const [name, pattern] of Object.entries(expect.patterns ?? {}))
    if (!new RegExp(pattern).test(String(headers[name] ?? ''))) differ(name, pattern, headers[name] ?? null);
  return found;
}

function decode(coding: string, bytes: Buffer): string {
  try {
    return (DECODERS[coding]?.(bytes) ?? bytes).toString();
  } catch {
    return `bytes that are not ${coding}`;
  }
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 160 ? `${text.slice(0, 160)}… (${text.length} characters)` : text;
}
