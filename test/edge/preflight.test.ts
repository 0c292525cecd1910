import { join } from 'node:path';
import { startLocal } from 'edgepass/local';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { signedUrl } from '../clients';
import { changedAssembly, type Environment, READY_MADE_ASSEMBLY, temporaryFolder } from '../run-local';

const CORS_S3_ORIGIN = '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf';

let assembly: string;
beforeAll(async () => {
  assembly = READY_MADE_ASSEMBLY;
});

describe('a preflight at the edge', () => {
  it('a behavior with OPTIONS passes a preflight on to the bucket, whose CORS rules answer; a signature is asked for it too', async () => {
    const folder = temporaryFolder();
    const changed = changedAssembly(assembly, join(folder, 'assembly'), ({ Resources }) => {
      for (const { Type, Properties } of Object.values(Resources)) {
        if (Type !== 'AWS::CloudFront::Distribution' || !Properties) continue;
        const { DefaultCacheBehavior } = Properties.DistributionConfig as { DefaultCacheBehavior: object };
        const AllowedMethods = ['GET', 'HEAD', 'OPTIONS'];
        Object.assign(DefaultCacheBehavior, { AllowedMethods, OriginRequestPolicyId: CORS_S3_ORIGIN });
      }
    });
    const ports = { aws: 0, api: 0, distribution: 0 };
    const local = await startLocal({ dataDir: join(folder, 'data'), assembly: changed, ports });
    onTestFinished(() => local.close());
    const environment = local.environment as unknown as Environment;
    const ask = (url: string, method: string): Promise<Response> =>
      fetch(url, { method: 'OPTIONS', headers: { origin: 'https://a.test', 'access-control-request-method': method } });

    const url = await signedUrl(environment, 'a.txt');
    const allowed = await ask(url, 'PUT');
    expect([allowed.status, allowed.headers.get('access-control-allow-methods')]).toEqual([200, 'PUT']);
    expect((await ask(url, 'DELETE')).status).toBe(403);
    expect(await (await ask(`${environment.EDGEPASS_DISTRIBUTION_URL}/a.txt`, 'PUT')).text()).toContain('MissingKey');
  });
});
