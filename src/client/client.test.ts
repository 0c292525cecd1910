import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, createClient } from './client';

let server: Server;
let client: Client;
let requested: string[];

beforeEach(async () => {
  requested = [];
  server = createServer((request, response) => {
    requested.push(`${request.method} ${request.url}`);
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = createClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('delete', () => {
  it.each([
    'b.txt',
    'reports/q3.pdf',
    'reports/',
    '/leading',
    'a//b',
    '/',
    'a/../b.txt',
    '../b.txt',
    'a/./b',
    'a/..',
    './',
    '%2e%2e/b.txt',
    '100%.txt',
    'a b+c?d#e&f=g.txt',
    "it's (1)!*.txt",
    '報告/第三.pdf',
    'a\\..\\b',
    'tab\tand\nline',
    '…/😀',
  ])('asks for the object %j and for no other', async (key) => {
    await client.delete(key);
    const [, path = ''] = /^DELETE \/v1\/s3objects\/([^/?]+)$/.exec(requested.join()) ?? [];
    expect(decodeURIComponent(path)).toBe(key);
  });

  it.each([
    ['.', 'No URL can name the object "." or ".."'],
    ['..', 'No URL can name the object "." or ".."'],
    ['', 'The object key is empty'],
    ['\ud800', 'The object key has half of a surrogate pair'],
  ])('refuses the key %j and sends nothing', async (key, message) => {
    const refused = { name: 'EdgepassApiError', code: 'ERR_OBJECT_KEY_INVALID', status: 0, field: 'file', message };
    await expect(client.delete(key)).rejects.toMatchObject(refused);
    expect(requested).toEqual([]);
  });
});
