/** Requests that are too long, malformed, or framed so that two readers would disagree about where the next one begins. */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LocalEdge, startLocalEdge } from './local-edge';
import { ask, converse } from './viewer';

const SECOND = 'the answer to the second request';
const LARGE = randomBytes(8 * 1024 * 1024);

let local: LocalEdge;
beforeAll(async () => {
  local = await startLocalEdge();
  await local.put('second.txt', SECOND);
  await local.put('large', LARGE);
});
afterAll(() => local?.close());
afterEach(async () => {
  expect((await ask(local, local.sign('/second.txt'))).bytes.toString()).toBe(SECOND);
  expect(local.isAlive()).toBe(true);
});

const get = (target: string, ...lines: string[]): string =>
  [`GET ${target} HTTP/1.1`, `Host: ${local.host}`, ...lines, '', ''].join('\r\n');

/** Statuses of a connection's answers, in order. */
const statusesOf = (answers: string): number[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

describe('a connection on which the next request’s beginning is in doubt is ended, and that request is never answered', () => {
  const length = 'Content-Length';
  const coding = 'Transfer-Encoding';

  /** Header lines, then what stands between the headers and the second request. */
  it.each<[title: string, lines: string[], between?: string]>([
    ['a length beside chunks', [`${length}: 4`, `${coding}: chunked`], '0\r\n\r\n'],
    ['chunks beside a length', [`${coding}: chunked`, `${length}: 4`], '0\r\n\r\n'],
    ['two different lengths', [`${length}: 0`, `${length}: 9`]],
    ['the same length twice', [`${length}: 0`, `${length}: 0`]],
    ['a list of lengths', [`${length}: 0, 9`]],
    ['a list of one length', [`${length}: 0, 0`]],
    ['a length with a space inside', [`${length}: 0 0`]],
    ['a length with a space before the colon', [`${length} : 0`]],
    ['a length with a plus', [`${length}: +0`]],
    ['a length with a minus', [`${length}: -0`]],
    ['a hexadecimal length', [`${length}: 0x0`]],
    ['an empty length', [`${length}: `]],
    ['a length of 2^64', [`${length}: 18446744073709551616`]],
    ['a folded Transfer-Encoding', [`${coding}:`, ' chunked'], '0\r\n\r\n'],
    ['a Transfer-Encoding that goes on in the next line', [`${coding}: x`, ' chunked'], '0\r\n\r\n'],
    ['a length folded away', ['X: y', ` ${length}: 9`]],
    ['xchunked', [`${coding}: xchunked`], '0\r\n\r\n'],
    ['quoted chunked', [`${coding}: "chunked"`], '0\r\n\r\n'],
    ['identity', [`${coding}: identity`]],
    ['chunked that is not the last coding', [`${coding}: chunked, identity`], '0\r\n\r\n'],
    ['two Transfer-Encodings', [`${coding}: chunked`, `${coding}: identity`], '0\r\n\r\n'],
    ['a Transfer-Encoding with a space before the colon', [`${coding} : chunked`], '0\r\n\r\n'],
    ['a Transfer-Encoding behind a vertical tab', [`${coding}: \x0bchunked`], '0\r\n\r\n'],
    ['a chunk size that is no number', [`${coding}: chunked`], '0x0\r\n\r\n'],
    ['a chunk size of 2^64', [`${coding}: chunked`], '10000000000000000\r\n\r\n'],
    ['a chunk longer than it says', [`${coding}: chunked`], '1\r\nab\r\n0\r\n\r\n'],
    ['a chunk that ends in a bare LF', [`${coding}: chunked`], '0\n\n'],
    ['a chunk extension with a bare LF', [`${coding}: chunked`], '0;a\nb\r\n\r\n'],
    ['a length behind a bare LF', [`X: y\n${length}: 9`]],
    ['a length behind a bare CR', [`X: y\r${length}: 9`]],
    ['a bare LF that ends the headers', ['X: y\r\n\n']],
    ['a NUL in a header', ['X: y\0z']],
    ['a line without a colon', ['X y']],
  ])('%s', async (_title, lines, between = '') => {
    const answers = await converse(local, get('/first.txt', ...lines) + between + get(local.sign('/second.txt')));
    expect(statusesOf(answers)[0]).toSatisfy((status: number) => status >= 400 && status < 500);
    expect(answers.includes(SECOND)).toBe(false);
  });

  it('bare LFs alone', async () => {
    const first = get('/first.txt').replaceAll('\r\n', '\n');
    const answers = await converse(local, first + get(local.sign('/second.txt')));
    expect([statusesOf(answers), answers.includes(SECOND)]).toEqual([[400], false]);
  });

  it('chunks in HTTP/1.0', async () => {
    // RFC 9112, 6.1: the framing of such a message is faulty, and the connection is closed after it.
    const lines = ['GET /first.txt HTTP/1.0', `Host: ${local.host}`, 'Connection: keep-alive', `${coding}: chunked`];
    const end = get(local.sign('/second.txt'), 'Connection: close');
    const answers = await converse(local, `${lines.join('\r\n')}\r\n\r\n0\r\n\r\n${end}`);
    expect(statusesOf(answers)[0]).toSatisfy((status: number) => status >= 400 && status < 500);
    expect(answers.includes(SECOND)).toBe(false);
  });

  it('two Host headers', async () => {
    // RFC 9112, 3.2: 400 to any request with more than one.
    const answers = await converse(local, get('/first.txt', 'Host: another', 'Connection: close'));
    expect(statusesOf(answers)).toEqual([400]);
  });
});

describe('a body is a body, whatever it looks like', () => {
  it.each([
    ['by its length', (inner: string) => get('/first.txt', `Content-Length: ${inner.length}`) + inner],
    [
      'in chunks',
      (inner: string) =>
        `${get('/first.txt', 'Transfer-Encoding: chunked')}${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`,
    ],
  ])('%s', async (_title, framed) => {
    const last = get('/last.txt', 'Connection: close');
    const answers = await converse(local, framed(get(local.sign('/second.txt'))) + last);
    expect([statusesOf(answers), answers.includes(SECOND)]).toEqual([[403, 403], false]);
  });
});

describe("the edge's refusals", () => {
  it('garbage behind a request that is being answered is not answered in the middle of that answer', async () => {
    const bytes = await new Promise<Buffer>((resolve) => {
      const socket = connect(local.port, '127.0.0.1', () => socket.write(get(local.sign('/large'))));
      const chunks: Buffer[] = [];
      socket.once('data', () => socket.write('GARBAGE\r\n\r\n'));
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', () => {});
      socket.on('close', () => resolve(Buffer.concat(chunks)));
    });
    const body = bytes.subarray(bytes.indexOf('\r\n\r\n') + 4, bytes.indexOf('\r\n\r\n') + 4 + LARGE.length);
    expect(body.length).toBeGreaterThan(0);
    expect(body.equals(LARGE.subarray(0, body.length))).toBe(true);
  });
});

describe('sizes', () => {
  const before = (): string => `http://${local.host}/`;
  const urlOf = (bytes: number): string => `/${'a'.repeat(bytes - before().length)}`;

  it('a URL of 8,192 bytes is taken, one of 8,193 is answered 413, and the connection ends', async () => {
    const next = get(local.sign('/second.txt'), 'Connection: close');
    const taken = await converse(local, get(urlOf(8192)) + next);
    expect([statusesOf(taken), taken.includes(SECOND)]).toEqual([[403, 200], true]);
    const refused = await converse(local, get(urlOf(8193)) + next);
    expect([statusesOf(refused), refused.includes(SECOND)]).toEqual([[413], false]);
    expect(refused).toMatch(/\r\nConnection: close\r\n/i);
    expect(refused).toContain('X-Cache: Error from cloudfront');
  });

  /** A request whose line and headers are so many bytes, its last CRLF included. */
  function requestOf(bytes: number, line: string): string {
    const start = get('/first.txt', 'Connection: close').slice(0, -2);
    const room = bytes - start.length - 'X: \r\n\r\n'.length;
    const lines = line.repeat(Math.floor(room / line.length));
    return `${start}${lines}X: ${'x'.repeat(room - lines.length)}\r\n\r\n`;
  }

  it.each([
    ['one header', ' '.repeat(30_000)],
    ['headers of ten bytes', 'abc: def\r\n'],
    ['headers of six bytes', 'a: b\r\n'],
  ])(
    '20,480 bytes of request in %s are taken, 20,481 are answered 413, and the connection ends',
    async (_title, line) => {
      expect(requestOf(20_480, line)).toHaveLength(20_480);
      expect(statusesOf(await converse(local, requestOf(20_480, line)))).toEqual([403]);
      const refused = await converse(local, requestOf(20_481, line));
      expect(statusesOf(refused)).toEqual([413]);
      expect(refused).toMatch(/\r\nConnection: close\r\n/i);
    },
  );

  it('a header behind 2,100 others counts', async () => {
    const others = Array.from({ length: 2_100 }, () => 'a:b');
    const link = local.sign('/second.txt');
    const answers = await converse(local, get(link, ...others, 'Range: bytes=0-2', 'Connection: close'));
    expect(statusesOf(answers)).toEqual([206]);
  });

  it('megabytes of headers end the connection, and nothing behind them is answered', async () => {
    const endless = `${get('/first.txt').slice(0, -2)}${'X: y\r\n'.repeat(500_000)}\r\n`;
    const refused = await converse(local, endless + get(local.sign('/second.txt')));
    // The system may take back an answer that was not read when the connection is ended on somebody who still sends.
    expect([[413], []]).toContainEqual(statusesOf(refused));
    expect(refused.includes(SECOND)).toBe(false);
  });
});

describe('malformed paths', () => {
  const paths = [
    ...['/%zz', '/%', '/a%', '/a%4', '/%u0041', '/%c3%28', '/%ff', '/%ed%a0%80', '/%f4%90%80%80'],
    ...['/%00', '/a%00b', '/%c0%ae%c0%ae/', '/%c0%af', '/%e0%80%af', '/a%0d%0aX:%20y', '/a%0a', '/%1b'],
    ...['/..', '/../../etc/passwd', '/..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e', '/./a', '//', '//a', '/%2f'],
    ...['/<a>', '/a"b', '/a\\b', '/a|b', '/a#b', '/a^b', '/{a}', '/a`b', "/a'b"],
    ...['/a?x=%zz', '/a?%', '/a??', '/a?&&', '/a?versionId=%zz', '/a?partNumber=x', '/?list-type=2', '/a?acl'],
    `/${'a'.repeat(1025)}`,
    `/${'%e2%82%ac'.repeat(400)}`,
    `/${'%00'.repeat(1000)}`,
    `/${'/'.repeat(3000)}`,
  ];

  it.each(paths.map((path) => [path.length > 40 ? `${path.slice(0, 40)}… (${path.length})` : path, path]))(
    '%s: a 4xx, signed or not',
    async (_title, path) => {
      for (const target of [path, local.sign(path)]) {
        const answers = await converse(local, get(target, 'Connection: close'));
        expect(statusesOf(answers)).toEqual([expect.toSatisfy((status: number) => status >= 400 && status < 500)]);
        expect(answers).toMatch(/\r\nX-Cache: Error from cloudfront\r\n/i);
      }
    },
  );
});
