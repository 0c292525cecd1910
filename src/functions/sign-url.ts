import { createSigner, EdgepassError, type Signer } from '../signing';
import { type Answer, httpHandler, jsonAnswer, RequestProblem } from './http-api';
import { getSecureString } from './parameter-store';
import { readFile } from './read-file';

const KEY_TTL_MS = 5 * 60_000;

let cached: { signer: Promise<Signer>; until: number } | undefined;

/** `POST /urls {"file": KEY}`: a signed URL of the distribution for that object, `LINK_LIFETIME_SECONDS` long. */
export const handler: Answer = httpHandler(async (event) => {
  const key = readFile(event);
  const signer = await currentSigner();
  return jsonAnswer(201, { signedUrl: signKey(signer, key) });
});

function signKey(signer: Signer, key: string): string {
  try {
    const expiresIn = Number(process.env.LINK_LIFETIME_SECONDS);
    return signer.signUrl({ distributionUrl: distributionUrl(), key }, { expiresIn });
  } catch (error) {
    // The one thing here that the caller chose is the key.
    const isKey = error instanceof EdgepassError && error.code === 'ERR_OBJECT_KEY_INVALID';
    throw isKey ? new RequestProblem(error.code, error.message, 'file') : error;
  }
}

/** A home says by `EDGEPASS_DISTRIBUTION_URL` how viewers reach it; on AWS the domain name does. */
function distributionUrl(): string {
  return process.env.EDGEPASS_DISTRIBUTION_URL ?? `https://${process.env.DISTRIBUTION_DOMAIN_NAME}`;
}

/** One read of the parameter serves this container for a while; concurrent requests share it; a failure is not kept. */
function currentSigner(): Promise<Signer> {
  const now = Date.now();
  if (cached && now < cached.until) return cached.signer;
  const signer = fetchSigner();
  cached = { signer, until: now + KEY_TTL_MS };
  signer.catch(() => {
    cached = undefined;
  });
  return signer;
}

async function fetchSigner(): Promise<Signer> {
  const privateKey = await getSecureString(process.env.SIGNING_KEY_PARAMETER ?? '');
  return createSigner({ keyPairId: process.env.KEY_PAIR_ID ?? '', privateKey });
}
