import type { KeyType } from '../../signing/key/key-type';
import { STALE_KEYS_MS } from './key-parameter';

/** A key pair that the key group trusts. Times are ISO 8601. */
export interface KeyGeneration {
  /** Counts up from 1. */
  readonly generation: number;
  readonly keyPairId: string;
  readonly keyType: KeyType;
  /** PEM. */
  readonly publicKey: string;
  readonly createdAt: string;
  readonly signsFrom: string;
  /** When every link that it signed has expired; absent for the newest. */
  readonly retiresAt?: string;
}

/** The JSON in the parameter with the public keys; nothing in it is secret. */
export interface KeyGenerations {
  readonly keyGroupId: string;
  /** The construct's `keyGeneration` that was carried out last. */
  readonly requested: number;
  /** The newest first. */
  readonly keys: readonly KeyGeneration[];
}

/** Source: CloudFront Developer Guide, "Quotas on key groups". */
export const MOST_KEYS_IN_GROUP = 5;

/** How long CloudFront's edge locations are given to learn of a key before it signs. */
export const PROPAGATION_MS: number = 10 * 60_000;

/** [UNV] How long they may take; AWS names no bound. Also a container that cannot read its keys anew signs with the former one. */
const SLACK_MS = STALE_KEYS_MS;

const iso = (time: number): string => new Date(time).toISOString();

/** True while a key is trusted that does not sign yet. */
export const isRotating = (keys: readonly KeyGeneration[], now: number): boolean =>
  keys.some(({ signsFrom }) => Date.parse(signsFrom) > now);

/**
 * Sets when each former key retires: when the last link that it may have signed has expired. A time that was set is never brought forward,
 * for signers have signed links that rely on it.
 */
export function withRetirements(keys: readonly KeyGeneration[], maxLifetimeMs: number): KeyGeneration[] {
  return keys.map((key, at) => {
    const successor = keys[at - 1];
    if (!successor) return key;
    const lastLinkEnds = Date.parse(successor.signsFrom) + SLACK_MS + maxLifetimeMs;
    return { ...key, retiresAt: iso(Math.max(lastLinkEnds, Date.parse(key.retiresAt ?? iso(0)))) };
  });
}

export const isRetired = ({ retiresAt }: KeyGeneration, now: number): boolean =>
  retiresAt !== undefined && Date.parse(retiresAt) <= now;

/** True when the newest key has signed for the rotation period. */
export function isRotationDue(keys: readonly KeyGeneration[], periodMs: number | undefined, now: number): boolean {
  const [newest] = keys;
  return newest !== undefined && periodMs !== undefined && Date.parse(newest.signsFrom) + periodMs <= now;
}
