import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CloudFrontClient,
  CreatePublicKeyCommand,
  DeletePublicKeyCommand,
  GetPublicKeyCommand,
  ListDistributionsCommand,
} from '@aws-sdk/client-cloudfront';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAwsEndpoint } from '../../aws-endpoint';
import { authorize } from '../../iam/authorize';
import { openIam } from '../../iam/iam';
import { openKeyStore } from '../key-store';
import { createControlApi } from './control-api';
import { keyOperations } from './key-operations';

const NOW = new Date('2026-05-01T10:20:30.456Z');
const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

/** The control API behind the AWS endpoint, and the SDK's client for it. */
async function startControlApi(): Promise<CloudFrontClient> {
  const { findAccessKey } = openIam({ accountId: '123456789012', developer: CREDENTIALS });
  const operations = keyOperations({
    keys: openKeyStore(undefined),
    now: () => NOW,
    isTrusted: () => false,
    keyGroupsChanged: async () => undefined,
  });
  const api = createControlApi(operations, authorize);
  // An endpoint has S3 always.
  const services = { s3: { ...api }, cloudfront: api };
  const server = createServer(
    createAwsEndpoint({ region: 'us-east-1', findAccessKey, services, now: () => new Date() }),
  );
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new CloudFrontClient({ region: 'us-east-1', endpoint, credentials: CREDENTIALS, maxAttempts: 1 });
  onTestFinished(() => {
    client.destroy();
    server.close().closeAllConnections();
  });
  return client;
}

const encodedKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString();

describe("CloudFront's control API, through a socket", () => {
  it('makes a public key, reads it by the clock of the local runtime, and deletes it', async () => {
    const client = await startControlApi();
    const PublicKeyConfig = { CallerReference: 'once', Name: 'a-key', EncodedKey: encodedKey() };
    const made = await client.send(new CreatePublicKeyCommand({ PublicKeyConfig }));
    const Id = made.PublicKey?.Id;
    expect(made.Location).toMatch(new RegExp(`/2020-05-31/public-key/${Id}$`));
    const { PublicKey, ETag } = await client.send(new GetPublicKeyCommand({ Id }));
    expect(PublicKey).toEqual({ Id, CreatedTime: NOW, PublicKeyConfig: { ...PublicKeyConfig, Comment: '' } });
    await client.send(new DeletePublicKeyCommand({ Id, IfMatch: ETag }));
    await expect(client.send(new GetPublicKeyCommand({ Id }))).rejects.toMatchObject({ name: 'NoSuchPublicKey' });
  });

  it('refuses by name what it does not have', async () => {
    const client = await startControlApi();
    await expect(client.send(new ListDistributionsCommand({}))).rejects.toMatchObject({
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    });
  });
});
