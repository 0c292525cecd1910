import { createRemoteJWKSet } from 'jose';
import { variable } from '../aws/environment';

type KeySet = ReturnType<typeof createRemoteJWKSet>;

const TIMEOUT_MS = 3_000;

let keySet: Promise<KeySet> | undefined;

/** The issuer's public keys, which jose fetches again when a token names one that is new. A failed discovery is not kept. */
export function currentKeySet(): Promise<KeySet> {
  keySet ??= findKeySet().catch((error) => {
    keySet = undefined;
    throw error;
  });
  return keySet;
}

async function findKeySet(): Promise<KeySet> {
  // The local runtime's issuer has no discovery document.
  const url = process.env.EDGEPASS_JWKS_URL ?? (await discover(variable('JWT_ISSUER')));
  return createRemoteJWKSet(new URL(url), { timeoutDuration: TIMEOUT_MS });
}

/** Source: OpenID Connect Discovery 1.0, section 4. */
async function discover(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  if (!response.ok) throw new Error(`The issuer answered ${response.status} to its discovery`);
  const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (document.issuer !== issuer) throw new Error('The discovery document is of another issuer');
  if (typeof document.jwks_uri !== 'string') throw new Error('The discovery document has no jwks_uri');
  return document.jwks_uri;
}
