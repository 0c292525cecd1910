import { generateKeyPair } from '../../signing/key/generate-key-pair';
import { createPublicKey, updateKeyGroup } from './cloudfront-key-groups';
import {
  isRetired,
  isRotating,
  isRotationDue,
  type KeyGeneration,
  MOST_KEYS_IN_GROUP,
  PROPAGATION_MS,
  withRetirements,
} from './key-generations';
import { activeKeyAt, type PrivateKeyEntry } from './key-parameter';
import type { KeySettings } from './key-settings';
import { deleteUntrustedKeys, type KeyState, publicKeyName, setTrustedKeys, writeKeys } from './key-state';

/** The keys stay as they are. `name` is a stable code. */
export class RotationRefusedError extends Error {
  constructor(code: 'RotationUnderWay' | 'TooManyPublicKeysInKeyGroup' | 'NoKeyGroup', message: string) {
    super(message);
    this.name = code;
  }
}

/**
 * Carries out what a deployment requests: a key where none signs, another one where `keyGeneration` was raised or the type is another. A
 * rotation that is under way counts as the requested one, unless it is to another type. @throws RotationRefusedError
 */
export async function deployKeys(settings: KeySettings, state: KeyState, keyGeneration: number): Promise<KeyState> {
  const { requestedGeneration } = state;
  const requested: KeyState = { ...state, requestedGeneration: Math.max(requestedGeneration, keyGeneration) };
  if (!hasSigningKey(state)) return addKey(settings, requested, Date.now());
  const isOtherType = state.trustedKeys[0]?.keyType !== settings.keyType;
  if (keyGeneration <= requestedGeneration && !isOtherType) return state;
  if (isOtherType || !isRotating(state.trustedKeys, Date.now())) return rotate(settings, requested);
  await writeKeys(settings, requested);
  return requested;
}

/**
 * Adds a key that takes over from the former one. The key group trusts it immediately; signers use the former key until every edge location
 * knows the new one, and the former key stays trusted until its last link has expired. @throws RotationRefusedError
 */
export async function rotate(settings: KeySettings, state: KeyState): Promise<KeyState> {
  const { trustedKeys, keyGroupId } = requireKeyGroup(state);
  const now = Date.now();
  const [newest, oldest] = [trustedKeys[0], trustedKeys.at(-1)];
  if (newest && isRotating(trustedKeys, now)) {
    const message = `${newest.keyPairId} takes over at ${newest.signsFrom}; rotate again after that`;
    throw new RotationRefusedError('RotationUnderWay', message);
  }
  const groupItems = await updateKeyGroup(keyGroupId, (before) => before);
  if (groupItems.length < MOST_KEYS_IN_GROUP) return addKey(settings, state, now + PROPAGATION_MS);
  const fix = oldest?.retiresAt
    ? `the oldest retires at ${oldest.retiresAt}; rotate again after that, or at once, which ends all links`
    : 'take those out that edgepass has not made';
  throw new RotationRefusedError(
    'TooManyPublicKeysInKeyGroup',
    `the key group holds ${groupItems.length} keys: ${fix}`,
  );
}

/** Replaces a key that others know: the new key signs immediately, and CloudFront refuses from now on what the former keys signed. */
export async function rotateNow(settings: KeySettings, state: KeyState): Promise<KeyState> {
  const active = activeKeyAt(requireKeyGroup(state).privateKeys, Date.now());
  const trustedKeys = state.trustedKeys.filter(({ keyPairId }) => keyPairId === active?.keyPairId);
  const added = await addKey(settings, { ...state, trustedKeys }, Date.now());
  return retireAllBut(settings, added, added.trustedKeys.slice(0, 1));
}

/** Retires keys whose links have expired, removes private keys that no longer sign, rotates when it is due, adds a key where none is left. */
export async function runMaintenance(settings: KeySettings, state: KeyState): Promise<KeyState> {
  if (state.keyGroupId === undefined) return state;
  const now = Date.now();
  if (!hasSigningKey(state)) return addKey(settings, state, now);
  const trustedKeys = withRetirements(state.trustedKeys, settings.maxLifetimeMs).filter((key) => !isRetired(key, now));
  const active = activeKeyAt(state.privateKeys, now);
  const privateKeys = state.privateKeys.filter((key) => key === active || key.signsFrom.getTime() > now);
  const isSame = JSON.stringify([trustedKeys, privateKeys]) === JSON.stringify([state.trustedKeys, state.privateKeys]);
  const retired = isSame ? state : await retireAllBut(settings, { ...state, privateKeys }, trustedKeys);
  const isDue = isRotationDue(trustedKeys, settings.rotationPeriodMs, now) && !isRotating(trustedKeys, now);
  return isDue ? rotate(settings, retired) : retired;
}

const hasSigningKey = ({ privateKeys, keyGroupId }: KeyState): boolean =>
  privateKeys.length > 0 && keyGroupId !== undefined;

function requireKeyGroup(state: KeyState): KeyState & { readonly keyGroupId: string } {
  const { keyGroupId } = state;
  if (keyGroupId !== undefined) return { ...state, keyGroupId };
  throw new RotationRefusedError('NoKeyGroup', 'there is no key group yet: deploy the stack first');
}

/** Has the key group trust these keys alone, writes the parameters, then deletes our other public keys. */
async function retireAllBut(
  settings: KeySettings,
  state: KeyState,
  trustedKeys: readonly KeyGeneration[],
): Promise<KeyState> {
  const { publicKeys } = state;
  const keyGroupId = await setTrustedKeys(settings, state.keyGroupId, trustedKeys, publicKeys);
  const left: KeyState = { ...state, trustedKeys, keyGroupId };
  await writeKeys(settings, left);
  await deleteUntrustedKeys(trustedKeys, publicKeys);
  return left;
}

/**
 * Makes a key pair: public key → key group → both parameters → former keys deleted. Whichever of these steps is the last one that a run
 * carries out, no signer signs a link that CloudFront refuses.
 */
async function addKey(settings: KeySettings, state: KeyState, signsFrom: number): Promise<KeyState> {
  const generation = 1 + state.lastGeneration;
  const { keyType } = settings;
  const { publicKey, privateKey } = generateKeyPair({ keyType });
  const name = publicKeyName(settings, generation);
  const keyPairId = await createPublicKey(
    name,
    publicKey,
    `${settings.signingKeyParameter}, generation ${generation}`.slice(-128),
  );
  const [now, since] = [new Date(), new Date(signsFrom)];
  const times = { createdAt: now.toISOString(), signsFrom: since.toISOString() };
  const added: KeyGeneration = { generation, keyPairId, keyType, publicKey, ...times };
  const next: PrivateKeyEntry = { keyPairId, signsFrom: since, privateKey };
  const active = since > now ? activeKeyAt(state.privateKeys, now.getTime()) : undefined;
  return retireAllBut(
    settings,
    {
      ...state,
      publicKeys: [...state.publicKeys, { keyPairId, name, publicKey }],
      privateKeys: active ? [active, next] : [next],
      lastGeneration: generation,
    },
    withRetirements([added, ...state.trustedKeys], settings.maxLifetimeMs),
  );
}
