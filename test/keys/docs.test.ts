/** docs/keys.md, run: its function, its shell lines, and what it says of the parameters. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { App, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { createSigner } from 'edgepass';
import { PrivateContent } from 'edgepass/cdk';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Client } from '../clients';
import { run, temporaryFolder } from '../run-local';
import { bootKeysOf, type LocalKeys, MINUTE_MS } from './local-keys';

const root = join(__dirname, '..', '..');
const guide = readFileSync(join(root, 'docs', 'keys.md'), 'utf8');
const [, application = ''] = /^```js\n(.*?)^```/ms.exec(guide) ?? [];
const PROPAGATION_MS = 10 * MINUTE_MS;

let local: LocalKeys;
const folder = temporaryFolder(afterAll);

beforeAll(async () => {
  local = await bootKeysOf(folder, await synthesizeWithLinker());
  const s3 = s3Client(local.environment);
  await s3.send(new PutObjectCommand({ Bucket: local.environment.EDGEPASS_BUCKET, Key: 'a.txt', Body: 'hello' }));
  s3.destroy();
});
afterAll(() => local?.close());

/** The page's function, bundled as NodejsFunction does, beside the content that it signs for. */
async function synthesizeWithLinker(): Promise<string> {
  const code = join(folder, 'linker');
  mkdirSync(code);
  await build({
    stdin: { contents: application, resolveDir: root },
    outfile: join(code, 'index.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  const app = new App({ analyticsReporting: false, outdir: join(folder, 'assembly') });
  const stack = new Stack(app, 'Edgepass');
  const content = new PrivateContent(stack, 'PrivateContent');
  const options = { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromAsset(code) };
  for (const id of ['Linker', 'Stranger']) {
    const linker = new LambdaFunction(stack, id, options);
    linker.addEnvironment('SIGNING_KEY_PARAMETER', content.signingKeyParameterName);
    if (id === 'Linker') content.grantSign(linker);
  }
  return app.synth().directory;
}

const sign = async (): Promise<string> => String(await local.invoke('Linker', { key: 'a.txt' }));
const keyPairIdOf = (url: string): string => new URL(url).searchParams.get('Key-Pair-Id') ?? '';
const open = async (url: string): Promise<string> => {
  const answer = await fetch(url);
  return `${answer.status} ${await answer.text()}`;
};

describe("the keys' page", () => {
  it('the function of the page signs with its grant, and through a rotation with the key whose time it is', async () => {
    expect(await local.invoke('Stranger', { key: 'a.txt' })).toMatchObject({ errorType: 'AccessDeniedException' });
    const first = await sign();
    expect(await open(first)).toBe('200 hello');
    const { keys } = await local.keys({ operation: 'Rotate' });
    const seen: string[] = [];
    for (let passed = 0; passed <= PROPAGATION_MS + MINUTE_MS; passed += MINUTE_MS) {
      const url = await sign();
      expect(await open(url)).toBe('200 hello');
      seen.push(keyPairIdOf(url));
      local.pass(MINUTE_MS);
    }
    const next = keys[0]?.keyPairId ?? '';
    const after = seen.indexOf(next);
    expect(after).toBe(PROPAGATION_MS / MINUTE_MS);
    expect(seen).toEqual(seen.map((_id, at) => (at < after ? keyPairIdOf(first) : next)));
    expect(await open(first)).toBe('200 hello');
  });

  it('openssl and createSigner read the parameter with one key; with two openssl reads the first, createSigner refuses', async () => {
    await local.keys({ operation: 'RotateNow' });
    const [known] = (await publicKeys()).keys;
    const one = await local.parameter('signing-key');
    expect(await derivePublicKey(one)).toBe(known?.publicKey);
    expect(createSigner({ keyPairId: 'K1', privateKey: one }).keyPairId).toBe('K1');
    await local.keys({ operation: 'Rotate' });
    const two = await local.parameter('signing-key');
    expect(two.match(/^Key-Pair-Id: /gm)).toHaveLength(2);
    expect(await derivePublicKey(two)).toBe(known?.publicKey);
    expect(() => createSigner({ keyPairId: 'K1', privateKey: two })).toThrow(
      expect.objectContaining({ code: 'ERR_PEM_INVALID' }),
    );
  });

  it('the parameter looks as the page shows it, and the one with the public keys holds no private one', async () => {
    const [, shown = ''] = /^```\n(Key-Pair-Id.*?)^```/ms.exec(guide) ?? [];
    await local.keys({ operation: 'RotateNow' });
    const withoutContent = (text: string): string[] =>
      text
        .split('\n')
        .filter((line) => /[:-]/.test(line))
        .map((line) => line.replace(/: .*/, ':'));
    expect(withoutContent(await local.parameter('signing-key'))).toEqual(withoutContent(shown));
    expect(JSON.stringify(await publicKeys())).not.toContain('PRIVATE');
  });
});

const publicKeys = async (): Promise<{ keys: { publicKey: string }[] }> =>
  JSON.parse(await local.parameter('public-keys')) as { keys: { publicKey: string }[] };

async function derivePublicKey(pem: string): Promise<string> {
  const file = join(folder, 'key.pem');
  writeFileSync(file, pem, { mode: 0o600 });
  const { code, stdout, stderr } = await run('openssl', ['pkey', '-in', file, '-pubout']);
  expect(code, stderr).toBe(0);
  return stdout;
}
