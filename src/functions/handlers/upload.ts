/**
 * The four calls of an upload. The bytes go from the caller to S3 directly, by presigned requests; this function never sees them.
 *
 * It needs, and nothing else: `s3:PutObject` and `s3:AbortMultipartUpload` on the bucket's `UPLOAD_PREFIX*`; `s3:PutObject` and
 * `s3:GetObject` on `_s/idempotency/*`. A presigned request is made in its name, so S3 asks the same permissions of it.
 *
 * By design: it cannot read objects, so it does not know whether there is one. That nothing is overwritten is S3's own
 * `If-None-Match: *`, in the presigned PUT and in the completion: no time lies between the look and the write.
 */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { CompletedUpload, CompleteUploadBody, SignedParts, SignPartsBody } from '../../api/bodies';
import { upload as row } from '../../api/calls/upload';
import { completeUploadBody, signPartsBody } from '../../api/schemas/upload';
import { type ApiHandler, createApiHandler, jsonResponse, RequestProblem } from '../http/api-handler';
import { audit } from '../http/audit';
import { type Caller, callerOf } from '../http/caller';
import { readBody } from '../http/read-request';
import { createUpload, type UploadResult } from '../upload/create-upload';
import { abortMultipartUpload, completeMultipartUpload } from '../upload/multipart';
import { planParts } from '../upload/part-plan';
import { presignPut } from '../upload/presign-put';
import { decodeUploadId, type UploadId } from '../upload/upload-id';
import { checkUpload } from '../upload/upload-limits';

/** Lets the caller make a call, and writes down what it was granted. */
const audited =
  (call: (event: APIGatewayProxyEvent, caller: Caller) => Promise<UploadResult>): ApiHandler =>
  async (event) => {
    const caller = callerOf(event);
    const { response, granted } = await call(event, caller);
    if (granted) audit(event, caller, { action: 'upload', ...granted });
    return response;
  };

export const handler: ApiHandler = createApiHandler(row, {
  createUpload: audited(createUpload),
  signParts: audited(signParts),
  completeUpload: audited(completeUpload),
  abortUpload: audited(abortUpload),
});

async function signParts(event: APIGatewayProxyEvent, caller: Caller): Promise<UploadResult> {
  const { upload, lifetime } = readUpload(event, caller);
  const { parts } = readBody(event, signPartsBody);
  const { count, sizeOf } = planParts(upload.size);
  const now = new Date();
  const signed = parts.map((part, at) => {
    const { number, sha256 } = part;
    if (number > count) invalidPart(at, 'number', `has to be at most ${count}: the file has no more parts`);
    checkChecksum(part, at, upload);
    const terms = {
      key: upload.file,
      query: { partNumber: String(number), uploadId: upload.uploadId },
      size: sizeOf(number),
      headers: sha256 === undefined ? {} : { 'x-amz-checksum-sha256': sha256 },
      lifetimeSeconds: lifetime,
    };
    const { request, expires } = presignPut(terms, now);
    return { expires, part: { number, ...request, size: terms.size } };
  });
  const body: SignedParts = { parts: signed.map(({ part }) => part), expires: signed[0]?.expires ?? '' };
  return { response: jsonResponse(200, body), granted: { file: upload.file, parts: parts.length, lifetime } };
}

async function completeUpload(event: APIGatewayProxyEvent, caller: Caller): Promise<UploadResult> {
  const { upload } = readUpload(event, caller);
  const { parts, overwrite = upload.overwrite ?? false } = readBody(event, completeUploadBody);
  const { count } = planParts(upload.size);
  const numbers = new Set(parts.map(({ number }) => number));
  if (parts.length !== count || numbers.size !== count || parts.some(({ number }) => number > count)) {
    throw new RequestProblem('ERR_INVALID_FIELD', `"parts" has to be each of the parts 1 to ${count}, once.`, 'parts');
  }
  parts.forEach((part, at) => {
    checkChecksum(part, at, upload);
  });
  const inOrder = parts.toSorted((a, b) => a.number - b.number);
  const etag = await completeMultipartUpload(upload, inOrder, overwrite);
  const body: CompletedUpload = { file: upload.file, etag, size: upload.size };
  return { response: jsonResponse(200, body), granted: { file: upload.file, size: upload.size } };
}

async function abortUpload(event: APIGatewayProxyEvent, caller: Caller): Promise<UploadResult> {
  const { upload } = readUpload(event, caller);
  await abortMultipartUpload(upload);
  return { response: { ...jsonResponse(204, undefined), body: '' } };
}

/** What the path names, which the caller may have written: it is held against limits and scopes as when it was created. */
function readUpload(event: APIGatewayProxyEvent, caller: Caller): { upload: UploadId; lifetime: number } {
  const upload = decodeUploadId(event.pathParameters?.id ?? '');
  return { upload, lifetime: checkUpload({ file: upload.file, size: upload.size }, caller) };
}

type Part = (SignPartsBody | CompleteUploadBody)['parts'][number];

/** S3 wants the checksum of every part or of none, as it was told at the beginning. */
function checkChecksum({ sha256 }: Part, at: number, { checksumAlgorithm }: UploadId): void {
  if ((sha256 !== undefined) === (checksumAlgorithm !== undefined)) return;
  const message = checksumAlgorithm
    ? 'is missing: the upload was created with "checksumAlgorithm": "SHA256"'
    : 'is possible only in an upload that was created with "checksumAlgorithm": "SHA256"';
  invalidPart(at, 'sha256', message);
}

function invalidPart(at: number, name: string, message: string): never {
  const field = `parts[${at}].${name}`;
  throw new RequestProblem('ERR_INVALID_FIELD', `"${field}" ${message}.`, field);
}
