import { describe, expect, it } from 'vitest';
import { isRetired, isRotating, isRotationDue, type KeyGeneration, withRetirements } from './key-generations';

const START = Date.parse('2026-05-01T00:00:00Z');
const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, 3_600_000, 86_400_000];
/** Besides the longest link's time. */
const SLACK_MS = 15 * MINUTE_MS;
const iso = (time: number): string => new Date(time).toISOString();

const key = (generation: number, signsFrom: number, retiresAt?: number): KeyGeneration => ({
  generation,
  keyPairId: `K${generation}`,
  keyType: 'RSA',
  publicKey: '',
  createdAt: iso(START),
  signsFrom: iso(signsFrom),
  ...(retiresAt !== undefined && { retiresAt: iso(retiresAt) }),
});

const retirements = (keys: readonly KeyGeneration[], maxLifetimeMs: number) =>
  withRetirements(keys, maxLifetimeMs).map(({ retiresAt }) => retiresAt);

describe('retirements', () => {
  it('the newest has none; each other’s is a longest link after its own successor takes over', () => {
    const keys = [key(3, START + 2 * DAY_MS), key(2, START + DAY_MS), key(1, START)];
    expect(retirements(keys, 2 * HOUR_MS)).toEqual([
      undefined,
      iso(START + 2 * DAY_MS + SLACK_MS + 2 * HOUR_MS),
      iso(START + DAY_MS + SLACK_MS + 2 * HOUR_MS),
    ]);
    expect(retirements([], HOUR_MS)).toEqual([]);
  });

  it('come later when links may last longer, and never earlier', () => {
    const keys = withRetirements([key(2, START + DAY_MS), key(1, START)], 2 * HOUR_MS);
    expect(retirements(keys, 5 * HOUR_MS)[1]).toBe(iso(START + DAY_MS + SLACK_MS + 5 * HOUR_MS));
    expect(retirements(keys, HOUR_MS)).toEqual(keys.map(({ retiresAt }) => retiresAt));
  });

  it('a key is retired from that very millisecond on, and one without a time never', () => {
    const former = key(1, START, START + DAY_MS);
    expect(isRetired(former, START + DAY_MS - 1)).toBe(false);
    expect(isRetired(former, START + DAY_MS)).toBe(true);
    expect(isRetired(key(1, START), START + 10_000 * DAY_MS)).toBe(false);
  });
});

describe('rotations', () => {
  it('one is under way until the newest key’s time has come', () => {
    const keys = [key(2, START + MINUTE_MS), key(1, START)];
    expect(isRotating(keys, START + MINUTE_MS - 1)).toBe(true);
    expect(isRotating(keys, START + MINUTE_MS)).toBe(false);
    expect(isRotating([], START)).toBe(false);
  });

  it('one is due when the newest has signed for a period, not when it has been there for one', () => {
    const keys = [key(2, START + DAY_MS), key(1, START)];
    expect(isRotationDue(keys, 7 * DAY_MS, START + 8 * DAY_MS - 1)).toBe(false);
    expect(isRotationDue(keys, 7 * DAY_MS, START + 8 * DAY_MS)).toBe(true);
  });

  it('none is due without a period, or without a key', () => {
    expect(isRotationDue([key(1, 0)], undefined, START)).toBe(false);
    expect(isRotationDue([], DAY_MS, START)).toBe(false);
  });
});
