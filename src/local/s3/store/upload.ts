import type { ChecksumAlgorithm } from '../checksum/checksum';
import type { ObjectDescription } from './object-record';

/** A multipart upload that has begun. */
export interface Upload extends ObjectDescription {
  readonly bucket: string;
  readonly key: string;
  readonly startedAt: number;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: 'FULL_OBJECT' | 'COMPOSITE' } | undefined;
}

/** A part that has arrived. */
export interface Part {
  readonly blob: string;
  readonly size: number;
  /** MD5 in hex. */
  readonly md5: string;
  readonly lastModified: number;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
}
