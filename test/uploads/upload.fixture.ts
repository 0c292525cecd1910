import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import type { MultipartUpload, PresignedRequest, PresignedUpload, SignedParts } from '../../src/api/upload-schemas';
import { handler } from '../../src/functions/handlers/upload';
import { CREDENTIALS, clientOf, REGION, type RunningS3, startS3 } from '../../src/local/s3/s3.test.fixture';

export const BUCKET = 'uploads-bucket';
export const MIB = 1024 * 1024;

const FUNCTION_KEY = 'AKIAFUNCTIONEXAMPLE1';

/** What the head of src/functions/handlers/upload.ts says that the function needs. */
export const STATEMENTS = [
  {
    Effect: 'Allow',
    Action: ['s3:PutObject', 's3:AbortMultipartUpload'],
    Resource: `arn:aws:s3:::${BUCKET}/in/*`,
  },
  {
    Effect: 'Allow',
    Action: ['s3:PutObject', 's3:GetObject'],
    Resource: `arn:aws:s3:::${BUCKET}/_s/idempotency/*`,
  },
] as const;

export interface Bench {
  readonly s3: RunningS3;
  /** Of an administrator; the function has a user of its own. */
  readonly client: S3Client;
}

/** A local runtime's S3 for the suite, and for each of its tests the environment of a function that may do what `statements` say. */
export function useBench(statements: readonly object[] = STATEMENTS): () => Bench {
  let bench: Bench;
  beforeAll(async () => {
    const policy = { Version: '2012-10-17', Statement: statements };
    const s3 = await startS3({ others: { [FUNCTION_KEY]: [policy as never] } });
    bench = { s3, client: clientOf(s3) };
    await bench.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  });
  afterAll(async () => {
    bench.client.destroy();
    await bench.s3.close();
  });
  beforeEach(() => {
    vi.spyOn(console, 'info').mockImplementation(() => {});
    vi.spyOn(console, 'error').mockImplementation(() => {});
    // The metrics' lines.
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    setEnvironment(bench.s3.url);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });
  return () => bench;
}

export function setEnvironment(endpoint: string): void {
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: FUNCTION_KEY,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    BUCKET_NAME: BUCKET,
    AUTH: 'apiKey',
    SCOPES: 'list sign upload',
    UPLOAD_PREFIX: 'in/',
    UPLOAD_MAX_SIZE: String(200 * MIB),
    UPLOAD_CONTENT_TYPES: '',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test says what it expects of the body
  readonly body: any;
}

export interface CallOptions {
  readonly id?: string;
  readonly idempotencyKey?: string;
  readonly apiKeyId?: string;
}

/** Calls the function as API Gateway does: `call('POST /uploads/{id}/parts', { parts }, { id })`. */
export async function call(...args: Parameters<typeof callRaw>): Promise<Answered> {
  const { statusCode, body } = await callRaw(...args);
  return { status: statusCode, body: body === '' ? undefined : JSON.parse(body) };
}

export function callRaw(route: string, body?: unknown, options: CallOptions = {}): Promise<APIGatewayProxyResult> {
  const [httpMethod = '', resource = ''] = route.split(' ');
  const { id, idempotencyKey, apiKeyId = 'key-1' } = options;
  const event = {
    httpMethod,
    resource,
    pathParameters: id === undefined ? null : { id },
    multiValueHeaders: idempotencyKey === undefined ? {} : { 'idempotency-key': [idempotencyKey] },
    body: typeof body === 'string' ? body : body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1', identity: { apiKeyId } },
  } as unknown as APIGatewayProxyEvent;
  return handler(event);
}

async function callFor<T>(expected: number, ...args: Parameters<typeof call>): Promise<T> {
  const { status, body } = await call(...args);
  if (status !== expected) throw new Error(`${args[0]} answered ${status}: ${JSON.stringify(body)}`);
  return body as T;
}

export const createSmall = (body: object): Promise<PresignedUpload> => callFor(201, 'POST /uploads', body);
export const createLarge = (body: object, options?: CallOptions): Promise<MultipartUpload> =>
  callFor(201, 'POST /uploads', body, options);
export const signParts = (id: string, parts: object[]): Promise<SignedParts> =>
  callFor(200, 'POST /uploads/{id}/parts', { parts }, { id });

export interface SentAnswer {
  readonly status: number;
  readonly etag: string;
  /** S3's word for what is wrong, or ''. */
  readonly code: string;
}

/** Sends a presigned request as an application does, with other headers or bytes where a test says so. */
export async function send(
  { method, url, headers }: PresignedRequest,
  bytes: Uint8Array<ArrayBuffer> | string,
  changed: Record<string, string | undefined> = {},
): Promise<SentAnswer> {
  const wanted = Object.entries({ ...headers, ...changed }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const answer = await fetch(url, { method, headers: wanted, body: bytes });
  const [, code = ''] = (await answer.text()).match(/<Code>(\w+)<\/Code>/) ?? [];
  return { status: answer.status, etag: answer.headers.get('etag') ?? '', code };
}
