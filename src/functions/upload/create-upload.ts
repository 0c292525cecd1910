import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import {
  type CreateUploadBody,
  createUploadBody,
  type MultipartUpload,
  type PresignedUpload,
} from '../../api/upload-schemas';
import { jsonAnswer, RequestProblem } from '../http/api-handler';
import type { AuditedGrant } from '../http/audit';
import type { Caller } from '../http/caller';
import { readBody } from '../http/read-request';
import { claim, digestOf, type Marker, readIdempotencyKey } from './idempotency';
import { abortMultipartUpload, createMultipartUpload } from './multipart';
import { partsOf, SMALLEST_PART_SIZE } from './part-plan';
import { presignPut } from './presign-put';
import { encodeUploadId } from './upload-id';
import { checkUpload } from './upload-limits';

/** The days after which the bucket's lifecycle rule removes what was not completed. */
const DAYS_TO_COMPLETE = 7;
const DAY_MS = 24 * 3_600_000;

/** What a call answers, and for the audit what it granted: never a URL, which is the grant itself. */
export interface Outcome {
  readonly answer: APIGatewayProxyResult;
  readonly granted?: Omit<AuditedGrant, 'action'>;
}

/** A request with everything said that its body may leave out. */
type Wish = CreateUploadBody & Required<Pick<CreateUploadBody, 'contentType' | 'overwrite' | 'multipart'>>;

/** `POST /uploads`: a presigned PUT for a small file, an upload in parts for a large one. */
export async function createUpload(event: APIGatewayProxyEvent, caller: Caller): Promise<Outcome> {
  const wish = readWish(event);
  const lifetime = checkUpload(wish, caller);
  const key = readIdempotencyKey(event);
  const claimed: Claim = async (marker) => (key === undefined ? marker : claim(caller.who, key, marker));
  const upload = wish.multipart ? await beginMultipart(wish, claimed) : await signPut(wish, lifetime, claimed);
  return { answer: jsonAnswer(201, upload), granted: { file: wish.file, size: wish.size, lifetime } };
}

function readWish(event: APIGatewayProxyEvent): Wish {
  const body = readBody(event, createUploadBody);
  const isLarge = body.size > SMALLEST_PART_SIZE;
  const defaults = { contentType: 'application/octet-stream', overwrite: false, multipart: isLarge };
  const wish = { ...defaults, ...body };
  const refuse = (field: string, message: string): never => {
    throw new RequestProblem('ERR_INVALID_FIELD', message, field);
  };
  if (isLarge && !wish.multipart) {
    refuse('multipart', `A file of more than ${SMALLEST_PART_SIZE} bytes comes in parts: leave "multipart" out.`);
  }
  // Ignoring either would let its sender believe that S3 checks what it does not check.
  if (wish.multipart && wish.sha256 !== undefined) {
    refuse(
      'sha256',
      'S3 checks no SHA-256 of an upload in parts as a whole: send "checksumAlgorithm", and each part\'s.',
    );
  }
  if (!wish.multipart && wish.checksumAlgorithm !== undefined) {
    refuse('checksumAlgorithm', 'This upload has no parts: send the SHA-256 of the file as "sha256".');
  }
  return wish;
}

/** Given what has begun, resolves with what counts: that, or what the same call began before. */
type Claim = (marker: Marker) => Promise<Marker>;

async function signPut(wish: Wish, lifetimeSeconds: number, claimed: Claim): Promise<PresignedUpload> {
  await claimed(markerOf(wish));
  const { file: key, size, contentType, sha256, overwrite } = wish;
  const headers = {
    'content-type': contentType,
    ...(sha256 !== undefined && { 'x-amz-checksum-sha256': sha256 }),
    ...(!overwrite && { 'if-none-match': '*' }),
  };
  const { request, expires } = presignPut({ key, size, headers, lifetimeSeconds });
  return { ...request, expires };
}

/** Of several calls that begin the same upload at once each has begun one; all but the one that counts abort theirs. */
async function beginMultipart(wish: Wish, claimed: Claim): Promise<MultipartUpload> {
  const { file, size, overwrite, contentType, checksumAlgorithm } = wish;
  const own = await createMultipartUpload(file, contentType, checksumAlgorithm);
  const abortOwn = (): Promise<void> => abortMultipartUpload({ file, uploadId: own });
  const { uploadId = own, startedAt } = await claimed({ ...markerOf(wish), uploadId: own }).catch(async (error) => {
    // Why the claim failed is the answer; what an abort that fails too leaves behind, the lifecycle rule removes.
    await abortOwn().catch(() => {});
    throw error;
  });
  if (uploadId !== own) await abortOwn();
  const { partSize, count } = partsOf(size);
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

/** The order in which a body has its fields makes no other request of it. */
function markerOf(wish: Wish): Marker {
  const request = digestOf(Object.entries(wish).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { request, startedAt: new Date().toISOString() };
}
