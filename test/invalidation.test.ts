import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  CloudFrontClient,
  CreateInvalidationCommand,
  GetDistributionCommand,
  GetInvalidationCommand,
  ListInvalidationsCommand,
} from '@aws-sdk/client-cloudfront';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type LocalRuntime, startLocal } from 'edgepass/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Client, signedUrl } from './clients';
import { type Environment, READY_MADE_ASSEMBLY, run, temporaryFolder } from './run-local';

let local: LocalRuntime;
let environment: Environment;
let client: CloudFrontClient;
let distributionId: string;
const lines: string[] = [];
const folder = temporaryFolder(afterAll);

beforeAll(async () => {
  local = await startLocal({
    dataDir: join(folder, 'data'),
    assembly: READY_MADE_ASSEMBLY,
    ports: { aws: 0, api: 0, distribution: 0 },
    log: (line) => lines.push(line),
  });
  environment = local.environment as unknown as Environment;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  client = new CloudFrontClient({
    region: environment.AWS_REGION,
    endpoint: environment.AWS_ENDPOINT_URL,
    credentials: { accessKeyId, secretAccessKey },
  });
});
afterAll(async () => {
  client.destroy();
  await local.close();
});

async function put(Body: string): Promise<void> {
  const s3 = s3Client(environment);
  await s3.send(new PutObjectCommand({ Bucket: environment.EDGEPASS_BUCKET, Key: 'page.html', Body }));
  s3.destroy();
}
const read = async (): Promise<string> => (await fetch(await signedUrl(environment, 'page.html'))).text();
const invalidate = (Paths: string[], CallerReference: string, DistributionId = distributionId) =>
  client.send(
    new CreateInvalidationCommand({
      DistributionId,
      InvalidationBatch: { CallerReference, Paths: { Quantity: Paths.length, Items: Paths } },
    }),
  );

describe('an invalidation', () => {
  it('an overwritten object is served from the cache until the SDK invalidates it, as the log says', async () => {
    await put('one');
    expect(await read()).toBe('one');
    await put('two');
    expect(await read()).toBe('one');
    distributionId = /--distribution-id (E\w+) --paths '\/page.html'/.exec(lines.join('\n'))?.[1] ?? '';
    const { Invalidation, Location } = await invalidate(['/page.html'], 'first');
    expect([Invalidation?.Status, Location]).toEqual(['Completed', expect.stringContaining(Invalidation?.Id ?? '-')]);
    expect(await read()).toBe('two');
    const found = await client.send(
      new GetInvalidationCommand({ DistributionId: distributionId, Id: Invalidation?.Id }),
    );
    expect(found.Invalidation?.InvalidationBatch?.Paths?.Items).toEqual(['/page.html']);
    const { InvalidationList } = await client.send(new ListInvalidationsCommand({ DistributionId: distributionId }));
    expect(InvalidationList?.Quantity).toBe(1);
  });

  it.skipIf(spawnSync('aws', ['--version']).status !== 0)(
    'the aws command invalidates too (skipped without it)',
    async () => {
      await put('three');
      const args = ['cloudfront', 'create-invalidation', '--distribution-id', distributionId, '--paths', '/*'];
      const { code, stderr } = await run('aws', args, { ...process.env, ...local.environment });
      expect(code, stderr).toBe(0);
      expect(await read()).toBe('three');
    },
  );

  it('says no in CloudFront’s words', async () => {
    await expect(invalidate(['/a'], 'x', 'EANOTHER')).rejects.toMatchObject({ name: 'NoSuchDistribution' });
    await expect(invalidate(['/a*b'], 'y')).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(client.send(new GetDistributionCommand({ Id: distributionId }))).rejects.toMatchObject({
      name: 'NotImplemented',
    });
  });
});
