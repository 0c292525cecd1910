import type { EnvironmentOf } from '../../api/environment';
import type { KeyType } from '../../signing/key/key-type';

/** What the construct says of its keys. */
export interface KeySettings {
  readonly keyType: KeyType;
  /** What the names of the key group and its public keys begin with: unique in the account. */
  readonly name: string;
  readonly signingKeyParameter: string;
  readonly publicKeysParameter: string;
  readonly lockParameter: string;
  /** The KMS key that encrypts the signing key's parameter. Undefined: Parameter Store's own. */
  readonly kmsKeyId: string | undefined;
  readonly maxLifetimeMs: number;
  /** Undefined: rotation is asked for. */
  readonly rotationPeriodMs: number | undefined;
}

type KeysEnvironment = EnvironmentOf<'signing-keys'>;

/** @throws Error with the variable's name; when the function handles an event, which then tells CloudFormation. */
export function readKeySettings(env: Partial<KeysEnvironment> = process.env): KeySettings {
  const text = (name: keyof KeysEnvironment): string => env[name] ?? missing(name);
  const seconds = (name: keyof KeysEnvironment): number => {
    const value = Number(text(name));
    return Number.isSafeInteger(value) && value > 0 ? value * 1000 : missing(name);
  };
  return {
    keyType: text('KEY_TYPE') === 'ECDSA' ? 'ECDSA' : 'RSA',
    name: text('KEY_NAME'),
    signingKeyParameter: text('SIGNING_KEY_PARAMETER'),
    publicKeysParameter: text('PUBLIC_KEYS_PARAMETER'),
    lockParameter: text('ROTATION_LOCK_PARAMETER'),
    kmsKeyId: env.KMS_KEY_ID,
    maxLifetimeMs: seconds('MAX_LIFETIME_SECONDS'),
    rotationPeriodMs: env.ROTATION_PERIOD_SECONDS === undefined ? undefined : seconds('ROTATION_PERIOD_SECONDS'),
  };
}

const missing = (name: string): never => {
  throw new Error(`the environment variable ${name} is missing, or is not what the construct writes there`);
};
