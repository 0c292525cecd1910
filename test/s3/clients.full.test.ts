import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIALS, clientOf, REGION, type RunningS3, startS3 } from '../../src/local/s3/s3.test.fixture';
import { type CommandResult, run, temporaryFolder } from '../run-local';

const Bucket = 'clients';
const MIB = 1024 * 1024;
const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0;
let running: RunningS3;
const folder = temporaryFolder(afterAll);

beforeAll(async () => {
  running = await startS3();
  const client = clientOf(running);
  await client.send(new CreateBucketCommand({ Bucket }));
  client.destroy();
});
afterAll(() => running.close());

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  AWS_DEFAULT_REGION: REGION,
  AWS_ENDPOINT_URL: running.url,
  // rclone does not start with one.
  AWS_CA_BUNDLE: undefined,
  AWS_CONFIG_FILE: awsConfig(),
});

/** Version 1 of the aws command presigns with signature version 2 unless told otherwise; S3 takes that no more. */
function awsConfig(): string {
  const file = join(folder, 'aws-config');
  writeFileSync(file, '[default]\ns3 =\n  signature_version = s3v4\n');
  return file;
}
async function succeed(command: string, args: readonly string[], env = environment()): Promise<CommandResult> {
  const result = await run(command, args, env);
  expect(result.code, result.stdout + result.stderr).toBe(0);
  return result;
}

/** Files of several sizes, one with a name that has to be encoded. */
function makeFiles(name: string): string {
  const dir = join(folder, name);
  mkdirSync(join(dir, 'sub folder'), { recursive: true });
  writeFileSync(join(dir, 'small.txt'), 'small');
  writeFileSync(join(dir, 'empty'), '');
  writeFileSync(join(dir, 'sub folder', 'ünï+cödé #1.bin'), randomBytes(1000));
  writeFileSync(join(dir, 'large.bin'), randomBytes(9 * MIB));
  // S3 dates objects by the second, cut off: a file of this very second would look newer than its copy.
  const past = new Date(Date.now() - 60_000);
  for (const file of readdirSync(dir, { recursive: true })) utimesSync(join(dir, String(file)), past, past);
  return dir;
}

describe.skipIf(!has('aws'))('aws CLI (skipped where it is not installed)', () => {
  it('cp, sync, presign and rm', async () => {
    const files = makeFiles('aws');
    const back = join(folder, 'aws-back');
    await succeed('aws', ['s3', 'sync', files, `s3://${Bucket}/aws/`]);
    await succeed('aws', ['s3', 'sync', `s3://${Bucket}/aws/`, back]);
    expect((await run('diff', ['-r', files, back])).stdout).toBe('');
    expect((await succeed('aws', ['s3', 'sync', files, `s3://${Bucket}/aws/`])).stdout).toBe('');
    await succeed('aws', ['s3', 'cp', join(files, 'small.txt'), `s3://${Bucket}/aws/copied.txt`]);
    await succeed('aws', ['s3', 'cp', `s3://${Bucket}/aws/large.bin`, `s3://${Bucket}/aws/large-copy.bin`]);
    const { stdout: link } = await succeed('aws', ['s3', 'presign', `s3://${Bucket}/aws/copied.txt`]);
    expect(await (await fetch(link.trim())).text()).toBe('small');
    await succeed('aws', ['s3', 'rm', '--recursive', `s3://${Bucket}/aws/`]);
    expect((await run('aws', ['s3', 'ls', `s3://${Bucket}/aws/`], environment())).stdout).toBe('');
  });
});

describe.skipIf(!has('s3cmd'))('s3cmd (skipped where it is not installed)', () => {
  it('put, ls, get, sync and del', async () => {
    const files = makeFiles('s3cmd');
    const { host } = new URL(running.url);
    const config = join(folder, 's3cfg');
    const lines = {
      access_key: CREDENTIALS.accessKeyId,
      secret_key: CREDENTIALS.secretAccessKey,
      host_base: host,
      host_bucket: host,
      use_https: 'False',
      bucket_location: REGION,
    };
    writeFileSync(
      config,
      `[default]\n${Object.entries(lines)
        .map(([name, value]) => `${name} = ${value}`)
        .join('\n')}\n`,
    );
    const s3cmd = (...args: string[]): Promise<CommandResult> => succeed('s3cmd', ['-c', config, ...args]);
    await s3cmd('sync', `${files}/`, `s3://${Bucket}/s3cmd/`);
    expect((await s3cmd('ls', '--recursive', `s3://${Bucket}/s3cmd/`)).stdout.trim().split('\n')).toHaveLength(4);
    await s3cmd('get', '--force', `s3://${Bucket}/s3cmd/large.bin`, join(folder, 'large.bin'));
    expect(readFileSync(join(folder, 'large.bin')).equals(readFileSync(join(files, 'large.bin')))).toBe(true);
    await s3cmd('del', '--recursive', '--force', `s3://${Bucket}/s3cmd/`);
  });
});

describe.skipIf(!has('rclone'))('rclone (skipped where it is not installed)', () => {
  it('copy, sync and check', async () => {
    const files = makeFiles('rclone');
    const remote = `:s3,provider=Other,env_auth=true,region=${REGION},endpoint='${running.url}',force_path_style=true:${Bucket}/rclone`;
    const rclone = (...args: string[]): Promise<CommandResult> =>
      succeed('rclone', [
        '--config',
        '/dev/null',
        '--s3-no-check-bucket',
        '--s3-chunk-size',
        '5M',
        '--s3-upload-cutoff',
        '6M',
        ...args,
      ]);
    await rclone('copy', files, remote);
    await rclone('check', files, remote);
    await rclone('sync', files, remote);
    await rclone('purge', remote);
  });
});
