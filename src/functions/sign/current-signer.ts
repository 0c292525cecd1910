import { createSigner, type Signer } from '../../signing/sign/create-signer';
import { variable } from '../aws/environment';
import { getParameter } from '../aws/parameter-store';
import { staleWhileRevalidate } from '../aws/stale-while-revalidate';
import { activeKeyAt, type PrivateKeyEntry, parseKeys, STALE_KEYS_MS } from '../keys/key-parameter';

const MINUTE_MS = 60_000;

type TimedSigner = Pick<PrivateKeyEntry, 'signsFrom'> & { readonly signer: Signer };

/** The signers of this container: read once, then again every minute while requests use the former ones. */
const signers: () => Promise<TimedSigner[]> = staleWhileRevalidate(fetchSigners, {
  freshMs: MINUTE_MS,
  staleMs: STALE_KEYS_MS,
  pauseMs: 10_000,
});

/** Returns the signer of the active key: a key takes over by the clock, in every container at the same time. */
export async function currentSigner(): Promise<Signer> {
  const current = activeKeyAt(await signers(), Date.now());
  if (!current) throw new Error('the signing key’s parameter holds no key');
  return current.signer;
}

async function fetchSigners(): Promise<TimedSigner[]> {
  const text = await getParameter(variable('SIGNING_KEY_PARAMETER'));
  return parseKeys(text).map(({ keyPairId, privateKey, signsFrom }) => ({
    signsFrom,
    signer: createSigner({ keyPairId, privateKey }),
  }));
}

// While Lambda initializes the container: the first request finds the key. A failure shows when that request asks again.
if (process.env.SIGNING_KEY_PARAMETER) signers().catch(() => {});
