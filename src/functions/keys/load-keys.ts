import { createPublicKey as toKeyObject } from 'node:crypto';
import { keyTypeOf } from '../../signing/key/key-type';
import { findParameter } from '../aws/parameter-store';
import {
  findKeyGroup,
  getPublicKey,
  keyGroupExists,
  type ListedPublicKey,
  listPublicKeys,
} from './cloudfront-key-groups';
import type { KeyGeneration, KeyGenerations } from './key-generations';
import { type PrivateKeyEntry, parseKeys } from './key-parameter';
import type { KeySettings } from './key-settings';
import type { LoadedKeys } from './key-state';

/** Reads both parameters, the key group and our public keys, and changes nothing; `repairKeys` makes them agree. */
export async function loadKeys(settings: KeySettings): Promise<LoadedKeys> {
  const [storedPrivateKeys, generations, listed] = await Promise.all([
    findParameter(settings.signingKeyParameter).then((text = '') => parseKeys(text)),
    findParameter(settings.publicKeysParameter).then(parseGenerations),
    listPublicKeys(`${settings.name}-`),
  ]);
  const storedKeys = generations?.keys ?? [];
  const publicKeys = [...listed, ...(await findUnlistedKeys(listed, [...storedPrivateKeys, ...storedKeys]))];
  const keyGroupId = (await findKeyGroup(settings.name)) ?? (await findUnlistedGroup(generations));
  const hasPublicKey = ({ keyPairId }: { readonly keyPairId: string }): boolean =>
    publicKeys.some((key) => key.keyPairId === keyPairId);
  const privateKeys = storedPrivateKeys.filter(hasPublicKey);
  return {
    state: {
      privateKeys,
      trustedKeys: withUnstoredKeys(storedKeys.filter(hasPublicKey), privateKeys, publicKeys),
      keyGroupId,
      requestedGeneration: generations?.requested ?? 0,
      lastGeneration: Math.max(0, ...publicKeys.map(generationOf)),
      publicKeys,
    },
    stored: { privateKeys: storedPrivateKeys, generations },
  };
}

const parseGenerations = (json: string | undefined): KeyGenerations | undefined =>
  json === undefined ? undefined : (JSON.parse(json) as KeyGenerations);

const generationOf = ({ name }: ListedPublicKey): number => Number(/-(\d+)$/.exec(name)?.[1] ?? 0);

/** Finds the keys that a parameter names and CloudFront does not list: lists may be behind, and a key that is taken for deleted is lost. */
async function findUnlistedKeys(
  listed: readonly ListedPublicKey[],
  stored: readonly { readonly keyPairId: string }[],
): Promise<ListedPublicKey[]> {
  const ids = new Set(stored.map(({ keyPairId }) => keyPairId));
  for (const { keyPairId } of listed) ids.delete(keyPairId);
  const found = await Promise.all([...ids].map(getPublicKey));
  return found.filter((key) => key !== undefined);
}

async function findUnlistedGroup(generations: KeyGenerations | undefined): Promise<string | undefined> {
  const id = generations?.keyGroupId;
  return id && (await keyGroupExists(id)) ? id : undefined;
}

/** Adds the keys that sign, or will, and that the parameter with the public keys does not have: a run ended between the two writes. */
function withUnstoredKeys(
  storedKeys: readonly KeyGeneration[],
  privateKeys: readonly PrivateKeyEntry[],
  publicKeys: readonly ListedPublicKey[],
): KeyGeneration[] {
  const isUnstored = ({ keyPairId }: PrivateKeyEntry): boolean =>
    !storedKeys.some((key) => key.keyPairId === keyPairId);
  const found = privateKeys.filter(isUnstored).flatMap(({ keyPairId, signsFrom }): KeyGeneration[] => {
    const listed = publicKeys.find((key) => key.keyPairId === keyPairId);
    if (!listed) return [];
    const { publicKey } = listed;
    const [keyType, since] = [keyTypeOf(toKeyObject(publicKey)), signsFrom.toISOString()];
    return [{ generation: generationOf(listed), keyPairId, keyType, publicKey, createdAt: since, signsFrom: since }];
  });
  return [...found, ...storedKeys].sort((one, other) => other.generation - one.generation);
}
