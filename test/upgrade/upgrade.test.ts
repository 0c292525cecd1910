import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type LocalRuntime, startLocal } from 'edgepass/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postUrls, s3Client } from '../clients';
import { type Environment, READY_MADE_ASSEMBLY, type Template, temporaryFolder } from '../run-local';

const RELEASES = join(__dirname, 'releases');
const releases = readdirSync(RELEASES).map((file) => basename(file, '.tar.gz'));

/** Replaced, they lose what they hold, or what others were told of them. */
const HOLDING = [
  'AWS::S3::Bucket',
  'AWS::CloudFront::Distribution',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::ApiKey',
  'Custom::EdgepassSigningKeys',
];

const templateOf = (assembly: string): Template =>
  JSON.parse(readFileSync(join(assembly, 'Edgepass.template.json'), 'utf8')) as Template;

describe('an upgrade', () => {
  it('there is a release to upgrade from', () => expect(releases).not.toEqual([]));
});

describe.each(releases)('from %s', (release) => {
  const folder = temporaryFolder(afterAll);
  const former = join(folder, 'former');
  let present: string;
  beforeAll(async () => {
    mkdirSync(former);
    const { status } = spawnSync('tar', ['-xzf', join(RELEASES, `${release}.tar.gz`), '-C', former]);
    expect(status).toBe(0);
    present = READY_MADE_ASSEMBLY;
  });

  it('keeps the logical id of everything that holds something', () => {
    const [before, after] = [templateOf(former).Resources, templateOf(present).Resources];
    const holding = Object.entries(before).filter(([, { Type }]) => HOLDING.includes(Type));
    expect(new Set(holding.map(([, { Type }]) => Type))).toEqual(new Set(HOLDING));
    for (const [logicalId, { Type }] of holding) expect(after[logicalId]?.Type).toBe(Type);
  });

  it('keeps bucket, files, API key, signing keys and links, in the local runtime', async () => {
    const boot = (assembly: string): Promise<LocalRuntime> =>
      startLocal({ dataDir: join(folder, 'data'), assembly, ports: { aws: 0, api: 0, distribution: 0 } });
    const sign = async ({ environment }: LocalRuntime): Promise<string> => {
      const answer = await postUrls(environment as unknown as Environment, { file: 'a.txt' });
      return ((await answer.json()) as { signedUrl: string }).signedUrl;
    };
    const keyOf = (url: string): string | null => new URL(url).searchParams.get('Key-Pair-Id');

    const old = await boot(former);
    const environment = old.environment as unknown as Environment;
    const s3 = s3Client(environment);
    await s3.send(new PutObjectCommand({ Bucket: environment.EDGEPASS_BUCKET, Key: 'a.txt', Body: 'from before' }));
    s3.destroy();
    const link = await sign(old);
    await old.close();

    const local = await boot(present);
    try {
      // Address, credentials, bucket and API key among them.
      expect(local.environment).toEqual(old.environment);
      expect(await (await fetch(link)).text()).toBe('from before');
      const another = await sign(local);
      expect(keyOf(another)).toBe(keyOf(link));
      expect((await fetch(another)).status).toBe(200);
    } finally {
      await local.close();
    }
  });
});
