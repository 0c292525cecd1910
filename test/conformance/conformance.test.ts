/**
 * Every row of rows.json against a distribution: a home's, or with EDGEPASS_AWS=1 a deployed stack's. That needs AWS credentials, and
 * EDGEPASS_BUCKET, EDGEPASS_DISTRIBUTION_URL, EDGEPASS_KEY_PAIR_ID and EDGEPASS_PARAMETER_NAME, from the stack's outputs and the name
 * of its SecureString. It writes the objects that the rows ask for into the bucket.
 */
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { encodeObjectKey } from 'edgepass';
import { type Home, startHome } from 'edgepass/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesize, temporaryFolder } from '../run-home';
import { type Row, type SignTerms, type StoredObject, signRequest } from './sign-request';

const { objects, rows } = JSON.parse(readFileSync(join(__dirname, 'rows.json'), 'utf8')) as {
  objects: StoredObject[];
  rows: Row[];
};

interface Target {
  readonly url: string;
  readonly keyPairId: string;
  readonly privateKey: string;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

let target: Target;
let home: Home | undefined;
const isAws = process.env.EDGEPASS_AWS === '1';
const folder = temporaryFolder(afterAll);

beforeAll(async () => {
  const variables = isAws ? (process.env as Record<string, string>) : await bootHome();
  const config = isAws ? {} : homeConfig(variables);
  const ssm = new SSMClient(config);
  const Name = variables.EDGEPASS_PARAMETER_NAME;
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  ssm.destroy();
  target = {
    url: variables.EDGEPASS_DISTRIBUTION_URL ?? '',
    keyPairId: variables.EDGEPASS_KEY_PAIR_ID ?? '',
    privateKey: Parameter?.Value ?? '',
  };
  const s3 = new S3Client(config);
  for (const { key, body, fill = 0, type, cacheControl } of objects) {
    const Body = body ?? Buffer.alloc(fill, 'x');
    await s3.send(
      new PutObjectCommand({
        Bucket: variables.EDGEPASS_BUCKET,
        Key: key,
        Body,
        ContentType: type,
        CacheControl: cacheControl,
      }),
    );
  }
  s3.destroy();
});
afterAll(() => home?.close());

async function bootHome(): Promise<Record<string, string>> {
  const dataDir = join(folder, 'data');
  home = await startHome({
    dataDir,
    assembly: await synthesize(),
    ports: { aws: 0, api: 0, distribution: 0 },
    reasonHeader: false,
  });
  const stack = JSON.parse(readFileSync(join(dataDir, 'stack.json'), 'utf8')) as Record<
    string,
    { properties: { ParameterName?: string } }
  >;
  const EDGEPASS_PARAMETER_NAME =
    Object.values(stack).find(({ properties }) => properties.ParameterName)?.properties.ParameterName ?? '';
  return { ...home.environment, EDGEPASS_KEY_PAIR_ID: home.outputs.KeyPairId ?? '', EDGEPASS_PARAMETER_NAME };
}

const homeConfig = (variables: Record<string, string>) => ({
  region: variables.AWS_REGION ?? '',
  endpoint: variables.AWS_ENDPOINT_URL ?? '',
  credentials: {
    accessKeyId: variables.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? '',
  },
});

/** The request line goes out as it is written: fetch would normalize it. */
function send(path: string, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
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

const DECODERS: Record<string, (bytes: Buffer) => Buffer> = { br: brotliDecompressSync, gzip: gunzipSync };

function prepare({ request }: Row): { path: string; headers: Record<string, string> } {
  const { key, sign, headers = {}, padTo } = request;
  const path = key === undefined ? (request.path ?? '/') : `/${encodeObjectKey(key)}`;
  if (padTo !== undefined) return { path: path + 'x'.repeat(padTo - target.url.length - path.length), headers };
  return signRequest(path, headers, sign, target);
}

/** Rows that speak of an ETag are told that of their object. */
async function withEtag(headers: Record<string, string>, path: string): Promise<Record<string, string>> {
  if (!Object.values(headers).some((value) => value.includes('{etag}'))) return headers;
  const terms: SignTerms = { via: 'url', expiresIn: 600 };
  const plain = signRequest(path, {}, terms, target);
  const { headers: answered } = await send(plain.path, 'HEAD', plain.headers);
  const etag = String(answered.etag);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace('{etag}', etag)]));
}

describe(isAws ? 'a deployed distribution' : 'the distribution at home', () => {
  it.each(rows.map((row) => [row.id, row.title, row] as const))('%s %s', async (_id, _title, row) => {
    const { method = 'GET', repeat = 1, body, path = '/' } = row.request;
    const prepared = prepare(row);
    const headers = await withEtag(prepared.headers, path);
    let answer: Answer | undefined;
    for (let at = 0; at < repeat; at++) answer = await send(prepared.path, method, headers, body);
    if (!answer) throw new Error('nothing was asked');
    const { expect: expected } = row;
    const text = answer.bytes.toString();
    if (expected.status !== undefined) expect(answer.status, text.slice(0, 300)).toBe(expected.status);
    if (expected.code !== undefined) expect(text).toContain(`<Code>${expected.code}</Code>`);
    if (expected.body !== undefined) expect(text).toBe(expected.body);
    if (expected.contains !== undefined) expect(text).toContain(expected.contains);
    const coding = String(answer.headers['content-encoding'] ?? '');
    if (expected.decoded !== undefined)
      expect((DECODERS[coding]?.(answer.bytes) ?? answer.bytes).toString()).toBe(expected.decoded);
    for (const [name, value] of Object.entries(expected.headers ?? {}))
      expect(answer.headers[name] ?? null, name).toBe(value);
    for (const [name, pattern] of Object.entries(expected.patterns ?? {}))
      expect(answer.headers[name], name).toMatch(new RegExp(pattern));
  });
});

it('docs/fidelity.md is what the rows say', async () => {
  const { page } = (await import('./fidelity.mjs' as string)) as { page(data: { rows: Row[] }): string };
  expect(readFileSync(join(__dirname, '..', '..', 'docs', 'fidelity.md'), 'utf8')).toBe(page({ rows }));
});
