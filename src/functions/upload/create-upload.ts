import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { CreateUploadBody, MultipartUpload, PresignedUpload } from '../../api/bodies';
import { createUploadBody } from '../../api/schemas/upload';
import { jsonResponse, RequestProblem } from '../http/api-handler';
import type { AuditedGrant } from '../http/audit';
import type { Caller } from '../http/caller';
import { readBody } from '../http/read-request';
import { digestOf, type IdempotencyRecord, readIdempotencyKey, recordFirstCall } from './idempotency';
import { abortMultipartUpload, createMultipartUpload } from './multipart';
import { planParts, SMALLEST_PART_SIZE } from './part-plan';
import { presignPut } from './presign-put';
import { encodeUploadId } from './upload-id';
import { checkUpload } from './upload-limits';

/** The days after which the bucket's lifecycle rule removes what was not completed. */
const DAYS_TO_COMPLETE = 7;
const DAY_MS = 24 * 3_600_000;

/** The response to a call, and what it granted, for the audit: never a URL, which is the grant itself. */
export interface UploadResult {
  readonly response: APIGatewayProxyResult;
  readonly granted?: Omit<AuditedGrant, 'action'>;
}

/** The body of `POST /uploads` with its defaults. */
type CreateUploadRequest = CreateUploadBody &
  Required<Pick<CreateUploadBody, 'contentType' | 'overwrite' | 'multipart'>>;

/** `POST /uploads`: a presigned PUT for a small file, an upload in parts for a large one. */
export async function createUpload(event: APIGatewayProxyEvent, caller: Caller): Promise<UploadResult> {
  const request = readCreateUploadRequest(event);
  const lifetime = checkUpload(request, caller);
  const key = readIdempotencyKey(event);
  const recordOnce: RecordOnce = async (record) =>
    key === undefined ? record : recordFirstCall(caller.who, key, record);
  const upload = request.multipart
    ? await startMultipartUpload(request, recordOnce)
    : await presignUpload(request, lifetime, recordOnce);
  return { response: jsonResponse(201, upload), granted: { file: request.file, size: request.size, lifetime } };
}

function readCreateUploadRequest(event: APIGatewayProxyEvent): CreateUploadRequest {
  const body = readBody(event, createUploadBody);
  const isLarge = body.size > SMALLEST_PART_SIZE;
  const defaults = { contentType: 'application/octet-stream', overwrite: false, multipart: isLarge };
  const request = { ...defaults, ...body };
  const refuse = (field: string, message: string): never => {
    throw new RequestProblem('ERR_INVALID_FIELD', message, field);
  };
  if (isLarge && !request.multipart) {
    refuse('multipart', `A file of more than ${SMALLEST_PART_SIZE} bytes comes in parts: leave "multipart" out.`);
  }
  // Ignoring either would let its sender believe that S3 checks what it does not check.
  if (request.multipart && request.sha256 !== undefined) {
    refuse(
      'sha256',
      'S3 checks no SHA-256 of an upload in parts as a whole: send "checksumAlgorithm", and each part\'s.',
    );
  }
  if (!request.multipart && request.checksumAlgorithm !== undefined) {
    refuse('checksumAlgorithm', 'This upload has no parts: send the SHA-256 of the file as "sha256".');
  }
  return request;
}

/** Resolves with the record that counts: the given one, or that of the first call with the same `Idempotency-Key`. */
type RecordOnce = (record: IdempotencyRecord) => Promise<IdempotencyRecord>;

async function presignUpload(
  request: CreateUploadRequest,
  lifetimeSeconds: number,
  recordOnce: RecordOnce,
): Promise<PresignedUpload> {
  await recordOnce(toRecord(request));
  const { file: key, size, contentType, sha256, overwrite } = request;
  const headers = {
    'content-type': contentType,
    ...(sha256 !== undefined && { 'x-amz-checksum-sha256': sha256 }),
    ...(!overwrite && { 'if-none-match': '*' }),
  };
  const presigned = presignPut({ key, size, headers, lifetimeSeconds });
  return { ...presigned.request, expires: presigned.expires };
}

/** Several calls with the same key may each start an upload; all but the first that is recorded abort theirs. */
async function startMultipartUpload(request: CreateUploadRequest, recordOnce: RecordOnce): Promise<MultipartUpload> {
  const { file, size, overwrite, contentType, checksumAlgorithm } = request;
  const own = await createMultipartUpload(file, contentType, checksumAlgorithm);
  const abortOwn = (): Promise<void> => abortMultipartUpload({ file, uploadId: own });
  const { uploadId = own, startedAt } = await recordOnce({ ...toRecord(request), uploadId: own }).catch(
    async (error) => {
      // The first error counts; the lifecycle rule removes what an abort that fails too leaves behind.
      await abortOwn().catch(() => {});
      throw error;
    },
  );
  if (uploadId !== own) await abortOwn();
  const { partSize, count } = planParts(size);
  const id = encodeUploadId({
    file,
    uploadId,
    size,
    ...(overwrite && { overwrite }),
    ...(checksumAlgorithm && { checksumAlgorithm }),
  });
  const expires = new Date(Date.parse(startedAt) + DAYS_TO_COMPLETE * DAY_MS).toISOString();
  return { id, partSize, parts: count, expires };
}

/** Makes the record of a call. The same fields in another order are the same request. */
function toRecord(request: CreateUploadRequest): IdempotencyRecord {
  const digest = digestOf(Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { request: digest, startedAt: new Date().toISOString() };
}
