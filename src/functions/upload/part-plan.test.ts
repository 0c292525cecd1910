import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planParts } from './part-plan';

const MIB = 1024 * 1024;

describe('the parts of an upload', () => {
  it.each([
    [0, 8 * MIB, 1, 0],
    [1, 8 * MIB, 1, 1],
    [8 * MIB, 8 * MIB, 1, 8 * MIB],
    [8 * MIB + 1, 8 * MIB, 2, 1],
    [80_000 * MIB, 8 * MIB, 10_000, 8 * MIB],
    [80_000 * MIB + 1, 9 * MIB, 8_889, 8 * MIB + 1],
  ])('divides %d bytes into parts of %d bytes, %d of them, the last of %d', (size, partSize, count, last) => {
    const parts = planParts(size);
    expect([parts.partSize, parts.count, parts.sizeOf(count)]).toEqual([partSize, count, last]);
  });

  it('divides every file into at most 10,000 parts that S3 takes and that are the file', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 48 * 1024 ** 4 }), (size) => {
        const { partSize, count, sizeOf } = planParts(size);
        expect(count).toBeLessThanOrEqual(10_000);
        expect(partSize).toBeLessThanOrEqual(5 * 1024 ** 3);
        expect((count - 1) * partSize + sizeOf(count)).toBe(size);
        expect(sizeOf(count)).toBeGreaterThanOrEqual(Math.min(size, 1));
      }),
    );
  });
});
