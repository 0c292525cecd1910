import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:http2';
import { get as httpsGet } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, openCertificate } from '../../../certificate';
import { deployedDistribution, Origin } from '../edge.test.fixture';
import type { EdgePool } from './edge-pool';
import { startEdge } from './start-edge';

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'];
const folder = mkdtempSync(join(tmpdir(), 'edgepass-tls-'));
const origin = new Origin();
let tls: Certificate;
let edge: EdgePool;
let https: string;

beforeAll(async () => {
  tls = await openCertificate(folder);
  const settings = {
    cacheBytes: 2 ** 24,
    reasonHeader: false,
    followBucket: false,
    apiUrl: 'http://127.0.0.1:1',
    viewerCountry: undefined,
  };
  const host = { fetchFromS3: origin.answer, onRefusal: () => {}, now: () => new Date() };
  edge = await startEdge({ ports: { http: 0, https: 0 }, tls, settings }, host);
  https = `127.0.0.1:${edge.ports.https}`;
});
afterAll(async () => {
  await edge.close();
  rmSync(folder, { recursive: true });
  rmSync(origin.folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** By HTTP/1.1, plain. */
const plain = (path: string, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = httpRequest({ port: edge.ports.http, host: '127.0.0.1', path, method }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on('error', reject);
    request.end();
  });

/** By HTTP/2. */
async function secure(path: string): Promise<Answer> {
  const session = connect(`https://${https}`, { ca: tls.cert });
  const stream = session.request({ ':path': path });
  let headers: Record<string, unknown> = {};
  stream.on('response', (responseHeaders) => {
    headers = { ...responseHeaders };
  });
  let body = '';
  for await (const chunk of stream) body += chunk;
  session.close();
  return { status: Number(headers[':status']), headers, body };
}

describe('an edge that starts', () => {
  it('answers 503 until there is a distribution', async () => {
    expect((await plain('/a')).status).toBe(503);
    await edge.deploy(
      deployedDistribution({
        origins: [{ Id: 'api', DomainName: 'abc123.execute-api.us-east-1.amazonaws.com' }],
        behaviors: [
          { PathPattern: 'only/*', ViewerProtocolPolicy: 'https-only' },
          { PathPattern: 'all/*', TargetOriginId: 'api', AllowedMethods: METHODS },
        ],
      }),
    );
    expect((await plain('/a')).status).toBe(301);
  });

  it('serves by HTTP/2 with lower-case names, and by HTTPS over HTTP/1.1', async () => {
    origin.put('/a', 'hello');
    const answer = await secure('/a');
    expect([answer.status, answer.body, answer.headers['x-cache']]).toEqual([200, 'hello', 'Miss from cloudfront']);
    const again = await secure('/a');
    expect([again.status, again.body, again.headers['x-cache'], again.headers.age]).toEqual([
      200,
      'hello',
      'Hit from cloudfront',
      '0',
    ]);
    const version = await new Promise((resolve, reject) => {
      httpsGet(`https://${https}/a`, { ca: tls.cert }, (response) => {
        response.resume();
        resolve(response.httpVersion);
      }).on('error', reject);
    });
    expect(version).toBe('1.1');
  });

  it('serves large objects and ranges of them by HTTP/2', async () => {
    const large = 'x'.repeat(3_000_000);
    origin.put('/large', large);
    expect((await secure('/large')).body).toBe(large);
  });

  it('redirects plain HTTP with CloudFront’s 167 bytes, keeping path and query', async () => {
    const { status, headers, body } = await plain('/a%20b?x=1&Signature=s');
    expect([status, headers['content-length'], headers['x-cache'], headers.location]).toEqual([
      301,
      '167',
      'Redirect from cloudfront',
      `https://${https}/a%20b?x=1&Signature=s`,
    ]);
    expect(body).toContain('<center><h1>301 Moved Permanently</h1></center>\r\n<hr><center>CloudFront</center>');
  });

  it('redirects what does not only read with 307, and refuses it in HTTP/1.0, which knows no 307', async () => {
    const { status, headers } = await plain('/all/a', 'POST');
    expect([status, headers.location]).toEqual([307, `https://${https}/all/a`]);
    const old = await new Promise<string>((resolve) => {
      const socket = connectTcp(edge.ports.http, '127.0.0.1', () =>
        socket.write('POST /all/a HTTP/1.0\r\nHost: a\r\n\r\n'),
      );
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
    });
    expect(old).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('answers 403 to plain HTTP where HTTPS alone is allowed', async () => {
    const { status, headers } = await plain('/only/a');
    expect([status, headers['x-cache']]).toEqual([403, 'Error from cloudfront']);
  });

  it('closes while a viewer still has a session open', async () => {
    const other = await startEdge(
      {
        ports: { http: 0, https: 0 },
        tls,
        settings: { cacheBytes: 1, reasonHeader: false, followBucket: false, apiUrl: '', viewerCountry: undefined },
      },
      { fetchFromS3: origin.answer, onRefusal: () => {}, now: () => new Date() },
    );
    const session = connect(`https://127.0.0.1:${other.ports.https}`, { ca: tls.cert });
    await new Promise((resolve) => session.once('connect', resolve));
    await other.close();
    await new Promise<void>((resolve) => (session.destroyed ? resolve() : session.once('close', () => resolve())));
    expect(session.destroyed).toBe(true);
  });
});
