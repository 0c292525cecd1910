import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import { PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import { s3Client } from '../clients';
import { signRequest } from '../conformance/sign-request';
import { ANY_PORTS, type Environment, environmentOf, type RunningDev, startDev, temporaryFolder } from '../run-local';
import { namesOf, readPrivateKey } from './boot-edge';

/** A local runtime in a process of its own, and what a test of its distribution needs. */
export interface LocalEdge {
  readonly dev: RunningDev;
  readonly pid: number;
  readonly dataDir: string;
  readonly environment: Environment;
  /** Of the distribution; it listens on 127.0.0.1. */
  readonly port: number;
  /** Host and port, as links and the Host header have them. */
  readonly host: string;
  put(Key: string, Body: Buffer | string, more?: Partial<PutObjectCommandInput>): Promise<void>;
  /** The target of a link that holds for ten minutes. The path goes in as it stands, malformed or not. */
  sign(path: string): string;
  invalidate(...paths: string[]): Promise<void>;
  isAlive(): boolean;
  /** Ends it; the folder goes too. */
  close(): Promise<void>;
}

/** Boots `edgepass dev`, for whoever closes it. */
export async function startLocalEdge(...args: string[]): Promise<LocalEdge> {
  const ends: (() => void)[] = [];
  const dataDir = join(
    temporaryFolder((remove) => ends.push(remove)),
    'data',
  );
  const dev = await startDev('--data-dir', dataDir, ...ANY_PORTS, ...args);
  const environment = await environmentOf(dataDir);
  const { keyPairId, parameterName, distributionId } = namesOf(dataDir);
  const url = environment.EDGEPASS_DISTRIBUTION_URL;
  const { host, port } = new URL(url);
  const signer = {
    url,
    keyPairId,
    privateKey: await readPrivateKey(clientConfig(environment), parameterName),
  };
  return {
    dev,
    pid: dev.process.pid ?? 0,
    dataDir,
    environment,
    port: Number(port),
    host,
    async put(Key, Body, more) {
      const s3 = s3Client(environment);
      await s3.send(new PutObjectCommand({ Bucket: environment.EDGEPASS_BUCKET, Key, Body, ...more }));
      s3.destroy();
    },
    sign: (path) => signRequest(path, {}, { via: 'url', expiresIn: 600 }, signer).path,
    invalidate: (...paths) => invalidate(environment, distributionId, paths),
    isAlive: () => dev.process.exitCode === null && dev.process.signalCode === null,
    async close() {
      await stop(dev);
      for (const end of ends) end();
    },
  };
}

/** Files of the bucket that an action adds. An object of one upload has one. */
export async function blobsOf({ dataDir }: Pick<LocalEdge, 'dataDir'>, action: () => Promise<void>): Promise<string[]> {
  const before = new Set(listBlobs(dataDir));
  await action();
  return listBlobs(dataDir).filter((path) => !before.has(path));
}

const listBlobs = (dataDir: string): string[] =>
  readdirSync(join(dataDir, 's3', 'blobs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const clientConfig = (environment: Environment) => ({
  region: environment.AWS_REGION,
  endpoint: environment.AWS_ENDPOINT_URL,
  credentials: {
    accessKeyId: environment.AWS_ACCESS_KEY_ID,
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
  },
});

let callers = 0;

async function invalidate(environment: Environment, DistributionId: string, Items: string[]): Promise<void> {
  const client = new CloudFrontClient(clientConfig(environment));
  callers += 1;
  const InvalidationBatch = { CallerReference: `test-${callers}`, Paths: { Quantity: Items.length, Items } };
  await client.send(new CreateInvalidationCommand({ DistributionId, InvalidationBatch }));
  client.destroy();
}

/** A local runtime that does not end by itself is ended: the folder goes next. */
async function stop({ process: child, ended }: RunningDev): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(timer);
}
