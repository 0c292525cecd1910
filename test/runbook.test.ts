import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bootApi, synthesizeApi } from './api/boot-api';
import { s3Client, signedUrl } from './clients';
import { type Environment, run, temporaryFolder } from './run-local';

const KEY = 'reports/q3.pdf';
const hasAws = spawnSync('aws', ['--version']).status === 0;
const page = readFileSync(join(__dirname, '..', 'docs', 'operations.md'), 'utf8');

/** A command of the runbook, by what it begins with, with its capitals filled in. */
function command(start: string, values: Readonly<Record<string, string>>): string {
  const [found] = page.match(new RegExp(`${start}[^\\n\`]*`)) ?? [];
  if (!found) throw new Error(`the runbook has no command ${start}`);
  return Object.entries(values).reduce((text, [name, value]) => text.replaceAll(name, value), found);
}

async function paste(script: string, environment: Environment): Promise<string> {
  const env = { ...process.env, AWS_DEFAULT_REGION: environment.AWS_REGION, ...environment };
  const { code, stdout, stderr } = await run('bash', ['-euo', 'pipefail', '-c', script], env);
  expect(code, stderr).toBe(0);
  return stdout;
}

async function versionsOf(s3: S3Client, Bucket: string): Promise<{ marker: string; oldest: string }> {
  const { DeleteMarkers = [], Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: KEY }));
  return { marker: DeleteMarkers[0]?.VersionId ?? '', oldest: Versions.at(-1)?.VersionId ?? '' };
}

describe('the runbook', () => {
  it.skipIf(!hasAws)(
    'the runbook’s commands restore what was overwritten and deleted, and end a link (skipped without aws)',
    async () => {
      const folder = temporaryFolder();
      const { environment, close } = await bootApi(folder, synthesizeApi(folder, {}));
      const s3 = s3Client(environment);
      onTestFinished(async () => {
        s3.destroy();
        await close();
      });
      const Bucket = environment.EDGEPASS_BUCKET;
      const put = (Body: string) => s3.send(new PutObjectCommand({ Bucket, Key: KEY, Body }));
      const text = async () => (await s3.send(new GetObjectCommand({ Bucket, Key: KEY }))).Body?.transformToString();
      const id = JSON.parse(readFileSync(join(folder, 'data', 'stack.json'), 'utf8'));
      const distribution = JSON.stringify(id).match(/distribution\/(E[A-Z0-9]{13})/)?.[1] ?? '';
      await put('first');
      await put('second');

      await paste(
        command('aws s3api copy-object', { BUCKET: Bucket, VERSION: (await versionsOf(s3, Bucket)).oldest }),
        environment,
      );
      expect(await text()).toBe('first');

      await s3.send(new DeleteObjectCommand({ Bucket, Key: KEY }));
      await expect(text()).rejects.toThrow();
      const { marker } = await versionsOf(s3, Bucket);
      await paste(command('aws s3api delete-object', { BUCKET: Bucket, DELETE_MARKER: marker }), environment);
      expect(await text()).toBe('first');

      const link = await signedUrl(environment, KEY);
      expect(await (await fetch(link)).text()).toBe('first');
      await s3.send(new DeleteObjectCommand({ Bucket, Key: KEY }));
      // Deleting alone does not end it: the distribution has it in its cache.
      expect((await fetch(link)).status).toBe(200);
      await paste(command('aws cloudfront create-invalidation', { ID: distribution }), environment);
      expect((await fetch(link)).status).toBe(403);
    },
  );
});
