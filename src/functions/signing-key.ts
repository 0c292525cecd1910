import { createSigner, type Signer } from '../signing/create-signer';
import { getSecureString } from './parameter-store';
import { refreshed } from './refreshed';

const MINUTE_MS = 60_000;

/** The signer of this container: its key is read and parsed once, then again every five minutes while requests go on with the old one. */
export const currentSigner: () => Promise<Signer> = refreshed(fetchSigner, {
  freshMs: 5 * MINUTE_MS,
  staleMs: 60 * MINUTE_MS,
  pauseMs: 10_000,
});

async function fetchSigner(): Promise<Signer> {
  const privateKey = await getSecureString(process.env.SIGNING_KEY_PARAMETER ?? '');
  return createSigner({ keyPairId: process.env.KEY_PAIR_ID ?? '', privateKey });
}

// While Lambda initializes the container: the first request finds the key. A failure shows when that request asks again.
if (process.env.SIGNING_KEY_PARAMETER) currentSigner().catch(() => {});
