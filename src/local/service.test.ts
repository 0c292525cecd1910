/** Every service that has an API, asked without a socket: a request in, a response out. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AwsRequest } from './aws-request';
import { openCloudFront } from './cloudfront/cloudfront';
import { authorize } from './iam/authorize';
import type { Principal } from './iam/principal';
import { SignatureError } from './iam/signature-error';
import { openLambda } from './lambda';
import { openS3 } from './s3';
import type { Service, ServiceApi, ServiceResponse } from './service';
import { openSsm } from './ssm';

const NOW = new Date('2026-05-01T10:20:30Z');
const accountId = '123456789012';
const OPTIONS = { region: 'us-east-1', accountId, authorize, now: () => NOW };

const ADMINISTRATOR: Principal = {
  kind: 'user',
  arn: `arn:aws:iam::${accountId}:user/developer`,
  accountId,
  identityPolicies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
};
const NOBODY: Principal = { ...ADMINISTRATOR, identityPolicies: [] };

type Asked = Partial<Omit<AwsRequest, 'body'>> & { readonly body?: string };

/** The request as the endpoint hands it over once its signature held. */
const requestOf = ({ body = '', ...more }: Asked): AwsRequest => ({
  method: 'GET',
  rawPath: '/',
  rawQuery: '',
  headers: {},
  principal: ADMINISTRATOR,
  requestId: 'REQUEST',
  payloadHash: 'UNSIGNED-PAYLOAD',
  ...more,
  body: Readable.from([Buffer.from(body)]),
});

type Api = Service & { readonly api: ServiceApi };

const SERVICES: Readonly<Record<string, (dir: string) => Promise<Api> | Api>> = {
  s3(dir) {
    const s3 = openS3({ ...OPTIONS, dir, findAccessKey: () => undefined });
    s3.store.createBucket('files', NOW.getTime());
    return s3;
  },
  ssm: (dir) => openSsm({ ...OPTIONS, dir }),
  lambda: () =>
    openLambda({
      ...OPTIONS,
      localEnvironment: {},
      issueCredentials: () => expect.unreachable(),
      findAsset: (_bucket, key) => key,
      log: () => {},
    }),
  cloudfront: (dir) =>
    openCloudFront({
      ...OPTIONS,
      dir,
      log: () => {},
      edgeWorkers: 0,
      edge: {
        ports: { http: 0, https: undefined },
        tls: undefined,
        settings: {
          cacheBytes: 0,
          reasonHeader: false,
          followBucket: false,
          viewerCountry: undefined,
          apiUrl: 'http://127.0.0.1:1',
        },
      },
      fetchFromS3: () => expect.unreachable(),
      onRefusal: () => {},
    }),
};

async function open(name: string): Promise<Api> {
  const dir = mkdtempSync(join(tmpdir(), 'edgepass-service-'));
  const service = await SERVICES[name]?.(dir);
  if (!service) throw new Error(`there is no service ${name}`);
  onTestFinished(async () => {
    await service.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return service;
}

const bodyOf = async ({ body = '' }: ServiceResponse): Promise<string> =>
  typeof body === 'string' ? body : await text(body);

/** By service: a request for something that is not there, and the words for that and for a caller who may not. */
const ABSENT: Readonly<
  Record<string, Asked & { readonly status: number; readonly absent: string; readonly denied: string }>
> = {
  s3: {
    rawPath: '/files/absent',
    status: 404,
    absent: '<Code>NoSuchKey</Code>',
    denied: '<Code>AccessDenied</Code>',
  },
  ssm: {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSSM.GetParameter' },
    body: '{"Name":"/absent"}',
    status: 400,
    absent: '"__type":"ParameterNotFound"',
    denied: '"__type":"AccessDeniedException"',
  },
  lambda: {
    method: 'POST',
    rawPath: '/2015-03-31/functions/absent/invocations',
    status: 404,
    absent: 'Function not found: absent',
    denied: 'is not authorized to perform: lambda:InvokeFunction',
  },
  cloudfront: {
    rawPath: '/2020-05-31/public-key/KABSENT',
    status: 404,
    absent: '<Code>NoSuchPublicKey</Code>',
    denied: '<Code>AccessDenied</Code>',
  },
};

describe.each(Object.keys(SERVICES))('the service %s, without a socket', (name) => {
  const { status, absent, denied, ...request } = ABSENT[name] ?? expect.unreachable();

  it('answers that there is no such thing, with the id of the request', async () => {
    const { api } = await open(name);
    const response = await api.answer(requestOf(request));
    expect(response.status).toBe(status);
    expect(await bodyOf(response)).toContain(absent);
    expect(Object.values(response.headers ?? {})).toContain('REQUEST');
  });

  it('answers a caller who may not in its own words', async () => {
    const { api } = await open(name);
    expect(await bodyOf(await api.answer(requestOf({ ...request, principal: NOBODY })))).toContain(denied);
  });

  it('has words of its own for a signature that does not hold', async () => {
    const { api } = await open(name);
    const response = api.refuse(new SignatureError('SignatureDoesNotMatch'), 'REQUEST');
    expect(response.status).toBeGreaterThanOrEqual(400);
    const words = `${JSON.stringify(response.headers)}${await bodyOf(response)}`;
    expect(words).toMatch(/SignatureDoesNotMatch|InvalidSignatureException/);
  });
});

describe('S3, without a socket', () => {
  it('keeps an object and hands its bytes back', async () => {
    const { api } = await open('s3');
    const rawPath = '/files/a.txt';
    await api.answer(requestOf({ method: 'PUT', rawPath, headers: { 'content-length': '5' }, body: 'hello' }));
    const response = await api.answer(requestOf({ rawPath }));
    expect([response.status, response.headers?.['last-modified']]).toEqual([200, 'Fri, 01 May 2026 10:20:30 GMT']);
    expect(await bodyOf(response)).toBe('hello');
  });
});
