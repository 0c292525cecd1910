// moto_server's S3 with a presigned GET, as people test with who have no AWS. It takes any signature.
import { spawnSync } from 'node:child_process';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { startServer } from './processes.mjs';

const Bucket = 'bench';
const HOUR = 3600;

export const hasMoto = () => spawnSync('python3', ['-c', 'import moto.server']).status === 0;

export async function startMoto({ file, body, cores }) {
  const server = await startServer('moto_server', 'python3', ['-m', 'moto.server', '-p', '0'], {
    cores,
    ready: /http:\/\/127\.0\.0\.1:\d+/,
  });
  const [endpoint] = server.printed;
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
  const s3 = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: file, Body: body }));
  const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: file }), { expiresIn: HOUR });
  s3.destroy();
  return { ...server, url };
}
