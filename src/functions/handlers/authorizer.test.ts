import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { exportJWK, exportPKCS8, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

/** An issuer with one key, found by its discovery document. */
let server: Server;
let issuer: string;
let pair: Awaited<ReturnType<typeof generateKeyPair>>;
let discovered: Record<string, unknown>;
const AUDIENCE = 'edgepass';

beforeAll(async () => {
  pair = await generateKeyPair('RS256', { extractable: true });
  const keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256' }] };
  server = createServer((request, response) => {
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    response.end(JSON.stringify(isDiscovery ? discovered : keys));
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => server.close(done).closeAllConnections()));
beforeEach(() => {
  vi.resetModules(); // each test in a container of its own
  discovered = { issuer, jwks_uri: `${issuer}/keys` };
  vi.stubEnv('JWT_ISSUER', issuer);
  vi.stubEnv('JWT_AUDIENCE', AUDIENCE);
  vi.stubEnv('JWT_SCOPES_CLAIM', 'scope');
});
afterEach(() => vi.unstubAllEnvs());

interface TokenOptions {
  readonly key?: Parameters<SignJWT['sign']>[0];
  readonly alg?: string;
  readonly claims?: JWTPayload;
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

function token({ key = pair.privateKey, alg = 'RS256', claims = {} }: TokenOptions = {}): Promise<string> {
  const all = { iss: issuer, aud: AUDIENCE, sub: 'ann', exp: inSeconds(60), ...claims };
  return new SignJWT(all).setProtectedHeader({ alg, kid: 'one' }).sign(key);
}

async function authorize(authorization: string | undefined, header = 'Authorization') {
  const { handler } = await import('./authorizer.js');
  const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/GET/s3objects';
  const headers = authorization === undefined ? {} : { [header]: authorization };
  return handler({ methodArn, headers } as unknown as APIGatewayRequestAuthorizerEvent);
}

describe('a token that holds', () => {
  it('opens every method of the stage, with the scopes that are ours', async () => {
    const scope = 'openid sign:reports/;max=60 list';
    expect(await authorize(`Bearer ${await token({ claims: { scope } })}`)).toEqual({
      principalId: 'ann',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Action: 'execute-api:Invoke',
            Effect: 'Allow',
            Resource: 'arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/*/*',
          },
        ],
      },
      context: { scopes: 'sign:reports/;max=60 list' },
    });
  });

  it.each([
    [{ permissions: ['list', 5, 'read:mail'] }, 'list'],
    [{ permissions: 5 }, ''],
    [{}, ''],
  ])('has the scopes %j of the claim that is configured', async (claims, scopes) => {
    vi.stubEnv('JWT_SCOPES_CLAIM', 'permissions');
    expect((await authorize(`bearer ${await token({ claims })}`, 'authorization')).context).toEqual({ scopes });
  });

  it('is verified with the keys that the local runtime names, without discovery', async () => {
    discovered = {};
    vi.stubEnv('EDGEPASS_JWKS_URL', `${issuer}/keys`);
    expect((await authorize(`Bearer ${await token()}`)).principalId).toBe('ann');
  });
});

describe('Unauthorized is', () => {
  it.each([
    ['no header', async () => undefined],
    ['another scheme', async () => 'Basic YTpi'],
    ['no token', async () => 'Bearer x'],
    ['another issuer', async () => `Bearer ${await token({ claims: { iss: 'https://evil.example' } })}`],
    ['another audience', async () => `Bearer ${await token({ claims: { aud: 'other' } })}`],
    ['a token that has expired', async () => `Bearer ${await token({ claims: { exp: inSeconds(-60) } })}`],
    ['a token that is not valid yet', async () => `Bearer ${await token({ claims: { nbf: inSeconds(60) } })}`],
    ['a token without an end', async () => `Bearer ${await token({ claims: { exp: undefined } as never })}`],
    ['a token without a subject', async () => `Bearer ${await token({ claims: { sub: undefined } as never })}`],
    ['a token with an empty subject', async () => `Bearer ${await token({ claims: { sub: '' } })}`],
    ['another key', async () => `Bearer ${await token({ key: (await generateKeyPair('RS256')).privateKey })}`],
    [
      'a token signed with the public key as a secret',
      async () => `Bearer ${await token({ alg: 'HS256', key: Buffer.from(await exportPKCS8(pair.privateKey)) })}`,
    ],
    [
      'a token without a signature',
      async () => `Bearer ${(await token()).replace(/^[^.]+/, Buffer.from('{"alg":"none"}').toString('base64url'))}`,
    ],
    [
      'a token whose claims were altered',
      async () =>
        `Bearer ${(await token()).replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"eve"}').toString('base64url')}.`)}`,
    ],
  ])('%s', async (_title, authorization) => {
    await expect(authorize(await authorization())).rejects.toThrow(/^Unauthorized$/);
  });
});

describe('the authorizer fails, and blames no token, when', () => {
  it('the discovery document is of another issuer, and tries again', async () => {
    discovered = { issuer: 'https://evil.example', jwks_uri: `${issuer}/keys` };
    const good = `Bearer ${await token()}`;
    await expect(authorize(good)).rejects.toThrow('another issuer');
    discovered = { issuer, jwks_uri: `${issuer}/keys` };
    expect((await authorize(good)).principalId).toBe('ann');
  });

  it('the keys cannot be had', async () => {
    vi.stubEnv('EDGEPASS_JWKS_URL', 'http://127.0.0.1:1/keys');
    await expect(authorize(`Bearer ${await token()}`)).rejects.not.toThrow(/^Unauthorized$/);
  });

  it.each(['JWT_ISSUER', 'JWT_AUDIENCE'])('%s is not set', async (variable) => {
    vi.stubEnv(variable, '');
    await expect(authorize(`Bearer ${await token()}`)).rejects.toThrow('have to be set');
  });
});
