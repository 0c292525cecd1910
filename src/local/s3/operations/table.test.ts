import { Readable } from 'node:stream';
import { CreateBucketCommand, CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectRequest } from '../request-context';
import { ACCOUNT, clientOf, type RunningS3, startS3 } from '../s3.test.fixture';
import type { Operation, Row } from './operation';
import { BUCKET, OBJECT, SERVICE } from './table';

const Bucket = 'files';
const Key = 'kept';

/**
 * The action that each operation takes, apart from the table's statement of it.
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3"; Amazon S3 API Reference, "Permissions".
 */
const ACTIONS: Readonly<Record<Operation, string>> = {
  ListBuckets: 's3:ListAllMyBuckets',
  CreateBucket: 's3:CreateBucket',
  DeleteBucket: 's3:DeleteBucket',
  DeleteBucketCors: 's3:PutBucketCORS',
  DeleteObjects: 's3:DeleteObject',
  GetBucketAcl: 's3:GetBucketAcl',
  GetBucketCors: 's3:GetBucketCORS',
  GetBucketLocation: 's3:GetBucketLocation',
  GetBucketPolicy: 's3:GetBucketPolicy',
  GetBucketVersioning: 's3:GetBucketVersioning',
  HeadBucket: 's3:ListBucket',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  ListObjects: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  ListObjectVersions: 's3:ListBucketVersions',
  PutBucketCors: 's3:PutBucketCORS',
  PutBucketVersioning: 's3:PutBucketVersioning',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  CompleteMultipartUpload: 's3:PutObject',
  // The source comes first.
  CopyObject: 's3:GetObject',
  CreateMultipartUpload: 's3:PutObject',
  DeleteObject: 's3:DeleteObject',
  DeleteObjectTagging: 's3:DeleteObjectTagging',
  GetObject: 's3:GetObject',
  GetObjectAcl: 's3:GetObjectAcl',
  GetObjectAttributes: 's3:GetObjectAttributes',
  GetObjectTagging: 's3:GetObjectTagging',
  HeadObject: 's3:GetObject',
  ListParts: 's3:ListMultipartUploadParts',
  PutObject: 's3:PutObject',
  PutObjectTagging: 's3:PutObjectTagging',
  UploadPart: 's3:PutObject',
  UploadPartCopy: 's3:PutObject',
};

/** The operations whose permission depends on what the body says. */
const BODIES: Partial<Readonly<Record<Operation, string>>> = {
  DeleteObjects: `<Delete><Object><Key>${Key}</Key></Object></Delete>`,
  PutObjectTagging: '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
};

const ROWS: Readonly<Record<Operation, Row<never>>> = { ...SERVICE, ...BUCKET, ...OBJECT };
const NAMES = Object.keys(ROWS) as Operation[];

let running: RunningS3;
beforeAll(async () => {
  running = await startS3();
  const client = clientOf(running);
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(new PutObjectCommand({ Bucket, Key, Body: 'kept' }));
  await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  client.destroy();
});
afterAll(() => running.close());

/** Sends a request for the operation as a user without policies; whatever it names besides the object is not there. */
async function denied(name: Operation, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const { method, query = [], header } = ROWS[name];
  const isOnObject = name in OBJECT;
  const text = BODIES[name];
  const body = new Readable({
    read() {
      if (text === undefined) throw new Error('the body was read');
      this.push(text);
      this.push(null);
    },
  });
  const answer = await running.s3.api.answer({
    method,
    rawPath: name in SERVICE ? '/' : `/${Bucket}${isOnObject ? `/${Key}` : ''}`,
    rawQuery: new URLSearchParams({
      ...Object.fromEntries(query.map((parameter) => [parameter, ''])),
      ...more,
    }).toString(),
    headers: header === undefined ? {} : { [header]: `${Bucket}/${Key}` },
    body,
    principal: { kind: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/nobody`, accountId: ACCOUNT, identityPolicies: [] },
    requestId: 'REQUEST',
    payloadHash: 'UNSIGNED-PAYLOAD',
  });
  expect(answer.status).toBe(name === 'DeleteObjects' ? 200 : 403);
  expect(answer.body).toContain('<Code>AccessDenied</Code>');
  const [, action = ''] = String(answer.body).match(/is not authorized to perform: (\S+) on resource/) ?? [];
  return action;
}

describe('the table of operations', () => {
  it.each(NAMES)('has %s require its action before it does anything or reads a body', async (name) => {
    expect(await denied(name)).toBe(ACTIONS[name]);
    expect(running.s3.store.find(Bucket, Key)).toMatchObject({ size: 4, tags: {} });
    expect([...running.s3.store.blobs.list()]).toHaveLength(1);
  });

  it.each([
    ['DeleteObject', 's3:DeleteObjectVersion'],
    ['DeleteObjectTagging', 's3:DeleteObjectVersionTagging'],
    ['GetObject', 's3:GetObjectVersion'],
    ['GetObjectAcl', 's3:GetObjectVersionAcl'],
    ['GetObjectTagging', 's3:GetObjectVersionTagging'],
    ['HeadObject', 's3:GetObjectVersion'],
    ['PutObjectTagging', 's3:PutObjectVersionTagging'],
  ] as const)('has %s of a version require %s', async (name, action) => {
    expect(await denied(name, { versionId: 'null' })).toBe(action);
  });

  it('tells a denied caller nothing of parameters, uploads and tokens that are wrong', async () => {
    expect(await denied('ListObjectsV2', { 'continuation-token': '%' })).toBe('s3:ListBucket');
    expect(await denied('UploadPartCopy', { partNumber: '0', uploadId: 'none' })).toBe('s3:PutObject');
  });
});

const handle = () => ({ status: 200 });
const { HeadObject: _, ...withoutHeadObject } = OBJECT;

/** `tsc -p test` reads these, and fails where one of them is no error. */
void [
  // @ts-expect-error S3 has no such operation.
  { Bananas: { method: 'GET', action: 's3:ListBucket', handle } } satisfies Partial<typeof BUCKET>,
  // @ts-expect-error HeadObject has no row.
  withoutHeadObject satisfies typeof OBJECT,
  // @ts-expect-error The row has no action.
  { method: 'GET', handle } satisfies Row<ObjectRequest>,
  // @ts-expect-error The action is none of S3's.
  { method: 'GET', action: 'GetObject', handle } satisfies Row<ObjectRequest>,
  // @ts-expect-error The row says twice who requires the permission.
  { method: 'GET', action: 's3:GetObject', handle, requireAndHandle: handle } satisfies Row<ObjectRequest>,
];
