import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import { keySet, signToken } from './issuer';

const NOW = new Date('2026-03-14T12:00:00Z');
const REQUEST = {
  issuer: 'https://issuer.example.com',
  audience: 'edgepass',
  scopesClaim: 'permissions',
  scope: 'list sign:reports/',
  subject: 'ann',
  expiresIn: 60,
};

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-issuer-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Verifies as an authorizer does, at this time. */
async function verify(dataDir: string, token: string, currentDate: Date = NOW) {
  const { issuer, audience } = REQUEST;
  const keys = createLocalJWKSet({ keys: [...(await keySet(dataDir)).keys] });
  return jwtVerify(token, keys, { issuer, audience, currentDate });
}

describe('the issuer', () => {
  test('signs a token that its key set verifies, with the claims that were asked for', async () => {
    const dataDir = dataFolder();
    const { payload, protectedHeader } = await verify(dataDir, await signToken(dataDir, REQUEST, NOW));
    expect(payload).toEqual({
      iss: 'https://issuer.example.com',
      aud: 'edgepass',
      sub: 'ann',
      permissions: 'list sign:reports/',
      iat: NOW.getTime() / 1000,
      exp: NOW.getTime() / 1000 + 60,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'JWT', kid: (await keySet(dataDir)).keys[0]?.kid });
  });

  test('signs tokens that end', async () => {
    const dataDir = dataFolder();
    const token = await signToken(dataDir, REQUEST, NOW);
    await expect(verify(dataDir, token, new Date(NOW.getTime() + 61_000))).rejects.toMatchObject({
      code: 'ERR_JWT_EXPIRED',
    });
  });

  test('keeps one key pair, even when several want it first', async () => {
    const dataDir = dataFolder();
    const [first, second, third] = await Promise.all([keySet(dataDir), keySet(dataDir), keySet(dataDir)]);
    expect([second, third, await keySet(dataDir)]).toEqual([first, first, first]);
    expect(readdirSync(join(dataDir, 'issuer'))).toEqual(['private-key.json']);
  });

  test('another local runtime’s key set does not verify its tokens', async () => {
    const dataDir = dataFolder();
    await expect(verify(dataFolder(), await signToken(dataDir, REQUEST, NOW))).rejects.toMatchObject({
      code: 'ERR_JWKS_NO_MATCHING_KEY',
    });
  });

  test('shows nobody the private key', async () => {
    const dataDir = dataFolder();
    const [key = {}] = (await keySet(dataDir)).keys;
    expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    const modes = ['issuer', 'issuer/private-key.json'].map((path) => statSync(join(dataDir, path)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600]);
  });
});
