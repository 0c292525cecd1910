/**
 * An issuer of JSON Web Tokens for trying a stack whose API takes them: the local runtime's own key pair, what `edgepass token` signs with
 * it, and the key set that the stack's authorizer verifies with. Source: RFC 7515, 7517 and 7519, by way of `jose`.
 *
 * By design: it stands in for the issuer that the stack names. Functions find its key set in `EDGEPASS_JWKS_URL`; on AWS there is no such
 * variable, and nothing signed here is good for anything. The private key is a file that only its owner may read.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { importPackage } from '../packages/load-package';
import type { TokenSettings } from './jwt-authorizer';

/** Where the AWS endpoint answers the key set. */
export const JWKS_PATH = '/_edgepass/jwks.json';

const ALGORITHM = 'ES256';

const keyPath = (dataDir: string): string => join(dataDir, 'issuer', 'private-key.json');

export interface TokenRequest extends TokenSettings {
  /** Separated by spaces. */
  readonly scope: string;
  readonly subject: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** A JSON Web Key. `jose` has a type of it, but not every program has `jose`. */
export interface PublicKey {
  readonly kty?: string;
  readonly kid?: string;
}

/** The public half of the key pair, as a JSON Web Key Set. */
export async function keySet(dataDir: string): Promise<{ readonly keys: readonly PublicKey[] }> {
  const { d: _private, ...publicKey } = await openKey(dataDir);
  return { keys: [publicKey as PublicKey] };
}

/** A token for the stack's authorizer. */
export async function signToken(dataDir: string, request: TokenRequest, now: Date = new Date()): Promise<string> {
  const { SignJWT, importJWK } = await importPackage('jose', () => import('jose'));
  const { issuer, audience, scopesClaim, scope, subject, expiresIn } = request;
  const key = await openKey(dataDir);
  const seconds = Math.floor(now.getTime() / 1000);
  return new SignJWT({ [scopesClaim]: scope })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: key.kid ?? '' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(subject)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + expiresIn)
    .setJti(randomUUID())
    .sign(await importJWK(key, ALGORITHM));
}

/** Made when it is asked for: most local runtimes need none. */
async function openKey(dataDir: string): Promise<JWK> {
  const path = keyPath(dataDir);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as JWK;
  const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await importPackage('jose', () => import('jose'));
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const key = await exportJWK(privateKey);
  const made: JWK = { ...key, alg: ALGORITHM, use: 'sig', kid: await calculateJwkThumbprint(key) };
  mkdirSync(join(dataDir, 'issuer'), { recursive: true, mode: 0o700 });
  createOnce(path, JSON.stringify(made));
  return openKey(dataDir);
}

/** The local runtime and `edgepass token` may want it at the same time: the first one stays, and nobody sees half of it. */
function createOnce(path: string, text: string): void {
  const temporary = `${path}.${randomUUID()}`;
  writeFileSync(temporary, text, { mode: 0o600 });
  try {
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(temporary);
  }
}
