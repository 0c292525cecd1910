import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { type GeneratedKeyPair, generateKeyPair } from '../../signing';
import type { ApiHandler } from '../http/api-handler';
import { printKeys } from '../keys/key-parameter';

const pair: GeneratedKeyPair = generateKeyPair({ keyType: 'RSA' });
export const publicKey: string = pair.publicKey;
export const KEY_PAIR_ID = 'K2JCJMDEHXQW5F';
export const BUCKET = 'bucket';

/** What the signing keys' function leaves in Parameter Store. */
const PARAMETERS: Readonly<Record<string, string>> = {
  '/edgepass/signing-key': printKeys([{ keyPairId: KEY_PAIR_ID, signsFrom: new Date(0), privateKey: pair.privateKey }]),
  '/edgepass/public-keys': JSON.stringify({ keys: [{ keyPairId: KEY_PAIR_ID, publicKey }] }),
};

const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  BUCKET_NAME: BUCKET,
  DISTRIBUTION_DOMAIN_NAME: 'd111111abcdef8.cloudfront.net',
  MIN_LIFETIME_SECONDS: '1',
  LINK_LIFETIME_SECONDS: '43200',
  MAX_LIFETIME_SECONDS: '604800',
  SIGNING_KEY_PARAMETER: '/edgepass/signing-key',
  PUBLIC_KEYS_PARAMETER: '/edgepass/public-keys',
  AUTH: 'apiKey',
  SCOPES: 'list sign delete',
};

/** The environment of a function whose AWS is a server of ours: it has the signing key, the objects `there…`, and nothing to list. Output is caught. */
export function useFunction(): void {
  const server = createServer((request, response) => {
    if (request.headers['x-amz-target'] === 'AmazonSSM.GetParameter') {
      void json(request).then((input) => {
        const { Name } = input as { Name: string };
        response.end(JSON.stringify({ Parameter: { Value: PARAMETERS[Name] } }));
      });
      return;
    }
    request.resume();
    if (request.method === 'HEAD') response.writeHead(request.url?.includes('/there') ? 200 : 404).end();
    else response.writeHead(request.method === 'DELETE' ? 204 : 200).end('<ListBucketResult></ListBucketResult>');
  });
  beforeAll(() => new Promise<void>((done) => void server.listen(0, '127.0.0.1', done)));
  afterAll(() => new Promise((done) => server.close(done).closeAllConnections()));
  beforeEach(() => {
    for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    vi.spyOn(console, 'info').mockImplementation(() => {});
    vi.spyOn(console, 'error').mockImplementation(() => {});
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });
}

/** What API Gateway hands on of a call: `POST /urls`, with anything of the event replaced. */
export function apiEvent(route: string, more: object = {}): APIGatewayProxyEvent {
  const [httpMethod = '', resource = ''] = route.split(' ');
  return {
    httpMethod,
    resource,
    headers: {},
    multiValueQueryStringParameters: null,
    pathParameters: null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      requestId: 'request-1',
      path: `/v1${resource}`,
      identity: { apiKeyId: 'key-1', sourceIp: '203.0.113.7' },
    },
    ...more,
  } as unknown as APIGatewayProxyEvent;
}

export interface ApiResponse {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test says what it expects of the body
  readonly body: any;
  readonly headers: NonNullable<APIGatewayProxyResult['headers']>;
  readonly cookies: readonly string[];
}

export async function call(handler: ApiHandler, event: APIGatewayProxyEvent): Promise<ApiResponse> {
  const { statusCode, body, headers = {}, multiValueHeaders = {} } = await handler(event);
  const cookies = (multiValueHeaders['Set-Cookie'] ?? []).map(String);
  return { status: statusCode, body: body === '' ? undefined : JSON.parse(body), headers, cookies };
}

/** The audit lines written so far. */
export const audits = (): unknown[] => vi.mocked(console.info).mock.calls.map(([line]) => line.audit);
