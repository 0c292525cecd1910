import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { App, Stack } from 'aws-cdk-lib';
import { PrivateContent } from 'edgepass/cdk';
import { startLocal } from 'edgepass/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { s3Client, signedUrl } from '../clients';
import { type Environment, temporaryFolder } from '../run-local';
import { maximumIn } from './contents';

/** Boots a stack with every property, and puts two objects into its bucket. */
async function boot(viewerCountry: string): Promise<{ environment: Environment; warnings: string[] }> {
  const folder = temporaryFolder();
  const app = new App({ analyticsReporting: false, outdir: join(folder, 'assembly') });
  const stack = new Stack(app, 'Edgepass');
  new PrivateContent(stack, 'PrivateContent', maximumIn(stack));
  const warnings: string[] = [];
  const local = await startLocal({
    dataDir: join(folder, 'data'),
    assembly: app.synth().directory,
    ports: { aws: 0, api: 0, distribution: 0 },
    viewerCountry,
    warn: (message) => warnings.push(message),
  });
  onTestFinished(() => local.close());
  const environment = local.environment as unknown as Environment;
  const s3 = s3Client(environment);
  onTestFinished(() => s3.destroy());
  for (const Key of ['public/a.txt', 'private.txt'])
    await s3.send(new PutObjectCommand({ Bucket: environment.EDGEPASS_BUCKET, Key, Body: Key }));
  return { environment, warnings };
}

const answerOf = async (url: string, init?: RequestInit): Promise<[number, string]> => {
  const answer = await fetch(url, init);
  return [answer.status, await answer.text()];
};

describe('a stack with every property, run locally', () => {
  it('a stack with every property serves public paths to anybody and the rest by links, which carry the local runtime’s own address', async () => {
    const { environment, warnings } = await boot('CH');
    expect(warnings).toEqual([expect.stringContaining('the local runtime has no web ACLs')]);
    const site = environment.EDGEPASS_DISTRIBUTION_URL;
    expect(await answerOf(`${site}/public/a.txt`)).toEqual([200, 'public/a.txt']);
    expect((await answerOf(`${site}/public/a.txt`, { method: 'PUT', body: 'x' }))[0]).toBe(403);
    expect(await answerOf(`${site}/private.txt`)).toEqual([403, expect.stringContaining('MissingKey')]);
    const link = await signedUrl(environment, 'private.txt');
    expect(link.startsWith(`${site}/private.txt?`)).toBe(true);
    expect(await answerOf(link)).toEqual([200, 'private.txt']);
    for (const url of [link, `${site}/public/a.txt`])
      expect((await fetch(url)).headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('refuses viewers of a country that geoRestriction leaves out, on public paths and with a link too', async () => {
    const { environment } = await boot('MC');
    const link = await signedUrl(environment, 'private.txt');
    for (const url of [link, `${environment.EDGEPASS_DISTRIBUTION_URL}/public/a.txt`])
      expect(await answerOf(url)).toEqual([403, expect.stringContaining('country')]);
  });
});
