import type {
  CompletedUpload,
  CreateUploadBody,
  MultipartUpload,
  PresignedRequest,
  PresignedUpload,
  SignedParts,
} from '../api/bodies';
import { EdgepassApiError } from './api-error';
import { type ClientOptions, fetchWithRetries, type Send } from './send';

/** A `File` of a browser's, too. */
export type UploadContent = Blob | Uint8Array<ArrayBuffer> | string;

export interface UploadOptions extends Pick<CreateUploadBody, 'overwrite' | 'multipart'> {
  /** @default - the content's own type, or 'application/octet-stream' */
  readonly contentType?: string;
  /** Parts under way at the same time. @default 4 */
  readonly concurrency?: number;
  /** Let S3 check a SHA-256 of what arrives. It is computed before a part is sent. @default false */
  readonly checksum?: boolean;
  /** Told after each part how much is there. @param sent In bytes. */
  readonly onProgress?: (sent: number, size: number) => void;
  /** Ends the upload; what was sent in parts is removed. */
  readonly signal?: AbortSignal;
}

export interface UploadedFile {
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  readonly etag: string;
}

interface Connection {
  readonly send: Send;
  readonly options: Pick<ClientOptions, 'fetch' | 'retries'>;
}

/** As the API has it: up to here a file goes in one request. */
const LARGEST_SINGLE_PUT = 8 * 1024 * 1024;

export async function uploadFile(
  connection: Connection,
  file: string,
  content: UploadContent,
  options: UploadOptions,
): Promise<UploadedFile> {
  const blob = content instanceof Blob ? content : new Blob([content]);
  const isMultipart = options.multipart ?? blob.size > LARGEST_SINGLE_PUT;
  const contentType = options.contentType ?? (blob.type || undefined);
  const body: CreateUploadBody = {
    file,
    size: blob.size,
    ...(contentType !== undefined && { contentType }),
    ...(options.overwrite !== undefined && { overwrite: options.overwrite }),
    ...(options.multipart !== undefined && { multipart: options.multipart }),
    ...(options.checksum && isMultipart && { checksumAlgorithm: 'SHA256' as const }),
    ...(options.checksum && !isMultipart && { sha256: await digestOf(blob) }),
  };
  // Sent again after a lost answer, the call begins nothing twice.
  const headers = { 'idempotency-key': globalThis.crypto.randomUUID() };
  const created = await connection.send({ method: 'POST', path: 'uploads', body, headers, signal: options.signal });
  const upload = (await created.json()) as PresignedUpload | MultipartUpload;
  if ('id' in upload) return sendInParts(connection, upload, blob, options);
  const etag = await put(connection, upload, blob, options.signal);
  options.onProgress?.(blob.size, blob.size);
  return { file, size: blob.size, etag };
}

async function sendInParts(
  connection: Connection,
  upload: MultipartUpload,
  blob: Blob,
  options: UploadOptions,
): Promise<CompletedUpload> {
  const path = `uploads/${encodeURIComponent(upload.id)}`;
  try {
    const done: { number: number; etag: string; sha256?: string }[] = [];
    let sent = 0;
    const sendPart = async (number: number): Promise<void> => {
      const part = blob.slice((number - 1) * upload.partSize, number * upload.partSize);
      const checksum = options.checksum ? { sha256: await digestOf(part) } : {};
      const request = await signPart(connection, path, { number, ...checksum }, options.signal);
      done.push({ number, etag: await put(connection, request, part, options.signal), ...checksum });
      sent += part.size;
      options.onProgress?.(sent, blob.size);
    };
    await inParallel(upload.parts, options.concurrency ?? 4, sendPart);
    const body = { parts: done.sort((one, other) => one.number - other.number) };
    const completed = await connection.send({ method: 'POST', path: `${path}/complete`, body });
    return (await completed.json()) as CompletedUpload;
  } catch (error) {
    // The bucket's lifecycle rule removes what cannot be removed now.
    await connection.send({ method: 'DELETE', path }).catch(() => {});
    throw error;
  }
}

async function signPart(
  { send }: Connection,
  path: string,
  part: { readonly number: number; readonly sha256?: string },
  signal: AbortSignal | undefined,
): Promise<PresignedRequest> {
  const answer = await send({ method: 'POST', path: `${path}/parts`, body: { parts: [part] }, signal });
  const [signed] = ((await answer.json()) as SignedParts).parts;
  if (signed) return signed;
  throw new EdgepassApiError({ code: 'ERR_UNEXPECTED_ANSWER', status: 200, detail: 'the API signed no part' });
}

/** Sends bytes to S3 itself; resolves with their ETag. */
async function put(
  { options }: Connection,
  { url, method, headers }: PresignedRequest,
  body: Blob,
  signal: AbortSignal | undefined,
): Promise<string> {
  const response = await fetchWithRetries(options, url, { method, headers, body, ...(signal && { signal }) });
  const text = await response.text();
  if (response.ok) return response.headers.get('etag') ?? '';
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? 'ERR_UNEXPECTED_ANSWER';
  throw new EdgepassApiError({ code, status: response.status, detail: S3_ERRORS[code] ?? `S3 answered ${code}` });
}

const S3_ERRORS: Readonly<Record<string, string>> = {
  PreconditionFailed: 'there is an object of that key already: upload with overwrite: true to replace it',
  BadDigest: 'the bytes that arrived do not have the checksum that was announced',
  AccessDenied: 'the presigned URL has expired, or does not cover this request',
};

/** Numbers from 1 to `count`, at most `width` under way; the first failure stops the rest. */
async function inParallel(count: number, width: number, work: (number: number) => Promise<void>): Promise<void> {
  let next = 1;
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    while (next <= count && !hasFailed) {
      const number = next++;
      await work(number).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: Math.max(1, width) }, worker));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

async function digestOf(blob: Blob): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
