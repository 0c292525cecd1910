import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type LocalRuntime, startLocal } from 'edgepass/local';
import { READY_MADE_ASSEMBLY } from '../run-local';

/** A local runtime's distribution, its bucket, and what signs its links. */
export interface Edge {
  readonly distributionUrl: string;
  /** Opens the API, also below the distribution's `/_api/`. */
  readonly apiKey: string;
  readonly keyPairId: string;
  readonly privateKey: string;
  put(key: string, body: string | Uint8Array, contentType: string): Promise<void>;
  invalidate(path: string): Promise<void>;
  /** Turns the distribution's clock forward. */
  pass(milliseconds: number): void;
  /** As Ctrl-C does: what is being answered has a moment, then the connections are cut. */
  stop(): Promise<void>;
  /** Boots it again, on the same ports. */
  start(): Promise<void>;
  /** Stops it for good. */
  close(): Promise<void>;
}

/** Boots a local runtime that keeps everything in that folder. */
export async function bootEdge(dataDir: string): Promise<Edge> {
  const assembly = READY_MADE_ASSEMBLY;
  const ports = { aws: 0, api: 0, distribution: 0 };
  let ahead = 0;
  const clock = (): Date => new Date(Date.now() + ahead);
  const boot = (): Promise<LocalRuntime> => startLocal({ dataDir, assembly, ports, clock });
  let local = await boot();
  const { environment, outputs } = local;
  const config = {
    region: environment.AWS_REGION ?? '',
    endpoint: environment.AWS_ENDPOINT_URL ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
  };
  const s3 = new S3Client(config);
  const cloudFront = new CloudFrontClient(config);
  const { parameterName, distributionId } = namesOf(dataDir);
  return {
    distributionUrl: environment.EDGEPASS_DISTRIBUTION_URL ?? '',
    apiKey: environment.EDGEPASS_API_KEY ?? '',
    keyPairId: outputs.KeyPairId ?? '',
    privateKey: await readPrivateKey(config, parameterName),
    async put(Key, Body, ContentType) {
      await s3.send(new PutObjectCommand({ Bucket: environment.EDGEPASS_BUCKET, Key, Body, ContentType }));
    },
    async invalidate(path) {
      const InvalidationBatch = { CallerReference: String(Date.now()), Paths: { Quantity: 1, Items: [path] } };
      await cloudFront.send(new CreateInvalidationCommand({ DistributionId: distributionId, InvalidationBatch }));
    },
    pass(milliseconds) {
      ahead += milliseconds;
    },
    stop: () => local.close(),
    async start() {
      local = await boot();
    },
    async close() {
      s3.destroy();
      cloudFront.destroy();
      await local.close();
    },
  };
}

type StackState = Record<
  string,
  { readonly type: string; readonly physicalId: string; readonly attributes: { readonly KeyPairId?: string } }
>;

/** What the stack's outputs do not tell. */
export function namesOf(dataDir: string): {
  readonly parameterName: string;
  readonly keyPairId: string;
  readonly distributionId: string;
} {
  const resources = Object.values(JSON.parse(readFileSync(join(dataDir, 'stack.json'), 'utf8')) as StackState);
  const ofType = (wanted: string) => resources.find(({ type }) => type === wanted);
  const keys = ofType('Custom::EdgepassSigningKeys');
  return {
    parameterName: keys?.physicalId ?? '',
    keyPairId: keys?.attributes.KeyPairId ?? '',
    distributionId: ofType('AWS::CloudFront::Distribution')?.physicalId ?? '',
  };
}

export async function readPrivateKey(
  config: ConstructorParameters<typeof SSMClient>[0],
  Name: string,
): Promise<string> {
  const ssm = new SSMClient(config ?? {});
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  ssm.destroy();
  return Parameter?.Value ?? '';
}
