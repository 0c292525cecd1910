import { createPublicKey as toKeyObject } from 'node:crypto';
import { keyTypeOf } from '../../signing/key/key-type';
import { deleteParameter, findParameter, putParameter } from '../aws/parameter-store';
import {
  changeKeyGroup,
  createKeyGroup,
  deleteKeyGroup,
  deletePublicKey,
  findKeyGroup,
  getPublicKey,
  isCode,
  isKeyGroup,
  type ListedPublicKey,
  listPublicKeys,
} from './cloudfront-key-groups';
import type { KeyGeneration, KeyGenerations } from './key-generations';
import { type KeptKey, parseKeys, printKeys } from './key-parameter';
import type { KeySettings } from './key-settings';

/** All that there is of the keys. */
export interface KeptKeys {
  /** What the signers read. */
  readonly signing: readonly KeptKey[];
  /** What the key group trusts of ours, the newest first. */
  readonly keys: readonly KeyGeneration[];
  readonly keyGroupId: string | undefined;
  /** The construct's `keyGeneration` that was carried out last. */
  readonly requested: number;
  /** No generation was higher. */
  readonly lastGeneration: number;
  /** Our public keys on CloudFront. */
  readonly registered: readonly ListedPublicKey[];
}

/** Reads the keys and puts right what an interrupted run has left: afterwards the key group and both parameters agree. */
export async function readKeys(settings: KeySettings): Promise<KeptKeys> {
  const [signing, known, listed] = await Promise.all([
    findParameter(settings.signingKeyParameter).then((text = '') => parseKeys(text)),
    findParameter(settings.publicKeysParameter).then(readKnown),
    listPublicKeys(`${settings.name}-`),
  ]);
  const registered = [...listed, ...(await unlisted(listed, [...signing, ...(known?.keys ?? [])]))];
  const found = (await findKeyGroup(settings.name)) ?? (await unlistedGroup(known));
  const isThere = ({ keyPairId }: { readonly keyPairId: string }): boolean =>
    registered.some((key) => key.keyPairId === keyPairId);
  const usable = signing.filter(isThere);
  const keys = withUnwritten((known?.keys ?? []).filter(isThere), usable, registered);
  const keyGroupId = keys.length > 0 ? await trustOnly(settings, found, keys, registered) : found;
  if (keys.length > 0) await deleteOthers(keys, registered);
  const kept = {
    signing: usable,
    keys,
    keyGroupId,
    requested: known?.requested ?? 0,
    lastGeneration: Math.max(0, ...registered.map(generationOf)),
    registered,
  };
  const isWritten = usable.length === signing.length && JSON.stringify(known) === JSON.stringify(knownOf(kept));
  if (usable.length > 0 && !isWritten) await writeKeys(settings, kept);
  return kept;
}

/** Has the key group trust these of our keys and no other of ours; what somebody else has put in stays. @returns The group's id. */
export async function trustOnly(
  settings: KeySettings,
  keyGroupId: string | undefined,
  keys: readonly Pick<KeyGeneration, 'keyPairId'>[],
  registered: readonly ListedPublicKey[],
): Promise<string> {
  const ids = keys.map(({ keyPairId }) => keyPairId);
  const others = registered.map(({ keyPairId }) => keyPairId).filter((id) => !ids.includes(id));
  const group = keyGroupId ?? (await createKeyGroup(settings.name, ids, 'edgepass adds and retires its keys'));
  await changeKeyGroup(group, (before) => [
    ...ids,
    ...before.filter((id) => !ids.includes(id) && !others.includes(id)),
  ]);
  return group;
}

/** Deletes those of our keys that the key group no longer has. One that somebody has put into another group is left to a later run. */
export async function deleteOthers(
  keys: readonly Pick<KeyGeneration, 'keyPairId'>[],
  registered: readonly ListedPublicKey[],
): Promise<void> {
  for (const { keyPairId } of registered.filter((one) => !keys.some((key) => key.keyPairId === one.keyPairId)))
    await deletePublicKey(keyPairId).catch((error: unknown) => {
      if (!isCode(error, 'PublicKeyInUse')) throw error;
      console.warn({ message: `${keyPairId} is not deleted: a key group that edgepass has not made has it too` });
    });
}

/** The signers' keys first: a public key that nobody has written down is found again by `readKeys`, a private one would be lost. */
export async function writeKeys(settings: KeySettings, kept: KeptKeys): Promise<void> {
  await putParameter({
    Name: settings.signingKeyParameter,
    Type: 'SecureString',
    Value: printKeys(kept.signing),
    Overwrite: true,
    ...(settings.kmsKeyId !== undefined && { KeyId: settings.kmsKeyId }),
  });
  await putParameter({
    Name: settings.publicKeysParameter,
    Type: 'String',
    Value: JSON.stringify(knownOf(kept)),
    Overwrite: true,
  });
}

/** Leaves nothing. The group goes first: while a distribution trusts it, all stays as it was. */
export async function deleteKeys(settings: KeySettings): Promise<void> {
  const keyGroupId = await findKeyGroup(settings.name);
  if (keyGroupId !== undefined) await onceUnused(() => deleteKeyGroup(keyGroupId));
  for (const { keyPairId } of await listPublicKeys(`${settings.name}-`))
    await onceUnused(() => deletePublicKey(keyPairId));
  await deleteParameter(settings.signingKeyParameter);
  await deleteParameter(settings.publicKeysParameter);
}

const [UNUSED_TRIES, UNUSED_WAIT_MS] = [5, 3_000];

/** [UNV] The distribution, or the group, was deleted a moment ago, and CloudFront may not know of it everywhere. */
async function onceUnused(deletion: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await deletion();
    } catch (error) {
      const isInUse = isCode(error, 'ResourceInUse') || isCode(error, 'PublicKeyInUse');
      if (!isInUse || attempt === UNUSED_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, UNUSED_WAIT_MS));
    }
  }
}

export const publicKeyName = ({ name }: KeySettings, generation: number): string => `${name}-${generation}`;

const generationOf = ({ name }: ListedPublicKey): number => Number(/-(\d+)$/.exec(name)?.[1] ?? 0);

/** Keys that are written down and not listed: CloudFront's lists may be behind, and what is taken for gone would be lost. */
async function unlisted(
  listed: readonly ListedPublicKey[],
  written: readonly { readonly keyPairId: string }[],
): Promise<ListedPublicKey[]> {
  const ids = new Set(written.map(({ keyPairId }) => keyPairId));
  for (const { keyPairId } of listed) ids.delete(keyPairId);
  const found = await Promise.all([...ids].map(getPublicKey));
  return found.filter((key) => key !== undefined);
}

async function unlistedGroup(known: KeyGenerations | undefined): Promise<string | undefined> {
  const id = known?.keyGroupId;
  return id && (await isKeyGroup(id)) ? id : undefined;
}

const knownOf = ({ keyGroupId = '', requested, keys }: KeptKeys): KeyGenerations => ({ keyGroupId, requested, keys });

const readKnown = (json: string | undefined): KeyGenerations | undefined =>
  json === undefined ? undefined : (JSON.parse(json) as KeyGenerations);

/** Also the key that signs, or will, and was not written down: its run ended in between. */
function withUnwritten(
  keys: readonly KeyGeneration[],
  signing: readonly KeptKey[],
  registered: readonly ListedPublicKey[],
): KeyGeneration[] {
  const isUnwritten = ({ keyPairId }: KeptKey): boolean => !keys.some((key) => key.keyPairId === keyPairId);
  const found = signing.filter(isUnwritten).flatMap(({ keyPairId, signsFrom }): KeyGeneration[] => {
    const listed = registered.find((key) => key.keyPairId === keyPairId);
    if (!listed) return [];
    const { publicKey } = listed;
    const [keyType, since] = [keyTypeOf(toKeyObject(publicKey)), signsFrom.toISOString()];
    return [{ generation: generationOf(listed), keyPairId, keyType, publicKey, createdAt: since, signsFrom: since }];
  });
  return [...found, ...keys].sort((one, other) => other.generation - one.generation);
}
