/** The bodies and answers of the four upload operations. A message continues the sentence `"FIELD" has to be …`. */
import * as v from 'valibot';

/** Body of `POST /uploads`. */
export interface CreateUploadBody {
  /** The object's key. */
  readonly file: string;
  /** In bytes, exactly. */
  readonly size: number;
  /** What the object will be served as. @default 'application/octet-stream' */
  readonly contentType?: string;
  /** SHA-256 of the whole file, base64: S3 takes no other bytes. Only for an upload in one piece. */
  readonly sha256?: string;
  /** Whether an object that is there may be replaced. @default false */
  readonly overwrite?: boolean;
  /** Whether the upload comes in parts. @default true for more than 8 MiB, false otherwise */
  readonly multipart?: boolean;
  /** Every part comes with its SHA-256. Only for an upload in parts. @default S3 computes a CRC-64/NVME of its own */
  readonly checksumAlgorithm?: 'SHA256';
}

/** A request that the sender of the bytes makes as it stands; its headers are part of the signature. */
export interface PresignedRequest {
  readonly method: 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Response of `POST /uploads` for an upload in one piece. */
export interface PresignedUpload extends PresignedRequest {
  /** ISO 8601; S3 takes the request until then. */
  readonly expires: string;
}

/** Response of `POST /uploads` for an upload in parts. */
export interface MultipartUpload {
  /** Names the upload in the other calls. */
  readonly id: string;
  /** In bytes, of every part but the last. */
  readonly partSize: number;
  /** How many parts there have to be. */
  readonly parts: number;
  /** ISO 8601; what is not complete then, S3 removes. */
  readonly expires: string;
}

/** Body of `POST /uploads/{id}/parts`. */
export interface SignPartsBody {
  readonly parts: readonly { readonly number: number; readonly sha256?: string }[];
}

/** Response of `POST /uploads/{id}/parts`, in the order asked. */
export interface SignedParts {
  readonly parts: readonly SignedPart[];
  /** ISO 8601; S3 takes the requests until then. */
  readonly expires: string;
}

export interface SignedPart extends PresignedRequest {
  readonly number: number;
  /** In bytes, exactly. */
  readonly size: number;
}

/** Body of `POST /uploads/{id}/complete`. */
export interface CompleteUploadBody {
  /** Every part of the upload, each with the `ETag` that S3 answered to it. */
  readonly parts: readonly { readonly number: number; readonly etag: string; readonly sha256?: string }[];
  /** @default as said when the upload was created */
  readonly overwrite?: boolean;
}

/** Response of `POST /uploads/{id}/complete`. */
export interface CompletedUpload {
  readonly file: string;
  readonly etag: string;
  /** In bytes. */
  readonly size: number;
}

/** Parts of one `POST /uploads/{id}/parts`. */
const MOST_PARTS_A_CALL = 1_000;
/** Source: Amazon S3 User Guide, "Amazon S3 multipart upload limits". */
export const MOST_PARTS = 10_000;

const FILE = "the object's key, a string that is not empty";
const SIZE = 'a whole number of bytes';
const TYPE = 'a media type such as "application/pdf", in visible ASCII';
const SHA256 = 'the base64 of a SHA-256 digest, 44 characters';
const FLAG = 'true or false';
const NUMBER = `a whole number from 1 to ${MOST_PARTS}`;
const ETAG = "the ETag that S3 answered to the part's PUT";

const flag = v.boolean(FLAG);
const file = v.pipe(v.string(FILE), v.minLength(1, FILE));
const size = v.pipe(v.number(SIZE), v.safeInteger(SIZE), v.minValue(0, SIZE));
const contentType = v.pipe(
  v.string(TYPE),
  v.maxLength(255, TYPE),
  v.regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?: *; *[\x21-\x7e]+)*$/, TYPE),
);
/** The last character before the padding carries four bits. */
const sha256 = v.pipe(v.string(SHA256), v.regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, SHA256));
const number = v.pipe(v.number(NUMBER), v.safeInteger(NUMBER), v.minValue(1, NUMBER), v.maxValue(MOST_PARTS, NUMBER));
const etag = v.pipe(v.string(ETAG), v.regex(/^(?:"[\w-]{1,128}"|[\w-]{1,128})$/, ETAG));
const presigned = { method: v.literal('PUT'), url: v.string(), headers: v.record(v.string(), v.string()) };
const expires = v.pipe(v.string(), v.isoTimestamp());

export const createUploadBody: v.GenericSchema<CreateUploadBody> = v.strictObject({
  file,
  size,
  contentType: v.exactOptional(contentType),
  sha256: v.exactOptional(sha256),
  overwrite: v.exactOptional(flag),
  multipart: v.exactOptional(flag),
  checksumAlgorithm: v.exactOptional(v.literal('SHA256', '"SHA256"')),
});

export const createUploadResponse: v.GenericSchema<PresignedUpload | MultipartUpload> = v.union([
  v.strictObject({ ...presigned, expires }),
  v.strictObject({ id: v.string(), partSize: size, parts: number, expires }),
]);

const SIGNED = `a list of 1 to ${MOST_PARTS_A_CALL} parts`;
export const signPartsBody: v.GenericSchema<SignPartsBody> = v.strictObject({
  parts: v.pipe(
    v.array(v.strictObject({ number, sha256: v.exactOptional(sha256) }, 'an object'), SIGNED),
    v.minLength(1, SIGNED),
    v.maxLength(MOST_PARTS_A_CALL, SIGNED),
  ),
});

export const signPartsResponse: v.GenericSchema<SignedParts> = v.strictObject({
  parts: v.array(v.strictObject({ number, ...presigned, size })),
  expires,
});

const COMPLETED = `a list of 1 to ${MOST_PARTS} parts`;
export const completeUploadBody: v.GenericSchema<CompleteUploadBody> = v.strictObject({
  parts: v.pipe(
    v.array(v.strictObject({ number, etag, sha256: v.exactOptional(sha256) }, 'an object'), COMPLETED),
    v.minLength(1, COMPLETED),
    v.maxLength(MOST_PARTS, COMPLETED),
  ),
  overwrite: v.exactOptional(flag),
});

export const completeUploadResponse: v.GenericSchema<CompletedUpload> = v.strictObject({
  file: v.string(),
  etag: v.string(),
  size,
});
