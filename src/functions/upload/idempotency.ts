import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { AwsCallError, type AwsResponse } from '../aws/call-aws';
import { callS3, s3Error } from '../aws/s3';
import { RequestProblem } from '../http/api-handler';

/** The record of the first call with a key: an object of the bucket that no link can open, for its key begins with a reserved segment. */
export interface IdempotencyRecord {
  /** SHA-256 of the request, hex. */
  readonly request: string;
  /** ISO 8601 */
  readonly startedAt: string;
  /** S3's, of an upload in parts. */
  readonly uploadId?: string;
}

const HEADER = 'Idempotency-Key';

/** The header, in whatever case it came, or undefined. */
export function readIdempotencyKey({ multiValueHeaders }: APIGatewayProxyEvent): string | undefined {
  const values = Object.entries(multiValueHeaders ?? {}).flatMap(([name, sent]) =>
    name.toLowerCase() === HEADER.toLowerCase() ? (sent ?? []) : [],
  );
  const [key] = values;
  if (key === undefined) return undefined;
  if (values.length === 1 && /^[\x21-\x7e]{1,128}$/.test(key)) return key;
  const message = `${HEADER} has to be sent once, 1 to 128 visible ASCII characters without a space.`;
  throw new RequestProblem('ERR_INVALID_FIELD', message, HEADER);
}

export const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/**
 * Writes the record unless this caller has sent the key before: of several writers S3 lets exactly one through.
 * @returns the record of the first call.
 * @throws RequestProblem when the key stands for another request.
 */
export async function recordFirstCall(who: string, key: string, record: IdempotencyRecord): Promise<IdempotencyRecord> {
  const name = `_s/idempotency/${digestOf([who, key])}`;
  const response = await putIfAbsent(name, JSON.stringify(record));
  if (response.status === 200) return record;
  if (response.status !== 412) throw s3Error(response);
  const found = await readRecord(name);
  if (found.request === record.request) return found;
  const message = `This ${HEADER} was sent with another body before: choose a new one for a new upload.`;
  throw new RequestProblem('ERR_IDEMPOTENCY_KEY_REUSED', message, HEADER, 422);
}

/** S3 answers 409 while another write of the key is under way, so that is sent once more. */
async function putIfAbsent(name: string, body: string): Promise<AwsResponse> {
  const put = (): Promise<AwsResponse> =>
    callS3(name, '', { method: 'PUT', headers: { 'content-type': 'application/json', 'if-none-match': '*' }, body });
  const response = await put();
  return response.status === 409 ? put() : response;
}

async function readRecord(name: string): Promise<IdempotencyRecord> {
  const response = await callS3(name, '', { method: 'GET' });
  if (response.status !== 200) throw s3Error(response);
  const record = JSON.parse(response.body) as Partial<IdempotencyRecord>;
  if (typeof record.request !== 'string' || typeof record.startedAt !== 'string') {
    throw new AwsCallError('s3', 'Unknown', 200, `${name} is no record of an upload: remove the object.`);
  }
  return record as IdempotencyRecord;
}
