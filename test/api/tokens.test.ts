import { ApiAuth } from 'edgepass/cdk';
import { createClient } from 'edgepass/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgepass, temporaryFolder } from '../run-local';
import { bootApi, type LocalApi, synthesizeApi } from './boot-api';

const folder = temporaryFolder(afterAll);
let api: LocalApi;

beforeAll(async () => {
  const auth = ApiAuth.jwt({ issuer: 'https://issuer.example.com', audience: 'files' });
  api = await bootApi(folder, synthesizeApi(folder, { auth, uploads: {}, deletes: true }));
});
afterAll(() => api?.close());

async function tokenFor(scope: string): Promise<string> {
  const { stdout } = await edgepass('token', '--data-dir', api.dataDir, '--scope', scope, '--json');
  return (JSON.parse(stdout) as { access_token: string }).access_token;
}

/** By the API's own address, and below the distribution. */
const addresses = (): string[] => [
  api.environment.EDGEPASS_API_URL,
  `${api.environment.EDGEPASS_DISTRIBUTION_URL}/_api/`,
];
const clientOf = (url: string, token: string) => createClient({ url, token, retries: 0 });

describe('with a JWT of the local runtime’s own issuer', () => {
  it('a caller may do what the scopes say, below their prefixes, for as long as they say', async () => {
    const token = await tokenFor('openid list:in/ sign:in/;max=600 upload:in/');
    for (const [at, url] of addresses().entries()) {
      const client = clientOf(url, token);
      const file = `in/${at}.txt`;
      await client.upload(file, 'hello');
      expect((await client.list({ prefix: 'in/' })).items.length).toBeGreaterThan(0);
      const { signedUrl, expires } = await client.signUrl(file);
      expect(await (await fetch(signedUrl)).text()).toBe('hello');
      expect(Date.parse(expires)).toBeLessThanOrEqual(Date.now() + 601_000);
      const refusals: [() => Promise<unknown>, string][] = [
        [() => client.signUrl(file, { expiresIn: 601 }), 'ERR_SCOPE_LIFETIME'],
        [() => client.signUrl('out/a'), 'ERR_SCOPE_MISSING'],
        [() => client.signFolder('out/'), 'ERR_SCOPE_MISSING'],
        [() => client.list(), 'ERR_SCOPE_MISSING'],
        [() => client.upload('out/a', 'x'), 'ERR_SCOPE_MISSING'],
        [() => client.delete(file), 'ERR_SCOPE_MISSING'],
      ];
      for (const [ask, code] of refusals) await expect(ask()).rejects.toMatchObject({ code, status: 403 });
    }
  });

  it('nobody comes in without a token, with a broken one, or with an expired one', async () => {
    const [url = ''] = addresses();
    const good = await tokenFor('list');
    const expired = await edgepass(
      'token',
      '--data-dir',
      api.dataDir,
      '--scope',
      'list',
      '--expires-in',
      '1',
      '--json',
    );
    const { access_token: old } = JSON.parse(expired.stdout) as { access_token: string };
    await expect.poll(() => expiryOf(old) <= Date.now() / 1000).toBe(true);
    for (const token of [`${good.slice(0, -3)}abc`, 'none', old]) {
      await expect(clientOf(url, token).list()).rejects.toMatchObject({ status: 401, code: 'ERR_UNAUTHORIZED' });
    }
    await expect(createClient({ url, retries: 0 }).list()).rejects.toMatchObject({ status: 401 });
    expect(await createClient({ url, retries: 0 }).health()).toMatchObject({ status: 'ok' });
  });

  it('the log tells who was granted what, and never a link', async () => {
    const [url = ''] = addresses();
    const { signedUrl } = await clientOf(url, await tokenFor('sign')).signUrl('audited.txt');
    const { stdout } = await edgepass('logs', '--data-dir', api.dataDir, '--audit', '--json');
    expect(stdout).toContain('audited.txt');
    expect(stdout).not.toContain(new URL(signedUrl).searchParams.get('Signature'));
  });
});

const expiryOf = (token: string): number =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number }).exp;
