import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { GetObjectCommand, PutBucketCorsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, callRaw, MIB, useBench } from './upload.fixture';

const bench = useBench();
const FUNCTIONS = join(__dirname, '..', '..', 'src', 'functions');
const markdown = readFileSync(join(__dirname, '..', '..', 'docs', 'uploads.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...markdown.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, code = '']) => code);

/** The function behind HTTP, as its routes are behind API Gateway. */
const server = createServer(async (request, response) => {
  const [, id, action] = (request.url ?? '').match(/^\/uploads(?:\/([\w-]+)(\/parts|\/complete)?)?$/) ?? [];
  const resource = id === undefined ? '/uploads' : `/uploads/{id}${action ?? ''}`;
  const idempotencyKey = request.headers['idempotency-key']?.toString();
  const answer = await callRaw(`${request.method} ${resource}`, await text(request), {
    ...(id !== undefined && { id }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  });
  response.writeHead(answer.statusCode).end(answer.body);
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

interface Samples {
  uploadSmall(file: string, blob: Blob): Promise<void>;
  uploadLarge(file: string, blob: Blob, idempotencyKey: string): Promise<{ file: string; size: number }>;
  uploadChecked(file: string, blob: Blob): Promise<void>;
}

function samples(): Samples {
  const code = `${blocks('js').join('\n')}\nreturn { uploadSmall, uploadLarge, uploadChecked };`;
  const { port } = server.address() as AddressInfo;
  return new Function('apiUrl', 'apiKey', code)(`http://127.0.0.1:${port}/`, 'key') as Samples;
}

async function stored(Key: string): Promise<{ type: string | undefined; bytes: Buffer }> {
  const { Body, ContentType } = await bench().client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return { type: ContentType, bytes: Buffer.from((await Body?.transformToByteArray()) ?? []) };
}

describe("the uploads' page", () => {
  it('runs: a small file, one with a checksum, and a large one', async () => {
    const { uploadSmall, uploadLarge, uploadChecked } = samples();
    await uploadSmall('in/small.txt', new Blob(['hello'], { type: 'text/plain' }));
    await uploadChecked('in/checked.txt', new Blob(['hello']));
    const bytes = Buffer.alloc(41 * MIB, 'edgepass');
    const large = await uploadLarge('in/large.bin', new Blob([bytes]), 'large-1');
    expect(large).toMatchObject({ file: 'in/large.bin', size: 41 * MIB });
    expect(await stored('in/small.txt')).toEqual({ type: 'text/plain', bytes: Buffer.from('hello') });
    expect((await stored('in/checked.txt')).bytes.toString()).toBe('hello');
    expect((await stored('in/large.bin')).bytes.equals(bytes)).toBe(true);
    await expect(uploadSmall('out/small.txt', new Blob(['hello']))).rejects.toMatchObject({
      code: 'ERR_KEY_OUTSIDE_UPLOAD_PREFIX',
    });
  });

  it('has a CORS rule that S3 takes', async () => {
    const [rule = ''] = blocks('json');
    const CORSConfiguration = { CORSRules: [JSON.parse(rule)] };
    const answer = await bench().client.send(new PutBucketCorsCommand({ Bucket: BUCKET, CORSConfiguration }));
    expect(answer.$metadata.httpStatusCode).toBe(200);
  });

  it('lists every code of the upload function that the API’s other calls do not have', () => {
    const codes = (from: string): string[] => [...new Set(from.match(/\bERR_[A-Z_]+\b/g))].sort();
    const sources = readdirSync(FUNCTIONS, { encoding: 'utf8', recursive: true }).filter((name) =>
      /^(handlers\/upload|http\/authorize-key|upload\/[\w-]+)\.ts$/.test(name),
    );
    const thrown = codes(sources.map((name) => readFileSync(join(FUNCTIONS, name), 'utf8')).join('\n'));
    const ofApi = codes(readFileSync(join(__dirname, '..', '..', 'docs', 'api.md'), 'utf8'));
    expect(thrown.length).toBeGreaterThan(8);
    expect(thrown.filter((code) => !ofApi.includes(code) && !codes(markdown).includes(code))).toEqual([]);
  });
});
