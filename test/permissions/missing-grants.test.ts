import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type LocalRuntime, startLocal } from 'edgepass/local';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { callApi, postUrls, s3Client, signedUrl } from '../clients';
import { changedAssembly, type Environment, READY_MADE_ASSEMBLY, type Template, temporaryFolder } from '../run-local';

let assembly: string;
beforeAll(async () => {
  assembly = READY_MADE_ASSEMBLY;
});

async function bootChanged(change: (template: Template) => void): Promise<Environment> {
  const folder = temporaryFolder();
  const local: LocalRuntime = await startLocal({
    dataDir: join(folder, 'data'),
    assembly: changedAssembly(assembly, join(folder, 'assembly'), change),
    ports: { aws: 0, api: 0, distribution: 0 },
  });
  onTestFinished(() => local.close());
  return local.environment as unknown as Environment;
}

/** Removes the grants of one action from every role, as an author who forgot them would. */
const without =
  (action: string, ofRole: RegExp) =>
  (template: Template): void => {
    let removed = 0;
    for (const [logicalId, resource] of Object.entries(template.Resources)) {
      if (resource.Type !== 'AWS::IAM::Role' || !ofRole.test(logicalId)) continue;
      const properties = resource.Properties as {
        Policies?: { PolicyDocument: { Statement: { Action: unknown }[] } }[];
      };
      const before = properties.Policies ?? [];
      properties.Policies = before.filter(({ PolicyDocument }) => PolicyDocument.Statement[0]?.Action !== action);
      removed += before.length - properties.Policies.length;
    }
    expect(removed).toBe(1);
  };

function bucketPolicyOf({ Resources }: Template): [logicalId: string, resource: Template['Resources'][string]] {
  const found = Object.entries(Resources).find(([id]) => id.startsWith('PrivateContentBucketPolicy'));
  if (!found) throw new Error('there is no bucket policy');
  return found;
}

describe('a missing grant', () => {
  it('without the lister’s s3:ListBucket, listing fails with AWS’s AccessDenied', async () => {
    const environment = await bootChanged(without('s3:ListBucket', /Lister/));
    const answer = await callApi(environment, 's3objects');
    expect([answer.status, await answer.json()]).toEqual([
      502,
      expect.objectContaining({
        code: 'AccessDenied',
        detail: expect.stringMatching(
          /^User: arn:aws:sts::\d+:assumed-role\/.* is not authorized to perform: s3:ListBucket on resource/,
        ),
      }),
    ]);
    expect((await postUrls(environment, { file: 'a' })).status).toBe(201);
  });

  it('without the signer’s grant on its parameter, signing fails with AWS’s AccessDeniedException', async () => {
    const environment = await bootChanged(without('ssm:GetParameter', /Signer/));
    const answer = await postUrls(environment, { file: 'a' });
    expect([answer.status, await answer.json()]).toEqual([
      502,
      expect.objectContaining({
        code: 'AccessDeniedException',
        detail: expect.stringContaining('is not authorized to perform: ssm:GetParameter on resource'),
      }),
    ]);
    expect((await callApi(environment, 's3objects')).status).toBe(200);
  });

  it.each<[string, (template: Template) => void]>([
    ['without the bucket policy', (template) => delete template.Resources[bucketPolicyOf(template)[0]]],
    [
      'where the bucket policy names another distribution',
      (template) => {
        const [, policy] = bucketPolicyOf(template);
        const text = JSON.stringify(policy.Properties);
        const changed = text.replace(':distribution/', ':distribution/E0OTHER');
        expect(changed).not.toBe(text);
        policy.Properties = JSON.parse(changed);
      },
    ],
  ])('%s, a signed URL gets S3’s AccessDenied', async (_, change) => {
    const environment = await bootChanged(change);
    const s3 = s3Client(environment);
    onTestFinished(() => s3.destroy());
    await s3.send(new PutObjectCommand({ Bucket: environment.EDGEPASS_BUCKET, Key: 'a', Body: 'a' }));
    const answer = await fetch(await signedUrl(environment, 'a'));
    const body = await answer.text();
    expect([answer.status, answer.headers.get('server'), answer.headers.get('content-type')]).toEqual([
      403,
      'AmazonS3',
      'application/xml',
    ]);
    expect(body).toContain('<Code>AccessDenied</Code>');
    expect(body).toContain('<RequestId>');
  });

  it('without API Gateway’s permission to invoke the lister, listing fails with its 500', async () => {
    const environment = await bootChanged((template) => {
      for (const [logicalId, { Type }] of Object.entries(template.Resources)) {
        if (Type === 'AWS::Lambda::Permission' && /s3objects/.test(logicalId)) delete template.Resources[logicalId];
      }
    });
    expect((await callApi(environment, 's3objects')).status).toBe(500);
  });
});
