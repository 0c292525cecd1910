import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listObjects, s3Client, signedUrl } from './clients';
import { HAS_FIGURES, runningFunctions } from './edge/process-figures';
import {
  ANY_PORTS,
  type Environment,
  edgepass,
  environmentOf,
  type RunningDev,
  run,
  startDev,
  temporaryFolder,
} from './run-local';

async function bootDev(dataDir: string, ...args: string[]): Promise<{ dev: RunningDev; environment: Environment }> {
  const dev = await startDev('--data-dir', dataDir, ...args);
  onTestFinished(async () => {
    dev.process.kill('SIGKILL');
    await dev.ended;
  });
  return { dev, environment: await environmentOf(dataDir) };
}

async function put(environment: Environment, Key: string, Body: string): Promise<void> {
  const s3 = s3Client(environment);
  await s3.send(new PutObjectCommand({ Bucket: environment.EDGEPASS_BUCKET, Key, Body }));
  s3.destroy();
}

async function read(environment: Environment, Key: string): Promise<string | undefined> {
  const s3 = s3Client(environment);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: environment.EDGEPASS_BUCKET, Key }));
  const text = await Body?.transformToString();
  s3.destroy();
  return text;
}

describe('a local runtime that is stopped and started again', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('by %s ends cleanly and is the same local runtime', async (signal) => {
    const dataDir = temporaryFolder();
    const first = await bootDev(dataDir, ...ANY_PORTS);
    await put(first.environment, 'kept.txt', 'kept');
    const link = await signedUrl(first.environment, 'kept.txt');
    first.dev.process.kill(signal);
    expect(await first.dev.ended).toBe(0);
    await expect(fetch(link)).rejects.toThrow();

    const second = await bootDev(dataDir);
    expect(second.environment).toEqual(first.environment);
    expect((await listObjects(second.environment)).map(({ Key }) => Key)).toEqual(['kept.txt']);
    expect(await (await fetch(link)).text()).toBe('kept');
    const keyPairId = (url: string): string | null => new URL(url).searchParams.get('Key-Pair-Id');
    expect(keyPairId(await signedUrl(second.environment, 'kept.txt'))).toBe(keyPairId(link));
  });

  it('lends the roles of its functions: the lister may list and nothing else', async () => {
    const dataDir = temporaryFolder();
    const { environment } = await bootDev(dataDir, ...ANY_PORTS);
    const { stdout } = await edgepass('env', '--as', 'lister', '--json', '--data-dir', dataDir);
    const variables = JSON.parse(stdout) as Environment & { AWS_SESSION_TOKEN: string };
    const { AWS_SESSION_TOKEN: sessionToken } = variables;
    const s3 = new S3Client({
      region: variables.AWS_REGION,
      endpoint: variables.AWS_ENDPOINT_URL,
      credentials: {
        accessKeyId: variables.AWS_ACCESS_KEY_ID,
        secretAccessKey: variables.AWS_SECRET_ACCESS_KEY,
        sessionToken,
      },
    });
    onTestFinished(() => s3.destroy());
    const Bucket = environment.EDGEPASS_BUCKET;
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' }))).rejects.toThrow(
      /assumed-role\/.*Lister.* is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::.*\/a"/,
    );
    const unknown = await edgepass('env', '--as', 'nobody', '--data-dir', dataDir);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('lister')]);
  });

  it('after kill -9 in the middle of an upload has the old object whole', async () => {
    const dataDir = temporaryFolder();
    const { dev, environment } = await bootDev(dataDir, ...ANY_PORTS);
    await put(environment, 'file', 'the old object');
    const s3 = s3Client(environment);
    const command = new PutObjectCommand({ Bucket: environment.EDGEPASS_BUCKET, Key: 'file' });
    const target = await getSignedUrl(s3, command, { unhoistableHeaders: new Set() });
    s3.destroy();
    const upload = request(target, { method: 'PUT', headers: { 'content-length': 64 * 1024 * 1024 } });
    upload.on('error', () => {});
    for (let sent = 0; sent < 8; sent++)
      await new Promise((resolve) => upload.write(randomBytes(1024 * 1024), resolve));
    dev.process.kill('SIGKILL');
    await dev.ended;
    upload.destroy();

    const again = await bootDev(dataDir);
    expect(await read(again.environment, 'file')).toBe('the old object');
    expect((await listObjects(again.environment)).map(({ Key, Size }) => [Key, Size])).toEqual([['file', 14]]);
  });
});

describe('edgepass env', () => {
  it('says what to do when no local runtime runs', async () => {
    const { code, stdout, stderr } = await edgepass('env', '--data-dir', join(temporaryFolder(), 'none'));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('npm start');
  });

  it('prints exports that a shell evaluates to what --json prints', async () => {
    const dataDir = temporaryFolder();
    const { environment } = await bootDev(dataDir, ...ANY_PORTS);
    const { stdout } = await edgepass('env', '--data-dir', dataDir);
    const shell = await run('bash', ['-c', `eval "$1"; env -0`, 'bash', stdout], { PATH: process.env.PATH });
    const seen = Object.fromEntries(shell.stdout.split('\0').map((line) => line.split(/=(.*)/s).slice(0, 2)));
    expect(seen).toMatchObject(environment);
    expect(environment).toMatchObject({
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^AKIA[0-9A-Z]{16}$/),
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      EDGEPASS_BUCKET: expect.stringMatching(/^[a-z0-9-]{3,63}$/),
      EDGEPASS_API_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1\/$/),
      EDGEPASS_API_KEY: expect.stringMatching(/^[A-Za-z0-9]{20,}$/),
      EDGEPASS_DISTRIBUTION_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
  });

  it('picks one of several local runtimes, and notices one that was killed', async () => {
    const [one, other] = [temporaryFolder(), temporaryFolder()];
    const first = await bootDev(one, ...ANY_PORTS);
    const second = await bootDev(other, ...ANY_PORTS);
    expect(first.environment.EDGEPASS_BUCKET).not.toBe(second.environment.EDGEPASS_BUCKET);
    first.dev.process.kill('SIGKILL');
    await first.dev.ended;
    expect((await edgepass('env', '--data-dir', one)).code).toBe(1);
    expect(await environmentOf(other)).toEqual(second.environment);
  });
});

describe('edgepass dev', () => {
  it('says where the web page is, and writes the outputs as the CDK CLI does', async () => {
    const dataDir = temporaryFolder();
    const file = join(dataDir, 'outputs.json');
    const { dev, environment } = await bootDev(dataDir, ...ANY_PORTS, '--outputs-file', file);
    expect(dev.printed()).toContain(`web page      ${environment.EDGEPASS_DISTRIBUTION_URL}/_app/\n`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      Edgepass: {
        ApiKeyId: expect.stringMatching(/^[a-z0-9]{10}$/),
        BucketName: environment.EDGEPASS_BUCKET,
        DistributionDomainName: new URL(environment.EDGEPASS_DISTRIBUTION_URL).host,
        KeyPairId: expect.stringMatching(/^K[A-Z0-9]{13}$/),
        KeysFunction: expect.stringContaining('SigningKeyKeeper'),
        RestApiUrl: environment.EDGEPASS_API_URL,
        SigningKeyParameter: '/edgepass/Edgepass/PrivateContent/signing-key',
        SiteUrl: `${environment.EDGEPASS_DISTRIBUTION_URL}/_app/`,
      },
    });
  });

  it.skipIf(!HAS_FIGURES)(
    'has processes of the API’s first functions ready, as many as there are processors, at most four',
    async () => {
      const dataDir = temporaryFolder();
      const first = await bootDev(dataDir, ...ANY_PORTS);
      first.dev.process.kill('SIGTERM');
      await first.dev.ended;
      const { dev } = await bootDev(dataDir);
      // The function that keeps the keys runs by its schedule, soon after.
      const prepared = (): string[] =>
        runningFunctions(dev.process.pid ?? 0).filter((name) => !name.includes('SigningKeyKeeper'));
      const firstOfTemplate = ['Lister', 'Signer', 'Explainer', 'Describer'].slice(
        0,
        Math.min(availableParallelism(), 4),
      );
      const names = firstOfTemplate.map((name) => expect.stringContaining(`Api${name}Function`));
      await expect.poll(() => prepared().sort(), { timeout: 50_000 }).toEqual(expect.arrayContaining(names));
      expect(prepared()).toHaveLength(names.length);
    },
  );

  it('refuses a second local runtime on the same folder and names the first', async () => {
    const dataDir = temporaryFolder();
    const { dev, environment } = await bootDev(dataDir, ...ANY_PORTS);
    const second = await edgepass('dev', '--data-dir', dataDir);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`process ${dev.process.pid}`);
    expect(await environmentOf(dataDir)).toEqual(environment);
  });

  it('says which process holds a port that is taken', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void holder.close());
    const { port } = holder.address() as { port: number };
    const dataDir = temporaryFolder();
    const ports = ['--port', '0', '--distribution-port', '0', '--api-port', String(port)];
    const { code, stderr } = await edgepass('dev', '--data-dir', dataDir, ...ports);
    expect(code).toBe(1);
    expect(stderr).toContain(`port ${port} is taken by`);
    expect(stderr).toContain(`(pid ${process.pid})`);
    expect(stderr).toContain('--api-port');
    expect(existsSync(join(dataDir, 'running.json'))).toBe(false);
  });

  it.each([
    ['a word as port', ['--port', 'http'], 'http'],
    ['a port beyond the last', ['--port', '65536'], '65536'],
    ['an unknown option', ['--prot', '1'], '--prot'],
    ['a folder that is no assembly', ['--app', 'nowhere', ...ANY_PORTS], 'manifest.json'],
  ])('refuses %s and says so', async (_title, args, named) => {
    const { code, stderr } = await edgepass('dev', '--data-dir', temporaryFolder(), ...args);
    expect(code).toBe(1);
    expect(stderr).toContain(named);
  });
});
