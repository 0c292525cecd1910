import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Position } from './cursor';
import { listPage, nameOf } from './list-page';

/** A bucket of 12,000 objects that S3 lists a thousand at a time; a token is the number of objects before it. */
const KEYS = Array.from({ length: 12_000 }, (_, at) => `m/${String(at).padStart(5, '0')}`);
let requests = 0;

const server = createServer((request, response) => {
  requests++;
  const from = Number(new URL(request.url ?? '', 'http://s3').searchParams.get('continuation-token'));
  const contents = KEYS.slice(from, from + 1_000).map((key) => `<Contents><Key>${key}</Key></Contents>`);
  const more = from + 1_000 < KEYS.length ? `<NextContinuationToken>${from + 1_000}</NextContinuationToken>` : '';
  response.end(`<ListBucketResult>${contents.join('')}${more}</ListBucketResult>`);
});

beforeAll(async () => {
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('BUCKET_NAME', 'bucket');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY');
});
afterAll(() => {
  vi.unstubAllEnvs();
  return new Promise((done) => server.close(done).closeAllConnections());
});

async function search(text: string, limit: number, start: Position = {}) {
  requests = 0;
  const { items, next } = await listPage({ prefix: 'm/', search: text, limit }, start);
  return { names: items.map(nameOf), next, requests };
}

describe('a page of a listing', () => {
  it('a search reads ten pages of S3 at most, and goes on where it stopped', async () => {
    const first = await search('1050', 1_000);
    expect(first).toEqual({ names: ['m/01050'], next: { token: '10000' }, requests: 10 });
    const second = await search('1050', 1_000, first.next);
    expect(second.names).toEqual(KEYS.filter((key) => key.startsWith('m/1') && key.includes('1050')));
    expect(second).toMatchObject({ next: undefined, requests: 2 });
  });

  it('a search that finds nothing answers nothing, and a next page as long as there are keys', async () => {
    const first = await search('nothing', 10);
    expect(first).toEqual({ names: [], next: { token: '10000' }, requests: 10 });
    expect(await search('nothing', 10, first.next)).toEqual({ names: [], next: undefined, requests: 2 });
  });

  it('a search stops at its limit, and takes the rest of that page of S3 next time', async () => {
    const first = await search('00', 3);
    expect(first).toEqual({ names: ['m/00000', 'm/00001', 'm/00002'], next: { after: 'm/00002' }, requests: 1 });
    expect((await search('00', 2, first.next)).names).toEqual(['m/00003', 'm/00004']);
  });
});
