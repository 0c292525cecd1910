import type {
  CloudFormationCustomResourceEvent,
  CloudFormationCustomResourceUpdateEvent,
  ScheduledEvent,
} from 'aws-lambda';
import { answerCloudFormation } from '../aws/custom-resource-response';
import { reportKeyAge } from '../http/metrics';
import { keyAt } from '../keys/key-parameter';
import { type KeySettings, readKeySettings } from '../keys/key-settings';
import { deleteKeys, type KeptKeys, readKeys, writeKeys } from '../keys/key-state';
import { deployKeys, rotate, rotateNow, tend } from '../keys/rotation';
import { withLock } from '../keys/rotation-lock';

/** What `edgepass keys` asks for. */
export interface KeysRequest {
  readonly operation: 'Describe' | 'Rotate' | 'RotateNow';
}

/** A key as `edgepass keys` shows it. Times are ISO 8601. */
export interface DescribedKey {
  readonly generation: number;
  readonly keyPairId: string;
  readonly keyType: string;
  /** `next` signs from `signsFrom` on, `signing` does now, `trusted` did. */
  readonly state: 'next' | 'signing' | 'trusted';
  readonly createdAt: string;
  readonly signsFrom: string;
  readonly retiresAt?: string;
}

export interface DescribedKeys {
  readonly keyGroupId: string | undefined;
  readonly keys: readonly DescribedKey[];
}

/**
 * Owns the signing keys: makes them inside the account, rotates and retires them. A custom resource, the target of a schedule, and what
 * `edgepass keys` invokes. A private key appears in no template, event, answer or log.
 *
 * CloudFormation may send an event twice, late, or after a failure: every event leads from whatever is there to what it asks for. An update
 * that is rolled back takes no key away.
 */
export async function handler(
  event: CloudFormationCustomResourceEvent | ScheduledEvent | KeysRequest,
): Promise<DescribedKeys | undefined> {
  const settings = readKeySettings();
  const alone = <T>(work: () => Promise<T>): Promise<T> => withLock(settings.lockParameter, work);
  if ('RequestType' in event) {
    await answerCloudFormation(event, () => alone(() => followCloudFormation(event, settings)));
    return undefined;
  }
  const change = 'operation' in event ? OPERATIONS[event.operation] : tend;
  if (!change) throw new Error('operation has to be Describe, Rotate or RotateNow');
  const kept = await alone(async () => change(settings, await readKeys(settings)));
  const [newest] = kept.keys;
  if (newest) reportKeyAge(settings.signingKeyParameter, newest.signsFrom);
  return describe(kept);
}

type Change = (settings: KeySettings, kept: KeptKeys) => Promise<KeptKeys>;

const OPERATIONS: Readonly<Record<KeysRequest['operation'], Change>> = {
  Describe: async (_settings, kept) => kept,
  Rotate: rotate,
  RotateNow: rotateNow,
};

async function followCloudFormation(event: CloudFormationCustomResourceEvent, settings: KeySettings) {
  const physicalResourceId = settings.signingKeyParameter;
  if (event.RequestType === 'Delete') {
    await deleteKeys(settings);
    return { physicalResourceId: event.PhysicalResourceId, data: {} };
  }
  const requested = Number(event.ResourceProperties.KeyGeneration);
  if (!Number.isSafeInteger(requested) || requested < 1) throw new Error('KeyGeneration has to be a number from 1');
  const kept = await deployKeys(settings, await readKeys(settings), requested);
  // Whoever reads the key may decrypt with the KMS key that the template names now, and with no other.
  if (event.RequestType === 'Update' && isEncryptedOtherwise(event)) await writeKeys(settings, kept);
  const KeyPairId = keyAt(kept.signing, Date.now())?.keyPairId ?? '';
  return { physicalResourceId, data: { KeyGroupId: kept.keyGroupId ?? '', KeyPairId } };
}

const isEncryptedOtherwise = ({
  ResourceProperties,
  OldResourceProperties,
}: CloudFormationCustomResourceUpdateEvent): boolean =>
  ResourceProperties.EncryptionKey !== OldResourceProperties.EncryptionKey;

function describe({ keyGroupId, keys, signing }: KeptKeys): DescribedKeys {
  const now = Date.now();
  const current = keyAt(signing, now)?.keyPairId;
  return {
    keyGroupId,
    keys: keys.map(({ publicKey: _public, ...key }) => ({
      ...key,
      state: key.keyPairId === current ? 'signing' : Date.parse(key.signsFrom) > now ? 'next' : 'trusted',
    })),
  };
}
