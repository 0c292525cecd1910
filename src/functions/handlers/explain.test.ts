import { describe, expect, it } from 'vitest';
import { handler } from './explain';
import { type ApiResponse, apiEvent, call, KEY_PAIR_ID, useFunction } from './function.test.fixture';
import { handler as signer } from './sign-url';

useFunction();

const explain = (body: unknown): Promise<ApiResponse> =>
  call(handler, apiEvent('POST /explain', { body: JSON.stringify(body) }));
const sign = async (resource: string, body: unknown) =>
  (await call(signer, apiEvent(`POST ${resource}`, { body: JSON.stringify(body) }))).body;

describe('the explaining function', () => {
  it('tells every check of a link that is allowed', async () => {
    const { signedUrl } = await sign('/urls', { file: 'a', ipAddress: '203.0.113.7' });
    const { status, body } = await explain({ url: signedUrl });
    expect([status, body.verdict, body.code]).toEqual([200, 'allowed', undefined]);
    expect(body.checks).toContainEqual({ check: 'Signature', outcome: 'passed', detail: 'Verifies' });
  });

  it('tells why altered links and cookies of another folder are refused, without a signature or a policy', async () => {
    const { signedUrl } = await sign('/urls', { file: 'a', notBefore: '2026-01-01T00:00:00Z' });
    const { cookies } = await sign('/folders', { prefix: 'a/' });
    const url = 'https://d111111abcdef8.cloudfront.net/b';
    const secrets = [...new URL(signedUrl).searchParams.values(), ...Object.values(cookies as object)].map(String);
    for (const [input, code] of [
      [{ url: signedUrl.replace('.net/a', '.net/b') }, 'ERR_RESOURCE_MISMATCH'],
      [{ url: `${signedUrl}x`.replace(/Signature=./, 'Signature=') }, 'ERR_KEY_PAIR_ID_UNKNOWN'],
      [{ url, cookies }, 'ERR_RESOURCE_MISMATCH'],
      [
        {
          url,
          cookies: Object.entries(cookies)
            .map(([name, value]) => `${name}=${value}`)
            .join('; '),
        },
        'ERR_RESOURCE_MISMATCH',
      ],
      [{ url }, 'ERR_NOT_SIGNED'],
      [{ url: 'nonsense' }, 'ERR_REQUEST_INVALID'],
    ] as const) {
      const { status, body } = await explain(input);
      expect([status, body.code], JSON.stringify(body.checks)).toEqual([200, code]);
      const text = JSON.stringify(body);
      for (const secret of secrets.filter((one) => one !== KEY_PAIR_ID)) expect(text).not.toContain(secret);
    }
  });

  it.each([
    [{}, 'ERR_MISSING_FIELD', 'url'],
    [{ url: 1 }, 'ERR_INVALID_FIELD', 'url'],
    [{ url: 'x'.repeat(8_193) }, 'ERR_INVALID_FIELD', 'url'],
    [{ url: 'x', cookies: 5 }, 'ERR_INVALID_FIELD', 'cookies'],
    [{ url: 'x', cookies: { a: 5 } }, 'ERR_INVALID_FIELD', 'cookies'],
    [{ url: 'x', ipAddress: '203.0.113.7' }, 'ERR_UNKNOWN_FIELD', 'ipAddress'],
  ])('refuses body %#, naming the field', async (body, code, field) => {
    const answer = await explain(body);
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([400, code, field]);
  });
});
