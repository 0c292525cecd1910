import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { DeleteBucketCommand, DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Environment } from '../run-local';
import { edgepass } from './edgepass-command';
import { type KeyOutputs, readPrivateKey } from './private-key';
import type { Say } from './suite';
import type { SuiteTarget } from './suite-target';

/** What `edgepass deploy --json` prints. */
interface Deployed {
  readonly region: string;
  readonly outputs: Readonly<Record<'BucketName' | 'RestApiUrl' | 'DistributionDomainName' | 'ApiKeyId', string>> &
    KeyOutputs;
}

export interface TestStack {
  readonly name: string;
  open(): Promise<SuiteTarget>;
  /** Deletes the stack, and the bucket that it keeps. @throws Error saying what is left. */
  destroy(): Promise<void>;
}

/** A stack of its own on AWS, with a name that no other has. Credentials and region come from the environment. */
export function testStack(folder: string, say: Say): TestStack {
  const name = `Edgepass-test-${randomBytes(4).toString('hex')}`;
  const stack = ['--stack', name];
  let deployed: Deployed | undefined;
  return {
    name,
    async open() {
      const assembly = ['--assembly', join(folder, 'deploy')];
      const printed = await edgepass(['deploy', ...stack, ...assembly, '--json', '--', '--require-approval', 'never']);
      deployed = JSON.parse(printed) as Deployed;
      return openDeployed(deployed);
    },
    async destroy() {
      say(`destroying ${name}`);
      try {
        await edgepass(['destroy', ...stack, '--force', '--json']);
        if (deployed) await deleteBucket(deployed);
      } catch (error) {
        const bucket = deployed ? `the bucket ${deployed.outputs.BucketName}` : 'its bucket';
        throw new Error(
          `${error instanceof Error ? error.message : String(error)}\nMAY BE LEFT: the stack ${name} and ${bucket}; ` +
            `look with "npx edgepass destroy --stack ${name}", which names the bucket to delete`,
        );
      }
    },
  };
}

async function openDeployed({ region, outputs }: Deployed): Promise<SuiteTarget> {
  const [ssm, apiGateway] = [new SSMClient({ region }), new APIGatewayClient({ region })];
  try {
    const key = await readPrivateKey(ssm, outputs);
    const { value } = await apiGateway.send(new GetApiKeyCommand({ apiKey: outputs.ApiKeyId, includeValue: true }));
    const url = `https://${outputs.DistributionDomainName}`;
    const environment: Partial<Environment> = {
      AWS_REGION: region,
      // Where requests without credentials are sent; the clients find S3 by themselves.
      AWS_ENDPOINT_URL: `https://s3.${region}.amazonaws.com`,
      EDGEPASS_BUCKET: outputs.BucketName,
      EDGEPASS_API_URL: outputs.RestApiUrl,
      EDGEPASS_API_KEY: value ?? '',
      EDGEPASS_DISTRIBUTION_URL: url,
    };
    return { environment: environment as Environment, distribution: { url, ...key }, close: async () => {} };
  } finally {
    for (const client of [ssm, apiGateway]) client.destroy();
  }
}

/** The stack keeps its bucket, with every version of every object. */
async function deleteBucket({ region, outputs: { BucketName: Bucket } }: Deployed): Promise<void> {
  const s3 = new S3Client({ region });
  try {
    for (;;) {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      const Objects = [...Versions, ...DeleteMarkers].map(({ Key = '', VersionId = '' }) => ({ Key, VersionId }));
      if (Objects.length === 0) break;
      const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
      if (Errors[0]) throw new Error(`${Bucket} cannot be emptied: ${Errors[0].Code}`);
    }
    await s3.send(new DeleteBucketCommand({ Bucket }));
  } finally {
    s3.destroy();
  }
}
