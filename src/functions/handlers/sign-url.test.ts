import { describe, expect, it, vi } from 'vitest';
import { explain, verifyCookies, verifyUrl } from '../../signing';
import { type ApiResponse, apiEvent, audits, call, KEY_PAIR_ID, publicKey, useFunction } from './function.test.fixture';
import { handler } from './sign-url';

useFunction();

const context = () => ({ publicKeys: { [KEY_PAIR_ID]: publicKey }, now: new Date(), ipAddress: '203.0.113.7' });
const post = (resource: string, body: unknown): Promise<ApiResponse> =>
  call(handler, apiEvent(`POST ${resource}`, { body: JSON.stringify(body) }));
const urls = (body: unknown) => post('/urls', body);
const folders = (body: unknown) => post('/folders', body);
const problem = ({ status, body: { code, field } }: ApiResponse) => [status, code, field];
const inSeconds = (seconds: number) => new Date(Math.floor(Date.now() / 1000 + seconds) * 1000).toISOString();

describe('POST /urls', () => {
  it('signs a URL of the distribution, and says until when it is good', async () => {
    const { status, body } = await urls({ file: 'a b.txt', expiresIn: 60 });
    expect([status, Object.keys(body)]).toEqual([201, ['signedUrl', 'expires']]);
    expect(body.signedUrl).toMatch(/^https:\/\/d111111abcdef8\.cloudfront\.net\/a%20b\.txt\?Expires=\d+&/);
    expect(verifyUrl(body.signedUrl, context()).dateLessThan.toISOString()).toBe(body.expires);
  });

  it('signs many files in the order asked', async () => {
    const files = ['b', 'a', 'b', 'c/d'];
    const { status, body } = await urls({ files });
    expect([status, Object.keys(body)]).toEqual([201, ['signedUrls']]);
    expect(body.signedUrls.map(({ file }: { file: string }) => file)).toEqual(files);
    for (const { file, signedUrl } of body.signedUrls) {
      expect(signedUrl).toContain(`.net/${file}?`);
      verifyUrl(signedUrl, context());
    }
  });

  it('narrows a link to an address and to a time', async () => {
    const notBefore = inSeconds(-60);
    const { body } = await urls({ file: 'a', notBefore, expires: inSeconds(60), ipAddress: '203.0.113.0/24' });
    const policy = verifyUrl(body.signedUrl, context());
    expect(policy).toMatchObject({ ipAddress: '203.0.113.0/24', dateGreaterThan: new Date(notBefore) });
    expect(explain(body.signedUrl, { ...context(), ipAddress: '198.51.100.1' }).code).toBe('ERR_IP_ADDRESS_MISMATCH');
  });

  it('makes S3 answer with the name to save the file as', async () => {
    const { body } = await urls({ file: 'r.pdf', downloadAs: `Q3 "für 100%'.pdf` });
    expect(new URL(body.signedUrl).searchParams.get('response-content-disposition')).toBe(
      `attachment; filename="Q3 _f_r 100_'.pdf"; filename*=UTF-8''Q3%20%22f%C3%BCr%20100%25%27.pdf`,
    );
    verifyUrl(body.signedUrl, context());
  });

  it('refuses to sign for an object that has to exist and does not', async () => {
    expect((await urls({ file: 'there.txt', mustExist: true })).status).toBe(201);
    expect(problem(await urls({ file: 'gone.txt', mustExist: true }))).toEqual([404, 'ERR_NO_SUCH_OBJECT', 'file']);
    const files = ['there1', 'there2', 'gone', 'gone2'];
    expect(problem(await urls({ files, mustExist: true }))).toEqual([404, 'ERR_NO_SUCH_OBJECT', 'files[2]']);
  });

  it.each([
    [{ fille: 'a' }, 'ERR_UNKNOWN_FIELD', 'fille'],
    [{ file: 'a', toString: 1 }, 'ERR_UNKNOWN_FIELD', 'toString'],
    [{}, 'ERR_MISSING_FILE', 'file'],
    [{ file: 5 }, 'ERR_INVALID_FILE', 'file'],
    [{ file: 'a', files: ['a'] }, 'ERR_CONFLICTING_FIELDS', 'files'],
    [{ files: [] }, 'ERR_INVALID_FIELD', 'files'],
    [{ files: Array(1_001).fill('a') }, 'ERR_INVALID_FIELD', 'files'],
    [{ files: ['a', ''] }, 'ERR_INVALID_FILE', 'files[1]'],
    [{ files: ['a', 'b', '_api/x'] }, 'ERR_KEY_RESERVED', 'files[2]'],
    [{ files: ['a'], downloadAs: 'b' }, 'ERR_CONFLICTING_FIELDS', 'downloadAs'],
    [{ file: '..' }, 'ERR_OBJECT_KEY_INVALID', 'file'],
    [{ file: `${'é'.repeat(512)}x` }, 'ERR_KEY_TOO_LONG', 'file'],
    [{ file: 'a', expiresIn: '60' }, 'ERR_INVALID_FIELD', 'expiresIn'],
    [{ file: 'a', expiresIn: 1.5 }, 'ERR_INVALID_FIELD', 'expiresIn'],
    [{ file: 'a', expiresIn: 0 }, 'ERR_LIFETIME_TOO_SHORT', 'expiresIn'],
    [{ file: 'a', expiresIn: 604_801 }, 'ERR_LIFETIME_TOO_LONG', 'expiresIn'],
    [{ file: 'a', expiresIn: 60, expires: '2099-01-01T00:00:00Z' }, 'ERR_CONFLICTING_FIELDS', 'expires'],
    [{ file: 'a', expires: '2020-01-01T00:00:00Z' }, 'ERR_LIFETIME_TOO_SHORT', 'expires'],
    [{ file: 'a', expires: '2099-01-01T00:00:00Z' }, 'ERR_LIFETIME_TOO_LONG', 'expires'],
    [{ file: 'a', expires: '2099-01-01' }, 'ERR_INVALID_FIELD', 'expires'],
    [{ file: 'a', expires: '2099-02-30T00:00:00Z' }, 'ERR_INVALID_FIELD', 'expires'],
    [{ file: 'a', notBefore: '1970-01-01T00:00:00Z' }, 'ERR_INVALID_FIELD', 'notBefore'],
    [{ file: 'a', notBefore: '2099-01-01T00:00:00Z' }, 'ERR_DATE_ORDER', 'notBefore'],
    [{ file: 'a', ipAddress: '1.2.3' }, 'ERR_IP_RANGE_INVALID', 'ipAddress'],
    [{ file: 'a', ipAddress: '2001:db8::1' }, 'ERR_IP_RANGE_IPV6', 'ipAddress'],
    [{ file: 'a', downloadAs: 'a/b' }, 'ERR_INVALID_FIELD', 'downloadAs'],
    [{ file: 'a', downloadAs: 'a\nb' }, 'ERR_INVALID_FIELD', 'downloadAs'],
    [{ file: 'a', downloadAs: '\ud800' }, 'ERR_INVALID_FIELD', 'downloadAs'],
    [{ file: 'a', mustExist: 'yes' }, 'ERR_INVALID_FIELD', 'mustExist'],
  ])('refuses %j with %s', async (body, code, field) => {
    expect(problem(await urls(body))).toEqual([400, code, field]);
    expect(audits()).toEqual([]);
  });

  it('refuses what makes a longer URL than CloudFront takes', async () => {
    const long = { file: 'é'.repeat(512), downloadAs: '語'.repeat(255), ipAddress: '203.0.113.7' };
    expect(problem(await urls(long))).toEqual([400, 'ERR_URL_TOO_LONG', 'file']);
  });

  it('keeps to the bounds of the construct', async () => {
    vi.stubEnv('MIN_LIFETIME_SECONDS', '60');
    vi.stubEnv('LINK_LIFETIME_SECONDS', '90');
    vi.stubEnv('MAX_LIFETIME_SECONDS', '120');
    expect((await urls({ file: 'a', expiresIn: 59 })).body).toMatchObject({ detail: expect.stringContaining('60') });
    expect((await urls({ file: 'a', expiresIn: 121 })).body).toMatchObject({ detail: expect.stringContaining('120') });
    await urls({ file: 'a' });
    expect(audits()).toMatchObject([{ lifetime: 90 }]);
  });
});

describe('a scope', () => {
  it('is needed, and named', async () => {
    vi.stubEnv('SCOPES', 'list sign:reports/');
    const refused = await urls({ files: ['reports/a', 'secret'] });
    expect(problem(refused)).toEqual([403, 'ERR_SCOPE_MISSING', 'files[1]']);
    expect(refused.body.detail).toContain('"sign"');
    expect((await urls({ file: 'reports/a' })).status).toBe(201);
    expect(problem(await folders({ prefix: 'rep/' }))).toEqual([403, 'ERR_SCOPE_MISSING', 'prefix']);
    expect((await folders({ prefix: 'reports/q3/' })).status).toBe(201);
  });

  it('bounds the lifetime; of several that fit, the most generous counts, of several files the strictest', async () => {
    vi.stubEnv('SCOPES', 'sign;max=60 sign:a/;max=120 sign:b/;max=90');
    expect(problem(await urls({ file: 'c', expiresIn: 61 }))).toEqual([403, 'ERR_SCOPE_LIFETIME', 'expiresIn']);
    expect((await urls({ file: 'a/c', expiresIn: 120 })).status).toBe(201);
    expect(problem(await urls({ files: ['a/c', 'b/c'], expiresIn: 91 }))).toEqual([
      403,
      'ERR_SCOPE_LIFETIME',
      'expiresIn',
    ]);
    await urls({ files: ['a/c', 'b/c'] });
    expect(audits().at(-1)).toMatchObject({ lifetime: 90 });
  });
});

describe('POST /folders', () => {
  it('opens everything below a prefix, by query and by cookies', async () => {
    const { status, body, cookies } = await folders({ prefix: 'vidéos/1/', expiresIn: 60 });
    expect([status, body.baseUrl]).toEqual([201, 'https://d111111abcdef8.cloudfront.net/vid%C3%A9os/1/']);
    expect(verifyUrl(`${body.baseUrl}a/b.ts?${body.query}`, context()).dateLessThan.toISOString()).toBe(body.expires);
    verifyCookies({ url: `${body.baseUrl}a/b.ts`, cookies: body.cookies }, context());
    const outside = { url: 'https://d111111abcdef8.cloudfront.net/other', cookies: body.cookies };
    expect(explain(outside, context()).code).toBe('ERR_RESOURCE_MISMATCH');
    expect(cookies.map((cookie) => cookie.split(';')[0])).toEqual(
      Object.entries(body.cookies).map(([name, value]) => `${name}=${value}`),
    );
    for (const cookie of cookies) expect(cookie).toMatch(/; Path=\/vid%C3%A9os\/1\/; HttpOnly; SameSite=Lax; Secure$/);
  });

  it('leaves Secure out where the distribution is reached by http', async () => {
    vi.stubEnv('EDGEPASS_DISTRIBUTION_URL', 'http://127.0.0.1:8080');
    const { cookies } = await folders({ prefix: 'a/' });
    expect(cookies.length).toBeGreaterThan(0);
    expect(cookies.filter((cookie) => cookie.includes('Secure'))).toEqual([]);
  });

  it.each([
    [{}, 'ERR_MISSING_FIELD', 'prefix'],
    [{ prefix: 'videos' }, 'ERR_INVALID_FIELD', 'prefix'],
    [{ prefix: '_s/' }, 'ERR_KEY_RESERVED', 'prefix'],
    [{ prefix: 'a/', files: ['a/b'] }, 'ERR_UNKNOWN_FIELD', 'files'],
    [{ prefix: 'a/', expiresIn: -1 }, 'ERR_LIFETIME_TOO_SHORT', 'expiresIn'],
  ])('refuses %j with %s', async (body, code, field) => {
    expect(problem(await folders(body))).toEqual([400, code, field]);
  });
});

describe('the signing function', () => {
  it('audits who got what for how long, and never a link', async () => {
    const { body } = await urls({ file: 'a', expiresIn: 60 });
    await urls({ files: ['a', 'b'], expiresIn: 60 });
    await folders({ prefix: 'a/', expiresIn: 60 });
    const linkId = expect.stringMatching(/^[0-9a-f]{16}$/);
    const rest = { who: 'key-1', action: 'sign', lifetime: 60, requestId: 'request-1' };
    expect(audits()).toEqual([
      { ...rest, file: 'a', linkId },
      { ...rest, files: 2, linkIds: [linkId, linkId] },
      { ...rest, prefix: 'a/', linkId },
    ]);
    const logged = JSON.stringify([vi.mocked(console.info).mock.calls, vi.mocked(process.stdout.write).mock.calls]);
    expect(logged).not.toContain(new URL(body.signedUrl).searchParams.get('Signature'));
  });

  it('answers a path that is not its own with 404', async () => {
    expect(problem(await post('/toString', { file: 'a' }))).toEqual([404, 'ERR_UNKNOWN_ROUTE', undefined]);
  });
});
