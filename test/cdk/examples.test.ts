import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type Client, createClient } from 'edgepass/client';
import { startLocal } from 'edgepass/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { s3Client } from '../clients';
import { type Environment, edgepass, run, temporaryFolder } from '../run-local';

const EXAMPLES = join(__dirname, '..', '..', 'examples');

interface Example {
  /** What keys begin with that its callers may sign. */
  readonly prefix: string;
  readonly viewerCountry?: string;
  /** What the local runtime does not do of it. */
  readonly warnings?: string[];
  /** What its callers show. */
  clientOf(environment: Environment, dataDir: string): Promise<Client>;
}

const withApiKey: Example['clientOf'] = async ({ EDGEPASS_API_URL: url, EDGEPASS_API_KEY: apiKey }) =>
  createClient({ url, apiKey, retries: 0 });

async function withToken({ EDGEPASS_API_URL: url }: Environment, dataDir: string): Promise<Client> {
  const { stdout } = await edgepass('token', '--data-dir', dataDir, '--scope', 'list:team/ sign:team/');
  return createClient({ url, token: stdout.trim(), retries: 0 });
}

const TABLE: Readonly<Record<string, Example>> = {
  'in-an-existing-stack': { prefix: '', clientOf: withApiKey },
  'own-bucket-and-domain': {
    prefix: '',
    viewerCountry: 'CH',
    warnings: [
      expect.stringMatching(/^the local runtime does not simulate AWS::Route53::RecordSet: Record\w+ is skipped$/),
    ],
    clientOf: withApiKey,
  },
  'jwt-auth': { prefix: 'team/', clientOf: withToken },
};

/** Runs the example as a user does. */
async function synthesize(name: string, outdir: string): Promise<void> {
  const app = join(EXAMPLES, name, 'app.mjs');
  const { code, stderr } = await run(process.execPath, [app], { ...process.env, CDK_OUTDIR: outdir });
  expect([code, stderr]).toEqual([0, '']);
  // Where the CDK CLI reads what it prints of warnings.
  const metadata = readdirSync(outdir).filter((file) => file.endsWith('.metadata.json'));
  expect(metadata).toHaveLength(1);
  for (const file of metadata) expect(readFileSync(join(outdir, file), 'utf8')).not.toContain('[ack: edgepass:');
}

describe('the examples', () => {
  it('tests every example', () => {
    const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(TABLE).sort());
  });

  it.each(Object.entries(TABLE))(
    '%s synthesizes cleanly, boots locally and serves what it signs',
    async (name, example) => {
      const folder = temporaryFolder();
      const [assembly, dataDir] = [join(folder, 'assembly'), join(folder, 'data')];
      await synthesize(name, assembly);
      const warnings: string[] = [];
      const local = await startLocal({
        dataDir,
        assembly,
        ports: { aws: 0, api: 0, distribution: 0 },
        warn: (message) => warnings.push(message),
        ...(example.viewerCountry && { viewerCountry: example.viewerCountry }),
      });
      onTestFinished(() => local.close());
      expect(warnings).toEqual(example.warnings ?? []);

      const environment = local.environment as unknown as Environment;
      const s3 = s3Client(environment);
      onTestFinished(() => s3.destroy());
      const file = `${example.prefix}a.txt`;
      await s3.send(new PutObjectCommand({ Bucket: environment.EDGEPASS_BUCKET, Key: file, Body: 'hello' }));
      const client = await example.clientOf(environment, dataDir);
      const { items } = await client.list({ prefix: example.prefix });
      expect(items).toEqual([expect.objectContaining({ Key: file })]);
      const { signedUrl } = await client.signUrl(file);
      expect(await (await fetch(signedUrl)).text()).toBe('hello');
      expect((await fetch(`${environment.EDGEPASS_DISTRIBUTION_URL}/${file}`)).status).toBe(403);
    },
  );
});
