import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { AwsCallError, type AwsResponse } from '../aws/call-aws';
import { callS3, s3Error } from '../aws/s3';
import { RequestProblem } from '../http/api-handler';

/** What the first call with a key began. An object of the bucket that nobody can link to: its key begins with a reserved segment. */
export interface Marker {
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
 * Keeps the marker, unless there is one of this caller and key: S3 lets exactly one of several writers through, whenever they come.
 * @returns the marker that counts.
 * @throws RequestProblem when the key stands for another request.
 */
export async function claim(who: string, key: string, marker: Marker): Promise<Marker> {
  const name = `_s/idempotency/${digestOf([who, key])}`;
  const answer = await putIfAbsent(name, JSON.stringify(marker));
  if (answer.status === 200) return marker;
  if (answer.status !== 412) throw s3Error(answer);
  const found = await read(name);
  if (found.request === marker.request) return found;
  const message = `This ${HEADER} was sent with another body before: choose a new one for a new upload.`;
  throw new RequestProblem('ERR_IDEMPOTENCY_KEY_REUSED', message, HEADER, 422);
}

/** S3 answers 409 while another write of the key is under way: asked again, it knows who was first. */
async function putIfAbsent(name: string, body: string): Promise<AwsResponse> {
  const put = (): Promise<AwsResponse> =>
    callS3(name, '', { method: 'PUT', headers: { 'content-type': 'application/json', 'if-none-match': '*' }, body });
  const answer = await put();
  return answer.status === 409 ? put() : answer;
}

async function read(name: string): Promise<Marker> {
  const answer = await callS3(name, '', { method: 'GET' });
  if (answer.status !== 200) throw s3Error(answer);
  const marker = JSON.parse(answer.body) as Partial<Marker>;
  if (typeof marker.request !== 'string' || typeof marker.startedAt !== 'string') {
    throw new AwsCallError('s3', 'Unknown', 200, `${name} is no marker of an upload: remove the object.`);
  }
  return marker as Marker;
}
