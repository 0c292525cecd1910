import { generateKeyPair } from '../../signing/key/generate-key-pair';
import { changeKeyGroup, createPublicKey } from './cloudfront-key-groups';
import {
  isRetired,
  isRotating,
  isRotationDue,
  type KeyGeneration,
  MOST_KEYS_IN_GROUP,
  PROPAGATION_MS,
  withRetirements,
} from './key-generations';
import { type KeptKey, keyAt } from './key-parameter';
import type { KeySettings } from './key-settings';
import { deleteOthers, type KeptKeys, publicKeyName, trustOnly, writeKeys } from './key-state';

/** The keys stay as they are. `name` is a stable code. */
export class RotationRefusedError extends Error {
  constructor(code: 'RotationUnderWay' | 'TooManyPublicKeysInKeyGroup' | 'NoKeyGroup', message: string) {
    super(message);
    this.name = code;
  }
}

/**
 * What a deployment asks for: a key where none signs, another one where `keyGeneration` was raised or the type is another. A rotation that
 * is under way is the one asked for, unless it is to another type. @throws RotationRefusedError
 */
export async function deployKeys(settings: KeySettings, kept: KeptKeys, requested: number): Promise<KeptKeys> {
  const asked = { ...kept, requested: Math.max(kept.requested, requested) };
  if (!hasSigner(kept)) return addKey(settings, asked, Date.now());
  const isOtherType = kept.keys[0]?.keyType !== settings.keyType;
  if (requested <= kept.requested && !isOtherType) return kept;
  if (isOtherType || !isRotating(kept.keys, Date.now())) return rotate(settings, asked);
  await writeKeys(settings, asked);
  return asked;
}

/**
 * Adds a key and lets it take over: the key group trusts it at once, the signers go on with the former one until CloudFront knows of it,
 * and the former one stays trusted until its last link is over. @throws RotationRefusedError
 */
export async function rotate(settings: KeySettings, kept: KeptKeys): Promise<KeptKeys> {
  const { keys, keyGroupId } = requireGroup(kept);
  const now = Date.now();
  const [newest, oldest] = [keys[0], keys.at(-1)];
  if (newest && isRotating(keys, now)) {
    const message = `${newest.keyPairId} takes over at ${newest.signsFrom}; rotate again after that`;
    throw new RotationRefusedError('RotationUnderWay', message);
  }
  const trusted = await changeKeyGroup(keyGroupId, (before) => before);
  if (trusted.length < MOST_KEYS_IN_GROUP) return addKey(settings, kept, now + PROPAGATION_MS);
  const way = oldest?.retiresAt
    ? `the oldest retires at ${oldest.retiresAt}; rotate again after that, or at once, which ends all links`
    : 'take those out that edgepass has not made';
  throw new RotationRefusedError('TooManyPublicKeysInKeyGroup', `the key group holds ${trusted.length} keys: ${way}`);
}

/** For a key that others know: the new one signs at once, and what the former ones signed is refused from now on. */
export async function rotateNow(settings: KeySettings, kept: KeptKeys): Promise<KeptKeys> {
  const current = keyAt(requireGroup(kept).signing, Date.now());
  const signing = kept.keys.filter(({ keyPairId }) => keyPairId === current?.keyPairId);
  const added = await addKey(settings, { ...kept, keys: signing }, Date.now());
  return keepOnly(settings, added, added.keys.slice(0, 1));
}

/** What time brings: keys that retire, private keys that sign no more, a rotation that is due, a key where none is left. */
export async function tend(settings: KeySettings, kept: KeptKeys): Promise<KeptKeys> {
  if (kept.keyGroupId === undefined) return kept;
  const now = Date.now();
  if (!hasSigner(kept)) return addKey(settings, kept, now);
  const keys = withRetirements(kept.keys, settings.maxLifetimeMs).filter((key) => !isRetired(key, now));
  const current = keyAt(kept.signing, now);
  const signing = kept.signing.filter((key) => key === current || key.signsFrom.getTime() > now);
  const isSame = JSON.stringify([keys, signing]) === JSON.stringify([kept.keys, kept.signing]);
  const tended = isSame ? kept : await keepOnly(settings, { ...kept, signing }, keys);
  const isDue = isRotationDue(keys, settings.rotationPeriodMs, now) && !isRotating(keys, now);
  return isDue ? rotate(settings, tended) : tended;
}

const hasSigner = ({ signing, keyGroupId }: KeptKeys): boolean => signing.length > 0 && keyGroupId !== undefined;

function requireGroup(kept: KeptKeys): KeptKeys & { readonly keyGroupId: string } {
  const { keyGroupId } = kept;
  if (keyGroupId !== undefined) return { ...kept, keyGroupId };
  throw new RotationRefusedError('NoKeyGroup', 'there is no key group yet: deploy the stack first');
}

async function keepOnly(settings: KeySettings, kept: KeptKeys, keys: readonly KeyGeneration[]): Promise<KeptKeys> {
  const left = { ...kept, keys, keyGroupId: await trustOnly(settings, kept.keyGroupId, keys, kept.registered) };
  await writeKeys(settings, left);
  await deleteOthers(keys, kept.registered);
  return left;
}

/**
 * Public key → key group → signers → written down → former keys deleted: whichever step is the last one that is done, no link is signed
 * that is refused.
 */
async function addKey(settings: KeySettings, kept: KeptKeys, signsFrom: number): Promise<KeptKeys> {
  const generation = 1 + kept.lastGeneration;
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
  const made: KeyGeneration = { generation, keyPairId, keyType, publicKey, ...times };
  const next: KeptKey = { keyPairId, signsFrom: since, privateKey };
  const current = since > now ? keyAt(kept.signing, now.getTime()) : undefined;
  return keepOnly(
    settings,
    {
      ...kept,
      registered: [...kept.registered, { keyPairId, name, publicKey }],
      signing: current ? [current, next] : [next],
      lastGeneration: generation,
    },
    withRetirements([made, ...kept.keys], settings.maxLifetimeMs),
  );
}
