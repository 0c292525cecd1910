import { randomBytes } from 'node:crypto';
import { get as httpGet } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSigner } from '../../../signing';
import {
  deployedDistribution,
  type EdgeSetup,
  type EdgeUnderTest,
  type Origin,
  pair,
  startEdgeUnderTest,
} from './edge.test.fixture';

let test: EdgeUnderTest;
let origin: Origin;

async function start(setup: EdgeSetup = {}): Promise<void> {
  test?.close();
  test = await startEdgeUnderTest(setup);
  origin = test.origin;
}

beforeEach(() => start());
afterEach(() => test.close());

/** fetch asks for compression by itself and undoes it, so it is told not to. */
const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(test.base + path, { method, headers: { 'accept-encoding': 'identity', ...headers } });
const cacheOf = (response: Response): string | null => response.headers.get('x-cache');

describe('the cache', () => {
  it('answers again without the origin, with its age', async () => {
    origin.put('/a', 'hello');
    const first = await get('/a');
    expect([cacheOf(first), first.headers.get('age'), await first.text()]).toEqual([
      'Miss from cloudfront',
      null,
      'hello',
    ]);
    test.clock += 5_000;
    const second = await get('/a');
    expect([cacheOf(second), second.headers.get('age'), await second.text()]).toEqual([
      'Hit from cloudfront',
      '5',
      'hello',
    ]);
    expect(origin.requests).toHaveLength(1);
  });

  it('asks once for all who wait', async () => {
    origin.put('/a', 'hello');
    const answers = await Promise.all(Array.from({ length: 20 }, () => get('/a')));
    expect(answers.map(cacheOf).filter((value) => value === 'Miss from cloudfront')).toHaveLength(1);
    expect(origin.requests).toHaveLength(1);
  });

  it('revalidates what is stale, and fetches what has changed', async () => {
    origin.put('/a', 'hello', { 'cache-control': 'max-age=10' });
    await get('/a');
    test.clock += 11_000;
    expect(cacheOf(await get('/a'))).toBe('RefreshHit from cloudfront');
    expect(cacheOf(await get('/a'))).toBe('Hit from cloudfront');
    origin.put('/a', 'changed', { 'cache-control': 'max-age=10' });
    test.clock += 11_000;
    const changed = await get('/a');
    expect([cacheOf(changed), await changed.text()]).toEqual(['Miss from cloudfront', 'changed']);
  });

  it('serves an overwritten object until its time ends, and says so', async () => {
    origin.put('/a', 'old');
    await get('/a');
    origin.put('/a', 'new');
    const stale = test.edge.objectChanged('files', 'a');
    expect(stale).toEqual({ path: '/a', freshUntil: test.clock + 86_400_000 });
    expect(await (await get('/a')).text()).toBe('old');
  });

  it('follows the bucket with followBucket', async () => {
    await start({ options: { followBucket: true } });
    origin.put('/a%20b', 'old');
    await get('/a%20b');
    expect(test.edge.objectChanged('files', 'a b')).toBeUndefined();
    expect(cacheOf(await get('/a%20b'))).toBe('Miss from cloudfront');
  });

  it('keeps nothing with CachingDisabled', async () => {
    origin.put('/fresh/a', 'hello');
    expect([cacheOf(await get('/fresh/a')), cacheOf(await get('/fresh/a'))]).toEqual([
      'Miss from cloudfront',
      'Miss from cloudfront',
    ]);
  });

  it('tells apart, and sends on, the parameters of the allow-list alone', async () => {
    origin.put('/query/a', 'hello');
    await get('/query/a?v=1&utm=x');
    expect(cacheOf(await get('/query/a?utm=y&v=1'))).toBe('Hit from cloudfront');
    expect(cacheOf(await get('/query/a?v=2'))).toBe('Miss from cloudfront');
    expect(origin.requests.map(({ rawQuery }) => rawQuery)).toEqual(['v=1', 'v=2']);
  });

  it.each([
    ['max-age=30', 29, 'Hit'],
    ['max-age=30', 30, 'RefreshHit'],
    ['s-maxage=5, max-age=30', 6, 'RefreshHit'],
    ['max-age=1000', 99, 'Hit'],
    ['max-age=1000', 101, 'RefreshHit'],
    ['no-cache', 1, 'Miss'],
    ['private', 1, 'Miss'],
  ])('with %s, after %i s: %s', async (cacheControl, seconds, outcome) => {
    origin.put('/query/a', 'hello', { 'cache-control': cacheControl });
    await get('/query/a');
    test.clock += seconds * 1000;
    expect(cacheOf(await get('/query/a'))).toBe(`${outcome} from cloudfront`);
  });

  it('does not keep S3’s 403, keeps a 503 for ten seconds, and is well again', async () => {
    expect(cacheOf(await get('/later'))).toBe('Error from cloudfront');
    origin.put('/later', 'here');
    expect((await get('/later')).status).toBe(200);
    origin.open = false;
    expect((await get('/down')).status).toBe(503);
    origin.open = true;
    origin.put('/down', 'up');
    expect((await get('/down')).status).toBe(503);
    test.clock += 11_000;
    expect((await get('/down')).status).toBe(200);
  });

  it('leaves a large object in its files, and releases them', async () => {
    const bytes = randomBytes(3_000_000);
    origin.put('/large', bytes);
    expect(Buffer.from(await (await get('/large')).arrayBuffer()).equals(bytes)).toBe(true);
    const hit = await get('/large', { range: 'bytes=1000000-1000009' });
    expect([cacheOf(hit), Buffer.from(await hit.arrayBuffer())]).toEqual([
      'Hit from cloudfront',
      bytes.subarray(1_000_000, 1_000_010),
    ]);
    expect(origin.retained).toBe(1);
    origin.put('/fresh/large', bytes);
    await (await get('/fresh/large')).arrayBuffer();
    await expect.poll(() => origin.retained).toBe(1);
  });
});

describe('invalidations', () => {
  it('are of an answer too that is on its way while they are made', async () => {
    origin.put('/a', 'old');
    let go = (): void => {};
    origin.held = new Promise((resolve) => {
      go = resolve;
    });
    const old = get('/a');
    await expect.poll(() => origin.requests.length).toBe(1);
    test.edge.invalidate(['/a']);
    go();
    expect(await (await old).text()).toBe('old');
    origin.put('/a', 'new');
    const fresh = await get('/a');
    expect([cacheOf(fresh), await fresh.text()]).toEqual(['Miss from cloudfront', 'new']);
  });

  it.each([
    ['/a', ['/a']],
    ['/a*', ['/a', '/ab', '/a/b']],
    ['/*', ['/a', '/ab', '/a/b', '/c']],
  ])('of %s drop what it names, and nothing else', async (path, dropped) => {
    const paths = ['/a', '/ab', '/a/b', '/c'];
    for (const one of paths) {
      origin.put(one, one);
      await get(one);
    }
    test.edge.invalidate([path]);
    const missed: string[] = [];
    for (const one of paths) if (cacheOf(await get(one)) === 'Miss from cloudfront') missed.push(one);
    expect(missed).toEqual(dropped);
  });
});

describe('a distribution’s own settings', () => {
  it('an origin’s path goes before the viewer’s, and its own headers along', async () => {
    await start({
      origins: [
        {
          Id: 'app',
          DomainName: 'pages.s3.us-east-1.amazonaws.com',
          OriginAccessControlId: '$access',
          OriginPath: '/site/v1',
          OriginCustomHeaders: [{ HeaderName: 'X-Own', HeaderValue: '1' }],
        },
      ],
      behaviors: [{ PathPattern: '_app/*', TargetOriginId: 'app' }],
    });
    origin.put('/site/v1/_app/index.html', 'page');
    expect(await (await get('/_app/index.html')).text()).toBe('page');
    expect(origin.requests).toMatchObject([{ bucket: 'pages', headers: { 'x-own': '1' } }]);
  });

  it.each([
    ['CH', 403],
    ['DE', 200],
    [undefined, 200],
  ])('a block-list of CH answers %s with %i', async (viewerCountry, status) => {
    const GeoRestriction = { RestrictionType: 'blacklist', Locations: ['CH'] };
    await start({ config: { Restrictions: { GeoRestriction } }, options: { viewerCountry } });
    origin.put('/a', 'here');
    const answer = await get('/a');
    expect(answer.status).toBe(status);
    if (status === 403) expect(await answer.text()).toContain('block access from your country');
  });

  it('an origin request policy sends the bucket what its CORS rules ask for, and keeps one answer for all', async () => {
    await start({
      behaviors: [{ PathPattern: 'cors/*', OriginRequestPolicyId: '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf' }],
    });
    origin.put('/cors/a', 'hello');
    await get('/cors/a', { origin: 'https://a.test', 'x-other': '1' });
    expect(origin.requests[0]?.headers).toEqual({ origin: 'https://a.test' });
    expect(cacheOf(await get('/cors/a', { origin: 'https://b.test' }))).toBe('Hit from cloudfront');
  });
});

describe('ranges and conditions', () => {
  beforeEach(() => origin.put('/r', '0123456789'));

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=5-100', 206, '56789', 'bytes 5-9/10'],
    ['bytes=4-2', 200, '0123456789', null],
    ['bytes=0-1,3-4', 200, '0123456789', null],
    ['lines=1-2', 200, '0123456789', null],
    ['bytes=99999990-', 416, '<Error><Code>InvalidRange</Code></Error>', null],
  ])('%s: %i', async (range, status, body, contentRange) => {
    for (const _ of ['miss', 'hit']) {
      const response = await get('/r', { range });
      expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
        status,
        body,
        contentRange,
      ]);
    }
  });

  it('answers 304 from the edge, 412 in the origin’s words', async () => {
    const etag = (await get('/r')).headers.get('etag') ?? '';
    const unchanged = await get('/r', { 'if-none-match': etag });
    expect([unchanged.status, unchanged.headers.get('etag'), unchanged.headers.get('content-length')]).toEqual([
      304,
      etag,
      null,
    ]);
    expect((await get('/r', { 'if-modified-since': 'Tue, 24 Nov 2026 12:00:00 GMT' })).status).toBe(304);
    expect((await get('/r', { 'if-modified-since': 'Tue, 24 Nov 2026 11:59:59 GMT' })).status).toBe(200);
    const failed = await get('/r', { 'if-match': '"other"' });
    expect([failed.status, cacheOf(failed), await failed.text()]).toEqual([
      412,
      'Error from cloudfront',
      expect.stringContaining('PreconditionFailed'),
    ]);
    expect((await get('/r', { range: 'bytes=0-0', 'if-range': etag })).status).toBe(206);
    expect((await get('/r', { range: 'bytes=0-0', 'if-range': '"other"' })).status).toBe(200);
  });

  it('HEAD has the headers and no body', async () => {
    const head = await get('/r', {}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
    expect(cacheOf(await get('/r'))).toBe('Hit from cloudfront');
  });
});

describe('compression', () => {
  const text = 'compress me '.repeat(500);
  const raw = (path: string, coding: string): Promise<{ headers: Record<string, unknown>; bytes: Buffer }> =>
    new Promise((resolve, reject) => {
      const request = httpGet(test.base + path, { headers: { 'accept-encoding': coding } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve({ headers: response.headers, bytes: Buffer.concat(chunks) }));
      });
      request.on('error', reject);
    });

  it('prefers br to gzip, weakens the ETag, and keeps each apart', async () => {
    origin.put('/t.txt', text, { 'content-type': 'text/plain' });
    const br = await raw('/t.txt', 'gzip, br');
    expect([br.headers['content-encoding'], brotliDecompressSync(br.bytes).toString()]).toEqual(['br', text]);
    expect(br.headers.etag).toMatch(/^W\/"/);
    const gzip = await raw('/t.txt', 'gzip, br;q=0');
    expect([gzip.headers['content-encoding'], gunzipSync(gzip.bytes).toString()]).toEqual(['gzip', text]);
    const plain = await raw('/t.txt', 'identity');
    expect([plain.headers['content-encoding'], plain.bytes.toString()]).toEqual([undefined, text]);
    expect((await raw('/t.txt', 'br')).headers['x-cache']).toBe('Hit from cloudfront');
  });

  it.each([
    ['a small object', 'x'.repeat(999), { 'content-type': 'text/plain' }],
    ['an image', text, { 'content-type': 'image/png' }],
    ['what is encoded already', text, { 'content-type': 'text/plain', 'content-encoding': 'x' }],
  ])('leaves %s as it is', async (_title, body, headers) => {
    origin.put('/u', body, headers);
    expect((await raw('/u', 'br')).bytes.toString()).toBe(body);
  });
});

describe('custom error responses', () => {
  const errors = [
    { ErrorCode: 403, ResponsePagePath: '/errors/denied.html', ResponseCode: '200', ErrorCachingMinTTL: 5 },
    { ErrorCode: 503, ErrorCachingMinTTL: 60 },
  ];

  it('stand in for S3’s 403 and for the edge’s own, with their own status', async () => {
    await start({ trusted: true, errors });
    origin.put('/errors/denied.html', 'log in here', { 'content-type': 'text/html' });
    const answer = await get('/a');
    expect([answer.status, await answer.text(), answer.headers.get('content-type'), cacheOf(answer)]).toEqual([
      200,
      'log in here',
      'text/html',
      'Error from cloudfront',
    ]);
    expect(answer.headers.get('x-edgepass-reason')).toBe('ERR_NOT_SIGNED');
    expect(await (await get('/a', {}, 'HEAD')).text()).toBe('');
  });

  it('answer their page’s own error when that is not there', async () => {
    await start({ errors });
    expect((await get('/absent')).status).toBe(403);
  });

  it('keep an error for as long as they say', async () => {
    await start({ errors });
    origin.open = false;
    expect((await get('/down')).status).toBe(503);
    origin.open = true;
    origin.put('/down', 'up');
    test.clock += 59_000;
    expect((await get('/down')).status).toBe(503);
    test.clock += 2_000;
    expect((await get('/down')).status).toBe(200);
  });
});

describe('the edge', () => {
  it('answers 413 to a URL of 8,193 bytes, and takes one of 8,192', async () => {
    const rest = 8192 - test.base.length - 1;
    const longest = `/${'a'.repeat(rest)}`;
    expect((await get(longest)).status).toBe(403);
    const answer = await get(`${longest}a`);
    expect([answer.status, answer.headers.get('connection'), answer.headers.get('server')]).toEqual([
      413,
      'close',
      'CloudFront',
    ]);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('answers 403 and its page to %s', async (method) => {
    const answer = await get('/a', {}, method);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([403, 'text/html']);
    expect(await answer.text()).toContain('The distribution supports only cachable requests.');
    expect(origin.requests).toEqual([]);
  });

  it('survives an origin that fails, and paths that are no UTF-8', async () => {
    await start({ options: { fetchFromS3: () => Promise.reject(new Error('the store is closed')) } });
    expect((await get('/a')).status).toBe(502);
    expect((await get('/%ff%zz')).status).toBe(502);
  });

  it('answers the default root object for / alone', async () => {
    origin.put('/index.html', 'the local runtime');
    expect(await (await get('/')).text()).toBe('the local runtime');
    expect((await get('/sub/')).status).toBe(403);
  });
});

describe('viewer access', () => {
  const signer = createSigner({ keyPairId: 'KWILLBEREPLACED', privateKey: pair.privateKey });
  const signed = (path: string): string =>
    signer
      .signUrl(test.base + path, { dateLessThan: new Date(test.clock + 60_000), now: new Date(test.clock) })
      .slice(test.base.length);

  it('is asked for at every request, also of what is cached, and the signature is no part of the key', async () => {
    await start({ trusted: true });
    origin.put('/a', 'private');
    const path = signed('/a').replace('KWILLBEREPLACED', test.keyPairId);
    expect(await (await get(path)).text()).toBe('private');
    test.clock += 1_000;
    const again = signed('/a').replace('KWILLBEREPLACED', test.keyPairId);
    expect(again).not.toBe(path);
    expect(cacheOf(await get(again))).toBe('Hit from cloudfront');
    const unsigned = await get('/a');
    expect([
      unsigned.status,
      unsigned.headers.get('content-length'),
      unsigned.headers.get('x-edgepass-reason'),
    ]).toEqual([403, '146', 'ERR_NOT_SIGNED']);
    test.clock += 120_000;
    expect((await get(path)).headers.get('x-edgepass-reason')).toBe('ERR_EXPIRED');
    expect(test.refusals).toEqual(['MissingKey ERR_NOT_SIGNED /a', 'AccessDenied ERR_EXPIRED /a']);
  });

  it('is decided anew when another distribution is served, also of a link that is known', async () => {
    await start({ trusted: true });
    origin.put('/a', 'private');
    const path = signed('/a').replace('KWILLBEREPLACED', test.keyPairId);
    expect([(await get(path)).status, (await get(path)).status]).toEqual([200, 200]);
    test.edge.deploy(deployedDistribution({ trusted: true }));
    expect(await (await get(path)).text()).toContain('<Code>InvalidKey</Code>');
  });

  it('tells no reason when that is switched off', async () => {
    await start({ trusted: true, options: { reasonHeader: false } });
    expect((await get('/a')).headers.get('x-edgepass-reason')).toBeNull();
  });
});
