import { callS3, s3Error } from '../aws/s3';
import { textOf } from '../aws/s3-xml';
import { RequestProblem } from '../http/api-handler';
import type { UploadId } from './upload-id';

/** Putting a file of many parts together may take S3 long; API Gateway waits 29 seconds. */
const COMPLETE_TIMEOUT_MS = 25_000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export async function createMultipartUpload(
  file: string,
  contentType: string,
  checksumAlgorithm: 'SHA256' | undefined,
): Promise<string> {
  // S3 takes the checksums of parts only when this request announces them.
  const checksum = checksumAlgorithm && { 'x-amz-checksum-algorithm': checksumAlgorithm };
  const response = await callS3(file, 'uploads=', {
    method: 'POST',
    headers: { 'content-type': contentType, ...checksum },
  });
  const uploadId = textOf(response.body, 'UploadId');
  if (response.status !== 200 || !uploadId) throw s3Error(response);
  return uploadId;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export async function abortMultipartUpload({ file, uploadId }: Pick<UploadId, 'file' | 'uploadId'>): Promise<void> {
  const response = await callS3(file, queryOf(uploadId), { method: 'DELETE' });
  if (response.status !== 204) throw problemOf(s3Error(response));
}

export interface CompletedPart {
  readonly number: number;
  readonly etag: string;
  readonly sha256?: string;
}

/**
 * Resolves with the object's ETag. Of the same upload a second time S3 answers the same.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export async function completeMultipartUpload(
  { file, uploadId, size }: UploadId,
  parts: readonly CompletedPart[],
  overwrite: boolean,
): Promise<string> {
  const response = await callS3(file, queryOf(uploadId), {
    method: 'POST',
    headers: {
      'content-type': 'application/xml',
      'x-amz-mp-object-size': String(size),
      ...(!overwrite && { 'if-none-match': '*' }),
    },
    body: `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.map(partElement).join('')}</CompleteMultipartUpload>`,
    timeoutMs: COMPLETE_TIMEOUT_MS,
  });
  const etag = textOf(response.body, 'ETag');
  const isComplete = response.status === 200 && response.body.includes('<CompleteMultipartUploadResult');
  if (!isComplete || !etag) throw problemOf(s3Error(response));
  return etag;
}

/** Nothing to escape: the schemas let only quotes, hex and base64 through. */
const partElement = ({ number, etag, sha256 }: CompletedPart): string =>
  `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag>${sha256 === undefined ? '' : `<ChecksumSHA256>${sha256}</ChecksumSHA256>`}</Part>`;

const queryOf = (uploadId: string): string => `uploadId=${encodeURIComponent(uploadId)}`;

/** What S3 says about an upload and the caller can do something about. */
const PROBLEMS: Readonly<Record<string, readonly [status: number, code: string, message: string, field: string]>> = {
  NoSuchUpload: [404, 'ERR_NO_SUCH_UPLOAD', 'There is no such upload: it was aborted or has expired.', 'id'],
  PreconditionFailed: [
    409,
    'ERR_OBJECT_EXISTS',
    'There is an object of this key: send "overwrite": true to replace it, or abort the upload.',
    'overwrite',
  ],
  ConditionalRequestConflict: [
    409,
    'ERR_UPLOAD_CONFLICT',
    'The object was written by somebody else at this moment: create a new upload.',
    'overwrite',
  ],
  InvalidPart: [400, 'ERR_INVALID_PART', 'A part has not arrived, or has another ETag or checksum.', 'parts'],
  EntityTooSmall: [400, 'ERR_INVALID_PART', 'A part before the last is too small.', 'parts'],
  InvalidRequest: [400, 'ERR_INVALID_PART', 'The parts are not those of this upload, or not of its size.', 'parts'],
};

function problemOf(error: ReturnType<typeof s3Error>): Error {
  const row = Object.hasOwn(PROBLEMS, error.code) ? PROBLEMS[error.code] : undefined;
  if (!row) return error;
  const [status, code, message, field] = row;
  return new RequestProblem(code, message, field, status);
}
