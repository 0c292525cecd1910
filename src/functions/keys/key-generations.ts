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
  /** When every link that it signed is over; absent for the newest. */
  readonly retiresAt?: string;
}

/** What the parameter with the public keys holds: all that is known of the keys, and no secret. */
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

/** Whether a key waits for its time. */
export const isRotating = (keys: readonly KeyGeneration[], now: number): boolean =>
  keys.some(({ signsFrom }) => Date.parse(signsFrom) > now);

/**
 * Says of each former key when it retires: when the last link it signed is over, were it as long as links may be. A time once said is
 * never brought forward, for links were signed by it.
 */
export function withRetirements(keys: readonly KeyGeneration[], maxLifetimeMs: number): KeyGeneration[] {
  return keys.map((key, at) => {
    const successor = keys[at - 1];
    if (!successor) return key;
    const over = Date.parse(successor.signsFrom) + SLACK_MS + maxLifetimeMs;
    return { ...key, retiresAt: iso(Math.max(over, Date.parse(key.retiresAt ?? iso(0)))) };
  });
}

export const isRetired = ({ retiresAt }: KeyGeneration, now: number): boolean =>
  retiresAt !== undefined && Date.parse(retiresAt) <= now;

/** Whether the newest key has signed for as long as one should. */
export function isRotationDue(keys: readonly KeyGeneration[], periodMs: number | undefined, now: number): boolean {
  const [newest] = keys;
  return newest !== undefined && periodMs !== undefined && Date.parse(newest.signsFrom) + periodMs <= now;
}
