import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { signUrl } from 'edgepass';
import { type LocalRuntime, startLocal } from 'edgepass/local';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bootApi, synthesizeApi } from './api/boot-api';
import { listObjects, postUrls, s3Client, signedUrl } from './clients';
import { readPrivateKey } from './edge/boot-edge';
import { hasChromium, launchChromium, SLOW_MACHINE_MS } from './edge/browser';
import { changedAssembly, type Environment, READY_MADE_ASSEMBLY, temporaryFolder } from './run-local';

interface Policy {
  readonly Statement?: { Condition?: object }[];
}

interface StackResource {
  readonly properties: { readonly Environment?: { readonly Variables: Readonly<Record<string, string>> } };
}

const MISSING_KEY = '<Code>MissingKey</Code>';

let assembly: string;
const folder = temporaryFolder(afterAll);
let local: LocalRuntime;
let environment: Environment;
let url: string;

beforeAll(async () => {
  assembly = READY_MADE_ASSEMBLY;
  local = await startLocal({ dataDir: join(folder, 'data'), assembly, ports: { aws: 0, api: 0, distribution: 0 } });
  environment = local.environment as unknown as Environment;
  url = environment.EDGEPASS_DISTRIBUTION_URL;
});
afterAll(() => local?.close());

/** What a viewer gets who has no signature. */
async function get(path: string, init: RequestInit = {}): Promise<[status: number, body: string, headers: Headers]> {
  const answer = await fetch(`${url}${path}`, init);
  return [answer.status, await answer.text(), answer.headers];
}

async function siteBucket(): Promise<string> {
  const s3 = s3Client(environment);
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  s3.destroy();
  const others = Buckets.map(({ Name = '' }) => Name).filter((name) => name !== environment.EDGEPASS_BUCKET);
  expect(others).toHaveLength(1);
  return others[0] ?? '';
}

/** An S3 client with the credentials of a function's role, as `edgepass env --as` has them. */
function clientAs(role: string): S3Client {
  const { roles } = JSON.parse(readFileSync(join(folder, 'data', 'running.json'), 'utf8'));
  const s3 = new S3Client({
    region: environment.AWS_REGION,
    endpoint: environment.AWS_ENDPOINT_URL,
    credentials: {
      accessKeyId: roles[role].AWS_ACCESS_KEY_ID,
      secretAccessKey: roles[role].AWS_SECRET_ACCESS_KEY,
      sessionToken: roles[role].AWS_SESSION_TOKEN,
    },
  });
  onTestFinished(() => s3.destroy());
  return s3;
}

/** What the signing function reads its key from. */
function signingKeyParameter(): string {
  const resources = Object.entries<StackResource>(JSON.parse(readFileSync(join(folder, 'data', 'stack.json'), 'utf8')));
  const [, signer] = resources.find(([id]) => id.startsWith('PrivateContentApiSignerFunction')) ?? [];
  return signer?.properties.Environment?.Variables.SIGNING_KEY_PARAMETER ?? '';
}

async function put(Key: string, Body: string): Promise<void> {
  const s3 = s3Client(environment);
  await s3.send(new PutObjectCommand({ Bucket: environment.EDGEPASS_BUCKET, Key, Body }));
  s3.destroy();
}

describe('the page of the ready-made stack', () => {
  it('is at /_app/, without a signature, and is what the output SiteUrl leads to', async () => {
    const page = readFileSync(join(__dirname, '..', 'src', 'web', 'index.html'), 'utf8');
    expect(local.outputs.SiteUrl).toBe(`${url}/_app/`);
    for (const path of ['/_app/', '/_app/index.html', '/_app/?utm=1']) {
      const [status, body, headers] = await get(path);
      expect([path, status, headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8']);
      expect(body).toBe(page);
    }
  });

  it('leads nowhere that does not answer', async () => {
    const [, page] = await get('/_app/');
    const targets = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, target = '']) => target);
    expect(targets).toEqual(expect.arrayContaining(['/_api/openapi.json', '/_api/health']));
    for (const target of targets) expect([target, (await get(target))[0]]).toEqual([target, 200]);
  });

  it('tells browsers what they may do with it, also where there is no such file', async () => {
    for (const path of ['/_app/', '/_app/page.css', '/_app/none.js']) {
      const [, , headers] = await get(path);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.stringMatching(
          /^default-src 'self'; connect-src .*; frame-ancestors 'none'$/,
        ),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=31536000',
      });
    }
  });

  it('is asked for again each time, which costs nothing when it is the same', async () => {
    const [, , headers] = await get('/_app/');
    expect(headers.get('cache-control')).toBe('no-cache');
    const again = await get('/_app/', { headers: { 'If-None-Match': headers.get('etag') ?? '' } });
    expect(again.slice(0, 2)).toEqual([304, '']);
  });

  it('is read, and not written', async () => {
    expect((await get('/_app/', { method: 'HEAD' })).slice(0, 2)).toEqual([200, '']);
    for (const method of ['PUT', 'POST', 'DELETE']) expect((await get('/_app/index.html', { method }))[0]).toBe(403);
    expect((await get('/_app/'))[0]).toBe(200);
  });

  it('opens nothing else: every other path needs a signature', async () => {
    await put('index.html', 'a person’s own');
    for (const path of ['/', '/index.html', '/_app', '/_appendix', '/_App/', '/x/_app/'])
      expect([path, ...(await get(path)).slice(0, 2)]).toEqual([path, 403, expect.stringContaining(MISSING_KEY)]);
  });
});

describe('the two buckets', () => {
  it('are listed apart: people’s files only', async () => {
    await put('report.txt', 'report');
    const listed = (await listObjects(environment)).map(({ Key }) => Key);
    expect(listed).toContain('report.txt');
    expect(listed.filter((key) => key.startsWith('_app'))).toEqual([]);
  });

  it('do not mix: an object _app/x among people’s files is served to nobody, with a signature neither', async () => {
    await put('_app/x', 'an impostor');
    await put('_app/index.html', 'an impostor');
    const refused = await postUrls(environment, { file: '_app/x' });
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'ERR_KEY_RESERVED' }),
    ]);
    const privateKey = await readPrivateKey(
      {
        region: environment.AWS_REGION,
        endpoint: environment.AWS_ENDPOINT_URL,
        credentials: {
          accessKeyId: environment.AWS_ACCESS_KEY_ID,
          secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
        },
      },
      signingKeyParameter(),
    );
    const sign = (path: string): string =>
      signUrl(`${url}${path}`, { keyPairId: local.outputs.KeyPairId ?? '', privateKey, expiresIn: 60 });
    await put('report.txt', 'report');
    expect((await fetch(sign('/report.txt'))).status).toBe(200);
    for (const target of [`${url}/_app/x`, sign('/_app/x')]) {
      const answer = await fetch(target);
      expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
    }
    expect(await (await fetch(sign('/_app/index.html'))).text()).not.toContain('impostor');
  });

  it('are closed: that of the site answers the distribution alone', async () => {
    const Bucket = await siteBucket();
    const direct = await fetch(`${environment.AWS_ENDPOINT_URL}/${Bucket}/_app/index.html`);
    expect([direct.status, await direct.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
    for (const role of ['lister', 'signer', 'uploader']) {
      const s3 = clientAs(role);
      for (const command of [
        new GetObjectCommand({ Bucket, Key: '_app/index.html' }),
        new PutObjectCommand({ Bucket, Key: '_app/index.html', Body: 'defaced' }),
      ])
        await expect(s3.send(command as GetObjectCommand)).rejects.toMatchObject({ name: 'AccessDenied' });
      await expect(s3.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({ name: 'AccessDenied' });
    }
  });

  it('have functions of their own: that of the site reaches no file of anybody', async () => {
    const s3 = clientAs('deployer');
    const Bucket = environment.EDGEPASS_BUCKET;
    for (const command of [
      new GetObjectCommand({ Bucket, Key: 'report.txt' }),
      new PutObjectCommand({ Bucket, Key: '_app/x', Body: '' }),
      new ListObjectsV2Command({ Bucket }),
      new PutObjectCommand({ Bucket: await siteBucket(), Key: 'beside/_app/', Body: '' }),
    ])
      await expect(s3.send(command as GetObjectCommand)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('know the one distribution: the site’s does not answer when its policy names another', async () => {
    const elsewhere = temporaryFolder();
    const other = await startLocal({
      dataDir: join(elsewhere, 'data'),
      assembly: changedAssembly(assembly, join(elsewhere, 'assembly'), ({ Resources }) => {
        const id = Object.keys(Resources).find((each) => each.startsWith('PrivateContentSiteBucketPolicy')) ?? '';
        const { Statement = [] } = (Resources[id]?.Properties?.PolicyDocument ?? {}) as Policy;
        const [reads] = Statement.filter(({ Condition = {} }) => 'StringEquals' in Condition);
        const another = 'arn:aws:cloudfront::000000000000:distribution/E2EXAMPLE';
        Object.assign(reads ?? {}, { Condition: { StringEquals: { 'AWS:SourceArn': another } } });
      }),
      ports: { aws: 0, api: 0, distribution: 0 },
    });
    onTestFinished(() => other.close());
    const answer = await fetch(`${other.environment.EDGEPASS_DISTRIBUTION_URL}/_app/`);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
  });
});

type Files = Readonly<Record<string, string>>;

/** An assembly whose site has these files, and no others. */
function assemblyWith(root: string, name: string, files: Files): string {
  const site = join(root, name, 'site');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, path), text);
  }
  return synthesizeApi(join(root, name), { site, uploads: {} });
}

describe('a site that changes', () => {
  it('is replaced by the next deployment, file by file, and people’s files and links are as before', async () => {
    const root = temporaryFolder();
    const first = await bootApi(
      root,
      assemblyWith(root, 'one', { 'index.html': 'old', 'old.txt': 'a', 'kept.txt': 'b' }),
    );
    const page = (): Promise<string> => at('/_app/');
    const distribution = first.environment.EDGEPASS_DISTRIBUTION_URL;
    const at = async (path: string): Promise<string> => {
      const answer = await fetch(`${distribution}${path}`);
      return answer.ok ? answer.text() : String(answer.status);
    };
    await first.client.upload('report.txt', new TextEncoder().encode('report'));
    const link = await signedUrl(first.environment, 'report.txt');
    expect([await page(), await at('/_app/old.txt'), await at('/_app/kept.txt')]).toEqual(['old', 'a', 'b']);
    await first.close();
    // The files are in the bucket; the folder they came from is needed no more.
    rmSync(join(root, 'one'), { recursive: true });

    const two = assemblyWith(root, 'two', { 'index.html': 'new', 'new.txt': 'c', 'kept.txt': 'b' });
    const second = await bootApi(root, two);
    expect([await page(), await at('/_app/new.txt'), await at('/_app/kept.txt')]).toEqual(['new', 'c', 'b']);
    expect(await at('/_app/old.txt')).toBe('403');
    expect(await (await fetch(link)).text()).toBe('report');
    expect((await listObjects(second.environment)).map(({ Key }) => Key)).toEqual(['report.txt']);
    const modified = async (): Promise<string | null> =>
      (await fetch(`${distribution}/_app/`)).headers.get('last-modified');
    const before = await modified();
    await second.close();

    // What has not changed is not deployed again; dates are whole seconds.
    await expect.poll(() => Date.now()).toBeGreaterThan(Date.parse(before ?? '') + 1000);
    const third = await bootApi(root, two);
    expect([await page(), await modified()]).toEqual(['new', before]);
    await third.close();
  });
});

describe('a site that leaves', () => {
  it('a site that leaves the stack opens nothing any more, and takes nothing of people’s files with it', async () => {
    const root = temporaryFolder();
    const first = await bootApi(root, assemblyWith(root, 'one', { 'index.html': 'page' }));
    await first.client.upload('report.txt', new TextEncoder().encode('report'));
    await first.close();
    const warnings: string[] = [];
    const second = await startLocal({
      dataDir: first.dataDir,
      assembly: synthesizeApi(join(root, 'none'), {}),
      ports: { aws: 0, api: 0, distribution: 0 },
      warn: (message) => warnings.push(message),
    });
    onTestFinished(() => second.close());
    const answer = await fetch(`${second.environment.EDGEPASS_DISTRIBUTION_URL}/_app/`);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining(MISSING_KEY)]);
    expect((await listObjects(second.environment as unknown as Environment)).map(({ Key }) => Key)).toEqual([
      'report.txt',
    ]);
    // The old code is gone with the assembly, so the local runtime cannot run its deletion, and says what stays.
    expect(warnings).toEqual([
      expect.stringMatching(/SiteFiles.* has left the template and stays, .*Function not found/),
      expect.stringMatching(/SiteBucket.* has left the template and stays, .*BucketNotEmpty/),
    ]);
  });
});

describe.skipIf(!hasChromium)(
  'a page of the site, in Chromium (skipped without it)',
  { timeout: SLOW_MACHINE_MS },
  () => {
    it('uploads, lists and opens files with its own script, and runs no other', async () => {
      const root = temporaryFolder();
      const script = await build({
        stdin: {
          contents: `
          import { createClient } from 'edgepass/client';
          window.use = async (apiKey) => {
            const client = createClient({ url: location.origin + '/_api/', apiKey });
            await client.upload('from-page.txt', new Blob(['written by the page']));
            const { signedUrl } = await client.signUrl('from-page.txt');
            const listed = [];
            for await (const { Key } of client.listAll({})) listed.push(Key);
            return { listed, text: await (await fetch(signedUrl)).text() };
          };`,
          resolveDir: join(__dirname, '..'),
        },
        bundle: true,
        write: false,
        format: 'esm',
        platform: 'browser',
      });
      const html = `<!doctype html><title>page</title><script>window.inline = true</script>
      <script type="module" src="/_app/page.js"></script>`;
      const api = await bootApi(
        root,
        assemblyWith(root, 'one', { 'index.html': html, 'page.js': script.outputFiles[0]?.text ?? '' }),
      );
      const browser = await launchChromium();
      try {
        const page = await browser.newPage();
        await page.goto(`${api.environment.EDGEPASS_DISTRIBUTION_URL}/_app/`);
        await page.waitForFunction('window.use');
        expect(await page.evaluate('window.inline')).toBeUndefined();
        expect(await page.evaluate(`window.use(${JSON.stringify(api.environment.EDGEPASS_API_KEY)})`)).toEqual({
          listed: ['from-page.txt'],
          text: 'written by the page',
        });
      } finally {
        await browser.close();
        await api.close();
      }
    });
  },
);
