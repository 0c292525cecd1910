import * as v from 'valibot';
import { RequestProblem } from '../http/api-handler';

/**
 * What the `id` of an upload in parts says. The caller holds it and may write another, so it is believed nothing: limits and scopes are
 * checked at each call, the sizes of parts follow from `size`, and S3 knows which key an `uploadId` belongs to.
 */
export interface UploadId {
  readonly file: string;
  /** S3's own. */
  readonly uploadId: string;
  /** Of the whole file, in bytes. */
  readonly size: number;
  readonly overwrite?: boolean;
  readonly checksumAlgorithm?: 'SHA256';
}

const schema = v.strictObject({
  file: v.pipe(v.string(), v.minLength(1)),
  uploadId: v.pipe(v.string(), v.regex(/^[\w.~+/=-]{1,1024}$/)),
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  overwrite: v.exactOptional(v.boolean()),
  checksumAlgorithm: v.exactOptional(v.literal('SHA256')),
});

export const encodeUploadId = (id: UploadId): string => Buffer.from(JSON.stringify(id)).toString('base64url');

/** @throws RequestProblem for what `encodeUploadId` has not written. */
export function decodeUploadId(text: string): UploadId {
  const bytes = Buffer.from(text, 'base64url');
  const parsed = bytes.toString('base64url') === text ? v.safeParse(schema, parseJson(bytes)) : undefined;
  if (parsed?.success) return parsed.output;
  throw new RequestProblem('ERR_INVALID_FIELD', 'This is no upload\'s id: send the "id" of POST /uploads.', 'id');
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
