// A local runtime as a user starts it: `edgepass dev` with a data folder, files through S3 with the variables of `edgepass env`, URLs
// signed with the key that Parameter Store keeps.
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { createSigner } from 'edgepass';
import { output, startServer } from './processes.mjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const cli = join(root, 'bin', 'edgepass.js');
const UPLOADS_AT_ONCE = 16;

export async function startLocal(dataDir, { workers, cores, app }) {
  mkdirSync(dataDir, { recursive: true });
  const outputsFile = join(dataDir, 'outputs.json');
  const server = await startServer(
    'edgepass dev',
    process.execPath,
    [
      ...[cli, 'dev', '--data-dir', dataDir, '--outputs-file', outputsFile],
      ...['--port', '0', '--api-port', '0', '--distribution-port', '0'],
      ...['--edge-workers', String(workers)],
      ...(app ? ['--app', app] : []),
    ],
    { cores, ready: /^ready/m },
  );
  const environment = JSON.parse(await output(process.execPath, [cli, 'env', '--json', '--data-dir', dataDir]));
  const client = {
    region: environment.AWS_REGION,
    endpoint: environment.AWS_ENDPOINT_URL,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
    },
  };
  const [{ KeyPairId: keyPairId }] = Object.values(JSON.parse(readFileSync(outputsFile, 'utf8')));
  const distributionUrl = environment.EDGEPASS_DISTRIBUTION_URL;
  return {
    ...server,
    dataDir,
    bucket: environment.EDGEPASS_BUCKET,
    distributionUrl,
    port: Number(new URL(distributionUrl).port),
    signer: createSigner({ keyPairId, privateKey: await keptKey(dataDir, client) }),
    upload: (objects) => upload(objects, environment.EDGEPASS_BUCKET, client),
  };
}

async function keptKey(dataDir, client) {
  const stack = Object.values(JSON.parse(readFileSync(join(dataDir, 'stack.json'), 'utf8')));
  const Name = stack.find(({ type }) => type === 'Custom::EdgepassSigningKeys')?.physicalId;
  const ssm = new SSMClient(client);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  ssm.destroy();
  return Parameter.Value;
}

/** @param objects Bodies by key. */
async function upload(objects, Bucket, client) {
  const s3 = new S3Client(client);
  const waiting = Object.entries(objects);
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop())
      await s3.send(new PutObjectCommand({ Bucket, Key: next[0], Body: next[1] }));
  };
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, work));
  s3.destroy();
}
