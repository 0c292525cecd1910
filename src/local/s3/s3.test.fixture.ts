import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { createAwsEndpoint } from '../aws-endpoint';
import { type Clock, machineClock } from '../clock';
import { KEEP_ALIVE_MS } from '../http/gated-server';
import { authorize } from '../iam/authorize';
import type { PolicyDocument } from '../iam/policy-document';
import type { AccessKey } from '../iam/principal';
import { openS3, type S3 } from './s3';

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';
export const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

const ADMINISTRATOR: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

export interface RunningS3 {
  readonly s3: S3;
  readonly url: string;
  readonly server: Server;
  readonly dir: string;
  close(): Promise<void>;
}

interface StartOptions {
  readonly dir?: string;
  readonly policies?: readonly PolicyDocument[];
  /** Other users, by their access key's id; the secret is the same. */
  readonly others?: Readonly<Record<string, readonly PolicyDocument[]>>;
  readonly now?: Clock;
}

/** S3 alone, behind its endpoint, with one user, or several. */
export async function startS3(options: StartOptions = {}): Promise<RunningS3> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'edgepass-s3-'));
  const users = { [CREDENTIALS.accessKeyId]: options.policies ?? [ADMINISTRATOR], ...options.others };
  const findAccessKey = (id: string): AccessKey | undefined =>
    users[id] && userKey(id, users[id], id === CREDENTIALS.accessKeyId ? 'tester' : id);
  const now = options.now ?? machineClock;
  const s3 = openS3({ dir, region: REGION, accountId: ACCOUNT, authorize, findAccessKey, now });
  const endpoint = createAwsEndpoint({ region: REGION, findAccessKey, services: { s3: s3.api, ssm: s3.api }, now });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, endpoint).on('checkContinue', endpoint);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    s3,
    server,
    dir,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await s3.close();
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

const userKey = (accessKeyId: string, identityPolicies: readonly PolicyDocument[], name: string): AccessKey => ({
  ...CREDENTIALS,
  accessKeyId,
  principal: () => ({
    kind: 'user',
    arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
    accountId: ACCOUNT,
    identityPolicies,
  }),
});

/** The SDK's client for it; nothing is tried twice. */
export const clientOf = ({ url }: RunningS3): S3Client =>
  new S3Client({ endpoint: url, region: REGION, credentials: CREDENTIALS, forcePathStyle: true, maxAttempts: 1 });
