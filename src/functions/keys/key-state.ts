import { isCode } from '../aws/call-aws';
import { deleteParameter, putParameter } from '../aws/parameter-store';
import {
  createKeyGroup,
  deleteKeyGroup,
  deletePublicKey,
  findKeyGroup,
  type ListedPublicKey,
  listPublicKeys,
  updateKeyGroup,
} from './cloudfront-key-groups';
import type { KeyGeneration, KeyGenerations } from './key-generations';
import { type PrivateKeyEntry, printKeys } from './key-parameter';
import type { KeySettings } from './key-settings';

/** The keys of one construct: in Parameter Store, in its key group and on CloudFront. */
export interface KeyState {
  /** The private keys that signers read from their parameter. */
  readonly privateKeys: readonly PrivateKeyEntry[];
  /** Those of our keys that the key group trusts, the newest first. */
  readonly trustedKeys: readonly KeyGeneration[];
  readonly keyGroupId: string | undefined;
  /** The construct's `keyGeneration` that was carried out last. */
  readonly requestedGeneration: number;
  /** The highest generation among our public keys; 0 where there is none. */
  readonly lastGeneration: number;
  /** Our public keys on CloudFront, trusted or not. */
  readonly publicKeys: readonly ListedPublicKey[];
}

/** The state as it was found, and what the two parameters say of it: an interrupted run leaves them behind. */
export interface LoadedKeys {
  readonly state: KeyState;
  readonly stored: {
    readonly privateKeys: readonly PrivateKeyEntry[];
    readonly generations: KeyGenerations | undefined;
  };
}

/** Puts right what an interrupted run has left: afterwards the key group and both parameters agree. */
export async function repairKeys(settings: KeySettings, { state, stored }: LoadedKeys): Promise<KeyState> {
  const { privateKeys, trustedKeys, publicKeys } = state;
  let { keyGroupId } = state;
  if (trustedKeys.length > 0) {
    keyGroupId = await setTrustedKeys(settings, keyGroupId, trustedKeys, publicKeys);
    await deleteUntrustedKeys(trustedKeys, publicKeys);
  }
  const repaired = { ...state, keyGroupId };
  const isStored =
    privateKeys.length === stored.privateKeys.length &&
    JSON.stringify(stored.generations) === JSON.stringify(generationsOf(repaired));
  if (privateKeys.length > 0 && !isStored) await writeKeys(settings, repaired);
  return repaired;
}

/** Has the key group trust these of our keys and no other of ours; keys that somebody else has added stay. @returns The group's id. */
export async function setTrustedKeys(
  settings: KeySettings,
  keyGroupId: string | undefined,
  trustedKeys: readonly Pick<KeyGeneration, 'keyPairId'>[],
  publicKeys: readonly ListedPublicKey[],
): Promise<string> {
  const ids = trustedKeys.map(({ keyPairId }) => keyPairId);
  const untrusted = publicKeys.map(({ keyPairId }) => keyPairId).filter((id) => !ids.includes(id));
  const group = keyGroupId ?? (await createKeyGroup(settings.name, ids, 'edgepass adds and retires its keys'));
  await updateKeyGroup(group, (before) => [
    ...ids,
    ...before.filter((id) => !ids.includes(id) && !untrusted.includes(id)),
  ]);
  return group;
}

/** Deletes our public keys that the key group does not trust. It leaves one that somebody has added to another group to a later run. */
export async function deleteUntrustedKeys(
  trustedKeys: readonly Pick<KeyGeneration, 'keyPairId'>[],
  publicKeys: readonly ListedPublicKey[],
): Promise<void> {
  for (const { keyPairId } of publicKeys.filter((one) => !trustedKeys.some((key) => key.keyPairId === one.keyPairId)))
    await deletePublicKey(keyPairId).catch((error: unknown) => {
      if (!isCode(error, 'PublicKeyInUse')) throw error;
      console.warn({ message: `${keyPairId} is not deleted: a key group that edgepass has not made has it too` });
    });
}

/** Writes both parameters, the private keys first: `loadKeys` finds a public key that was not written, and nobody finds a private one. */
export async function writeKeys(settings: KeySettings, state: KeyState): Promise<void> {
  await putParameter({
    Name: settings.signingKeyParameter,
    Type: 'SecureString',
    Value: printKeys(state.privateKeys),
    Overwrite: true,
    ...(settings.kmsKeyId !== undefined && { KeyId: settings.kmsKeyId }),
  });
  await putParameter({
    Name: settings.publicKeysParameter,
    Type: 'String',
    Value: JSON.stringify(generationsOf(state)),
    Overwrite: true,
  });
}

/** Deletes the key group, the public keys and both parameters. The group comes first: nothing is deleted while a distribution trusts it. */
export async function deleteKeys(settings: KeySettings): Promise<void> {
  const keyGroupId = await findKeyGroup(settings.name);
  if (keyGroupId !== undefined) await retryWhileInUse(() => deleteKeyGroup(keyGroupId));
  for (const { keyPairId } of await listPublicKeys(`${settings.name}-`))
    await retryWhileInUse(() => deletePublicKey(keyPairId));
  await deleteParameter(settings.signingKeyParameter);
  await deleteParameter(settings.publicKeysParameter);
}

const [IN_USE_ATTEMPTS, IN_USE_WAIT_MS] = [5, 3_000];

/** [UNV] The distribution, or the group, was deleted a moment ago, and CloudFront may not know of it everywhere. */
async function retryWhileInUse(deletion: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await deletion();
    } catch (error) {
      const isInUse = isCode(error, 'ResourceInUse') || isCode(error, 'PublicKeyInUse');
      if (!isInUse || attempt === IN_USE_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, IN_USE_WAIT_MS));
    }
  }
}

export const publicKeyName = ({ name }: KeySettings, generation: number): string => `${name}-${generation}`;

/** The state as its parameter holds it; the names of the members are stored, so they stay. */
const generationsOf = ({ keyGroupId = '', requestedGeneration, trustedKeys }: KeyState): KeyGenerations => ({
  keyGroupId,
  requested: requestedGeneration,
  keys: trustedKeys,
});
