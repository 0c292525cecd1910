import type { ChecksumAlgorithm } from '../checksum/checksum';

/** A run of an object's bytes: a blob, and what was said of it when it came. A multipart upload makes several. */
export interface Piece {
  readonly blob: string;
  readonly size: number;
  /** From 1; as the uploader numbered it. */
  readonly number: number;
  /** Base64, of the object's checksum algorithm. */
  readonly checksum?: string | undefined;
}

export interface StoredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; a composite one ends in `-` and the number of parts. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** What a write says of an object besides its bytes. */
export interface ObjectDescription {
  /** Content-Type, Content-Disposition and the like, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** What follows `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly storageClass: string;
}

/** An object that is to be stored. */
export interface ObjectDraft extends ObjectDescription {
  readonly pieces: readonly Piece[];
  readonly size: number;
  /** Without the quotes. */
  readonly etag: string;
  /** Milliseconds since 1970, whole seconds: HTTP knows no finer ones. */
  readonly lastModified: number;
  readonly checksum?: StoredChecksum | undefined;
  /** Of the multipart upload that made it: completing that again answers the same. */
  readonly uploadId?: string | undefined;
}

interface Versioned {
  /** `null` for what was written while versioning was not enabled. */
  readonly versionId: string;
  /** Grows with every write: the greatest of a key is its latest version. */
  readonly sequence: number;
}

/** A version of an object as it is stored, all but its bytes. */
export interface ObjectRecord extends ObjectDraft, Versioned {}

/** The version that a DELETE without a version id leaves behind. */
export interface DeleteMarker extends Versioned {
  readonly isDeleteMarker: true;
  readonly lastModified: number;
}

export type VersionRecord = ObjectRecord | DeleteMarker;

export const isDeleteMarker = (record: VersionRecord): record is DeleteMarker => 'isDeleteMarker' in record;

/** S3 dates objects by the second. */
export const wholeSecond = (now: Date): number => Math.floor(now.getTime() / 1000) * 1000;

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
