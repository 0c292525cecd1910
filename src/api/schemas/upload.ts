import * as v from 'valibot';
import type {
  CompletedPart,
  CompletedUpload,
  CompleteUploadBody,
  CreateUploadBody,
  CreateUploadResponse,
  MultipartUpload,
  PartToSign,
  PresignedRequest,
  PresignedUpload,
  SignedPart,
  SignedParts,
  SignPartsBody,
} from '../bodies';
import type { upload } from '../calls/upload';
import type { FunctionSchemas } from './call-schemas';
import { described, flag, having, key, moment, optional, size } from './field';

/** Parts of one `POST /uploads/{id}/parts`. */
const MOST_PARTS_A_CALL = 1_000;
/** Source: Amazon S3 User Guide, "Amazon S3 multipart upload limits". */
export const MOST_PARTS = 10_000;
/** A larger file comes in parts. */
export const LARGEST_SINGLE_PUT: number = 8 * 1024 * 1024;

const TYPE = 'a media type such as "application/pdf", in visible ASCII';
const SHA256 = 'the base64 of a SHA-256 digest, 44 characters';
const NUMBER = `a whole number from 1 to ${MOST_PARTS}`;
const ETAG = "the ETag that S3 answered to the part's PUT";

const contentType = v.pipe(
  v.string(TYPE),
  v.maxLength(255, TYPE),
  v.regex(/^[A-Za-z0-9_!#$&^.+-]+\/[A-Za-z0-9_!#$&^.+-]+(?: *; *[\x21-\x7e]+)*$/, TYPE),
);
/** The last character before the padding carries four bits. */
const sha256 = v.pipe(v.string(SHA256), v.regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, SHA256));
const number = v.pipe(v.number(NUMBER), v.safeInteger(NUMBER), v.minValue(1, NUMBER), v.maxValue(MOST_PARTS, NUMBER));
const etag = v.pipe(v.string(ETAG), v.regex(/^(?:"[A-Za-z0-9_-]{1,128}"|[A-Za-z0-9_-]{1,128})$/, ETAG));
const presigned = { method: v.literal('PUT'), url: v.string(), headers: v.record(v.string(), v.string()) };
export const presignedRequest: v.GenericSchema<PresignedRequest> = v.pipe(
  v.strictObject(presigned),
  v.description('A request that the sender of the bytes makes as it stands: its headers are part of the signature.'),
);

export const createUploadBody: v.GenericSchema<CreateUploadBody> = v.pipe(
  v.strictObject({
    file: described(key, "The object's key, at most 1,024 bytes of UTF-8; below the construct's upload prefix."),
    size: described(size, "In bytes, exactly; at most the construct's limit."),
    contentType: optional(
      contentType,
      'The media type with which the object will be served, at most 255 characters. By default `application/octet-stream`.',
    ),
    sha256: optional(sha256, "Base64 of the file's SHA-256, for an upload in one piece: S3 takes no other bytes."),
    overwrite: optional(flag, '`true`: the upload may replace an object of this key. By default `false`.'),
    multipart: optional(flag, '`true`: in parts, whatever the size. By default `true` above 8 MiB.'),
    checksumAlgorithm: optional(
      v.literal('SHA256', '"SHA256"'),
      '`SHA256`: every part comes with its SHA-256. Only for an upload in parts. By default S3 computes a CRC-64/NVME of its own.',
    ),
  }),
  v.description('Body of `POST /uploads`.'),
  v.metadata({
    oneOf: [
      {
        properties: { size: { maximum: LARGEST_SINGLE_PUT }, multipart: { const: false } },
        not: having('checksumAlgorithm'),
      },
      { properties: { multipart: { const: true } }, required: ['multipart'], not: having('sha256') },
      {
        properties: { size: { minimum: LARGEST_SINGLE_PUT + 1 } },
        not: { anyOf: [having('sha256'), having('multipart')] },
      },
    ],
  }),
);

export const presignedUpload: v.GenericSchema<PresignedUpload> = v.pipe(
  v.strictObject({ ...presigned, expires: described(moment, 'ISO 8601; S3 takes the request until then.') }),
  v.description(
    'Response of `POST /uploads` for an upload in one piece: a request to make as it stands, for its headers are part of the signature.',
  ),
);
export const multipartUpload: v.GenericSchema<MultipartUpload> = v.pipe(
  v.strictObject({
    id: described(v.string(), 'Names the upload in the other calls.'),
    partSize: described(size, 'In bytes, of every part but the last.'),
    parts: described(number, 'The number of parts.'),
    expires: described(moment, 'ISO 8601; S3 removes an upload that is not complete then.'),
  }),
  v.description('Response of `POST /uploads` for an upload in parts.'),
);
export const createUploadResponse: v.GenericSchema<CreateUploadResponse> = v.union([presignedUpload, multipartUpload]);

const SIGNED = `a list of 1 to ${MOST_PARTS_A_CALL} parts`;
export const partToSign: v.GenericSchema<PartToSign> = v.strictObject(
  { number, sha256: v.exactOptional(sha256) },
  'an object',
);
export const signPartsBody: v.GenericSchema<SignPartsBody> = v.pipe(
  v.strictObject({
    parts: described(
      v.pipe(v.array(partToSign, SIGNED), v.minLength(1, SIGNED), v.maxLength(MOST_PARTS_A_CALL, SIGNED)),
      '1 to 1,000 of `{number}`, from 1, with `sha256` where the upload has a `checksumAlgorithm`.',
    ),
  }),
  v.description('Body of `POST /uploads/{id}/parts`.'),
);
export const signedPart: v.GenericSchema<SignedPart> = v.strictObject({
  number,
  ...presigned,
  size: described(size, 'In bytes, exactly.'),
});
export const signedParts: v.GenericSchema<SignedParts> = v.pipe(
  v.strictObject({
    parts: v.array(signedPart),
    expires: described(moment, 'ISO 8601; S3 takes the requests until then.'),
  }),
  v.description('Response of `POST /uploads/{id}/parts`, in the order asked.'),
);

const COMPLETED = `a list of 1 to ${MOST_PARTS} parts`;
export const completedPart: v.GenericSchema<CompletedPart> = v.strictObject(
  { number, etag, sha256: v.exactOptional(sha256) },
  'an object',
);
export const completeUploadBody: v.GenericSchema<CompleteUploadBody> = v.pipe(
  v.strictObject({
    parts: described(
      v.pipe(v.array(completedPart, COMPLETED), v.minLength(1, COMPLETED), v.maxLength(MOST_PARTS, COMPLETED)),
      'Every part of the upload, `{number, etag}`, with its `sha256` where it came with one.',
    ),
    overwrite: optional(flag, 'By default as in `POST /uploads`.'),
  }),
  v.description('Body of `POST /uploads/{id}/complete`.'),
);
export const completedUpload: v.GenericSchema<CompletedUpload> = v.pipe(
  v.strictObject({ file: described(v.string(), 'The key.'), etag: v.string(), size: described(size, 'In bytes.') }),
  v.description('Response of `POST /uploads/{id}/complete`.'),
);

const path = {
  id: described(v.pipe(v.string(), v.metadata({ pattern: '^[A-Za-z0-9_-]+$' })), 'The `id` of `POST /uploads`.'),
};
export const schemas: FunctionSchemas<typeof upload> = {
  createUpload: { body: createUploadBody, response: createUploadResponse },
  signParts: { path, body: signPartsBody, response: signedParts },
  completeUpload: { path, body: completeUploadBody, response: completedUpload },
  abortUpload: { path },
};
