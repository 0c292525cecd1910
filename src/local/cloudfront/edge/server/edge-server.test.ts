import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEdgeServer } from './edge-server';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createEdgeServer((_request, response) => response.end('served'), 300);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends bytes as they are; resolves with all that comes back until the connection ends. */
const raw = (bytes: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });

describe("the edge's server", () => {
  it.each([
    ['two different lengths', 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
    [
      'a length beside chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a header name with a space', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n', 400],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400],
    ['20,481 bytes of headers', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_481)}\r\n\r\n`, 413],
    ['headers that never end', 'GET / HTTP/1.1\r\nHost: a\r\nX: ', 400],
  ])('answers %s as CloudFront does, and ends the connection', async (_title, bytes, status) => {
    const answer = await raw(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*\r\nServer: CloudFront\r\n`));
    expect(answer).toContain('X-Cache: Error from cloudfront');
    expect(answer).toContain('<TITLE>ERROR: The request could not be satisfied</TITLE>');
  });

  it('serves on after all that', async () => {
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('served');
  });
});
