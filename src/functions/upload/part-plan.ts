import { MOST_PARTS } from '../../api/schemas/upload';

const MIB = 1024 * 1024;

/** The smallest part, and the largest file that comes in one piece unless it is asked for in parts. */
export const SMALLEST_PART_SIZE: number = 8 * MIB;

/** How a file is divided into parts. */
export interface PartPlan {
  /** Of every part but the last, in bytes. */
  readonly partSize: number;
  readonly count: number;
  /** In bytes. */
  sizeOf(number: number): number;
}

/** Divides a file of a size: it has at most 10,000 parts, so large files have larger ones. An empty file has one empty part. */
export function planParts(size: number): PartPlan {
  const partSize = Math.max(SMALLEST_PART_SIZE, Math.ceil(size / MOST_PARTS / MIB) * MIB);
  const count = Math.max(1, Math.ceil(size / partSize));
  return { partSize, count, sizeOf: (number) => (number < count ? partSize : size - (count - 1) * partSize) };
}
