import type {
  CloudFormationCustomResourceEvent,
  CloudFormationCustomResourceUpdateEvent,
  ScheduledEvent,
} from 'aws-lambda';
import { respondToCloudFormation } from '../aws/custom-resource-response';
import { reportKeyAge } from '../http/metrics';
import { activeKeyAt } from '../keys/key-parameter';
import { type KeySettings, readKeySettings } from '../keys/key-settings';
import { deleteKeys, type KeyState, repairKeys, writeKeys } from '../keys/key-state';
import { loadKeys } from '../keys/load-keys';
import { deployKeys, rotate, rotateNow, runMaintenance } from '../keys/rotation';
import { withLock } from '../keys/rotation-lock';

/** The payload with which `edgepass keys` invokes the function. */
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
 * The rotation function: makes the signing keys inside the account, rotates and retires them. CloudFormation calls it as a custom resource, a
 * schedule calls it every hour, and `edgepass keys` invokes it. No template, event, response or log holds a private key.
 *
 * CloudFormation may send an event twice, late, or after a failure: every run starts from the keys that it finds. An update that is rolled
 * back removes no key.
 */
export async function handler(
  event: CloudFormationCustomResourceEvent | ScheduledEvent | KeysRequest,
): Promise<DescribedKeys | undefined> {
  const settings = readKeySettings();
  const locked = <T>(work: () => Promise<T>): Promise<T> => withLock(settings.lockParameter, work);
  if ('RequestType' in event) {
    await respondToCloudFormation(event, () => locked(() => handleCustomResource(event, settings)));
    return undefined;
  }
  const operation = 'operation' in event ? OPERATIONS[event.operation] : runMaintenance;
  if (!operation) throw new Error('operation has to be Describe, Rotate or RotateNow');
  const state = await locked(async () => operation(settings, await currentKeys(settings)));
  const [newest] = state.trustedKeys;
  if (newest) reportKeyAge(settings.signingKeyParameter, newest.signsFrom);
  return describe(state);
}

const currentKeys = async (settings: KeySettings): Promise<KeyState> => repairKeys(settings, await loadKeys(settings));

type KeyOperation = (settings: KeySettings, state: KeyState) => Promise<KeyState>;

const OPERATIONS: Readonly<Record<KeysRequest['operation'], KeyOperation>> = {
  Describe: async (_settings, state) => state,
  Rotate: rotate,
  RotateNow: rotateNow,
};

async function handleCustomResource(event: CloudFormationCustomResourceEvent, settings: KeySettings) {
  const physicalResourceId = settings.signingKeyParameter;
  if (event.RequestType === 'Delete') {
    await deleteKeys(settings);
    return { physicalResourceId: event.PhysicalResourceId, data: {} };
  }
  const keyGeneration = Number(event.ResourceProperties.KeyGeneration);
  if (!Number.isSafeInteger(keyGeneration) || keyGeneration < 1)
    throw new Error('KeyGeneration has to be a number from 1');
  const state = await deployKeys(settings, await currentKeys(settings), keyGeneration);
  // Signers may decrypt with the KMS key that the template names now, and with no other.
  if (event.RequestType === 'Update' && hasOtherEncryptionKey(event)) await writeKeys(settings, state);
  const KeyPairId = activeKeyAt(state.privateKeys, Date.now())?.keyPairId ?? '';
  return { physicalResourceId, data: { KeyGroupId: state.keyGroupId ?? '', KeyPairId } };
}

const hasOtherEncryptionKey = ({
  ResourceProperties,
  OldResourceProperties,
}: CloudFormationCustomResourceUpdateEvent): boolean =>
  ResourceProperties.EncryptionKey !== OldResourceProperties.EncryptionKey;

function describe({ keyGroupId, trustedKeys, privateKeys }: KeyState): DescribedKeys {
  const now = Date.now();
  const activeId = activeKeyAt(privateKeys, now)?.keyPairId;
  return {
    keyGroupId,
    keys: trustedKeys.map(({ publicKey: _public, ...key }) => ({
      ...key,
      state: key.keyPairId === activeId ? 'signing' : Date.parse(key.signsFrom) > now ? 'next' : 'trusted',
    })),
  };
}
