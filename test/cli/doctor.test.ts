/** `edgepass doctor` looks at local runtimes that really run, healthy ones and ones whose template was spoilt. */
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import {
  CloudFrontClient,
  CreatePublicKeyCommand,
  GetKeyGroupCommand,
  UpdateKeyGroupCommand,
} from '@aws-sdk/client-cloudfront';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { GetParameterCommand, type Parameter, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ApiAuth, type PrivateContentProps } from 'edgepass/cdk';
import { type LocalRuntime, startLocal } from 'edgepass/local';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bootApi, synthesizeApi } from '../api/boot-api';
import { awsConfig, s3Client } from '../clients';
import { bootKeys } from '../keys/local-keys';
import {
  bareEnvironment,
  changedAssembly,
  type Environment,
  edgepass,
  READY_MADE_ASSEMBLY,
  run,
  type Template,
  temporaryFolder,
} from '../run-local';

interface Report {
  readonly healthy: boolean;
  readonly findings: readonly { readonly code: string; readonly severity: string; readonly fix: string }[];
  readonly notChecked: readonly { readonly check: string; readonly reason: string }[];
}

interface Patient {
  readonly local: LocalRuntime;
  readonly dataDir: string;
}

const PUBLIC_KEYS = '/edgepass/Edgepass/PrivateContent/public-keys';

let assembly: string;
beforeAll(async () => {
  assembly = READY_MADE_ASSEMBLY;
});

/** A local runtime with a file to make links of, from the template as `change` leaves it. */
async function boot(change: (template: Template) => void = () => {}): Promise<Patient> {
  const folder = temporaryFolder();
  const dataDir = join(folder, 'data');
  const changed = changedAssembly(assembly, join(folder, 'assembly'), change);
  const local = await startLocal({ dataDir, assembly: changed, ports: { aws: 0, api: 0, distribution: 0 } });
  onTestFinished(() => local.close());
  const s3 = s3Client(local.environment as unknown as Environment);
  await s3.send(new PutObjectCommand({ Bucket: local.outputs.BucketName, Key: 'empty', Body: '' }));
  await s3.send(new PutObjectCommand({ Bucket: local.outputs.BucketName, Key: 'some file?', Body: 'hello' }));
  s3.destroy();
  return { local, dataDir };
}

const configOf = ({ local }: Patient) => awsConfig(local.environment as unknown as Environment);

async function parameterOf(patient: Patient): Promise<Parameter | undefined> {
  const ssm = new SSMClient(configOf(patient));
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: PUBLIC_KEYS })).finally(() => ssm.destroy());
  return Parameter;
}

/** Has the parameter with the public keys say something else. */
async function tellKeys(patient: Patient, keys: readonly object[]): Promise<void> {
  const ssm = new SSMClient(configOf(patient));
  const now = new Date().toISOString();
  const Value = JSON.stringify({ keys: keys.map((key) => ({ createdAt: now, signsFrom: now, ...key })) });
  await ssm.send(new PutParameterCommand({ Name: PUBLIC_KEYS, Value, Type: 'String', Overwrite: true }));
  ssm.destroy();
}

async function diagnose({ dataDir }: Patient, ...args: string[]): Promise<{ code: number | null; report: Report }> {
  const { code, stdout, stderr } = await edgepass('doctor', '--data-dir', dataDir, '--json', ...args);
  expect(stdout, stderr).not.toBe('');
  return { code, report: JSON.parse(stdout) as Report };
}

const codesOf = ({ findings }: Report): string[] => findings.map(({ code }) => code);

/** Properties of the resources of a type. */
const propertiesOf = (template: Template, type: string) =>
  Object.values(template.Resources).flatMap(({ Type, Properties }) =>
    // biome-ignore lint/suspicious/noExplicitAny: templates are edited at any depth
    Type === type && Properties ? [Properties as Record<string, any>] : [],
  );

const useIpv6 =
  (isOn: boolean) =>
  (template: Template): void => {
    for (const { DistributionConfig } of propertiesOf(template, 'AWS::CloudFront::Distribution'))
      DistributionConfig.IPV6Enabled = isOn;
  };

describe('edgepass doctor, of a local runtime', () => {
  it('finds a fresh stack healthy, every check made', async () => {
    const patient = await boot(useIpv6(false));
    const { code, report } = await diagnose(patient);
    expect(report.notChecked).toEqual([]);
    expect([code, report.healthy, codesOf(report)]).toEqual([0, true, []]);
    const text = await edgepass('doctor', '--data-dir', patient.dataDir);
    expect([text.code, text.stdout]).toEqual([0, expect.stringMatching(/\nhealthy\n$/)]);
    expect(text.stdout).toContain('ok           a link opens its file; altered or left unsigned it opens nothing');
  });

  it('calls a stack healthy of which it has something to tell', async () => {
    const { code, report } = await diagnose(await boot(useIpv6(true)));
    expect([code, report.healthy, codesOf(report)]).toEqual([0, true, ['IPV6_ENABLED']]);
  });

  it('finds nothing in the midst of a rotation', async () => {
    const local = await bootKeys(temporaryFolder());
    onTestFinished(() => local.close());
    const s3 = s3Client(local.environment);
    await s3.send(new PutObjectCommand({ Bucket: local.environment.EDGEPASS_BUCKET, Key: 'a.txt', Body: 'hello' }));
    s3.destroy();
    await local.keys({ operation: 'Rotate' });
    expect((await local.places()).group).toHaveLength(2);
    const { report } = await diagnose(local);
    expect([report.healthy, codesOf(report).filter((code) => code.includes('KEY'))]).toEqual([true, []]);
  });

  it('finds keys that the group and the parameter disagree about, and old ones', async () => {
    const patient = await boot();
    await tellKeys(patient, [
      { keyPairId: 'KNEW00000000' },
      {
        keyPairId: patient.local.outputs.KeyPairId,
        createdAt: '2020-01-01T00:00:00Z',
        signsFrom: '2020-01-01T00:00:00Z',
      },
    ]);
    const first = await diagnose(patient);
    expect([first.code, codesOf(first.report)]).toEqual([1, expect.arrayContaining(['KEY_NOT_IN_GROUP'])]);
    await tellKeys(patient, [
      {
        keyPairId: patient.local.outputs.KeyPairId,
        createdAt: '2020-01-01T00:00:00Z',
        signsFrom: '2020-01-01T00:00:00Z',
      },
    ]);
    const second = await diagnose(patient);
    expect([second.code, codesOf(second.report)]).toEqual([1, expect.arrayContaining(['KEY_OLD'])]);
    expect((await diagnose(patient, '--max-key-age', '36500')).code).toBe(0);
    await tellKeys(patient, [{ keyPairId: 'KOTHER0000000' }]);
    expect(codesOf((await diagnose(patient)).report)).toEqual(
      expect.arrayContaining(['KEY_NOT_IN_GROUP', 'KEY_UNKNOWN']),
    );
    await tellKeys(patient, [{ keyPairId: 7 }]);
    const blind = await diagnose(patient);
    expect([blind.code, blind.report.notChecked.map(({ reason }) => reason)]).toEqual([
      2,
      Array(2).fill(`the parameter ${PUBLIC_KEYS} does not hold what edgepass writes there`),
    ]);
  });

  it('finds a key group that somebody has changed, and the links that it refuses', async () => {
    const patient = await boot(useIpv6(false));
    const client = new CloudFrontClient(configOf(patient));
    const { Value = '' } = (await parameterOf(patient)) ?? {};
    const { keyGroupId: Id } = JSON.parse(Value) as { keyGroupId: string };
    const { publicKey: EncodedKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const theirs = { CallerReference: 'theirs', Name: 'theirs', EncodedKey };
    const { PublicKey } = await client.send(new CreatePublicKeyCommand({ PublicKeyConfig: theirs }));
    const { KeyGroup, ETag } = await client.send(new GetKeyGroupCommand({ Id }));
    const Items = [PublicKey?.Id ?? ''];
    const KeyGroupConfig = { Name: KeyGroup?.KeyGroupConfig?.Name, Items };
    await client.send(new UpdateKeyGroupCommand({ Id, IfMatch: ETag, KeyGroupConfig }));
    client.destroy();
    const { code, report } = await diagnose(patient);
    expect([code, codesOf(report)]).toEqual([1, ['KEY_NOT_IN_GROUP', 'KEY_UNKNOWN', 'LINK_REFUSED']]);
    expect(JSON.stringify(report)).toContain('by CloudFront');
  });

  it('finds a distribution that serves anybody, by plain HTTP', async () => {
    const patient = await boot((template) => {
      for (const { DistributionConfig: config } of propertiesOf(template, 'AWS::CloudFront::Distribution')) {
        delete config.DefaultCacheBehavior.TrustedKeyGroups;
        config.DefaultCacheBehavior.ViewerProtocolPolicy = 'allow-all';
      }
    });
    const { code, report } = await diagnose(patient);
    const expected = ['HTTP_ALLOWED', 'NO_TRUSTED_KEY_GROUP', 'OPENED_WITHOUT_RIGHT'];
    expect([code, codesOf(report)]).toEqual([1, expect.arrayContaining(expected)]);
  });

  it('finds a bucket that is open to others and closed to the distribution', async () => {
    const patient = await boot((template) => {
      for (const properties of propertiesOf(template, 'AWS::S3::Bucket'))
        properties.PublicAccessBlockConfiguration = { BlockPublicAcls: true };
      for (const { PolicyDocument, Bucket } of propertiesOf(template, 'AWS::S3::BucketPolicy')) {
        const arn = { 'Fn::GetAtt': [Bucket.Ref, 'Arn'] };
        const [deny] = PolicyDocument.Statement;
        const anybody = { Effect: 'Allow', Principal: '*', Action: 's3:ListBucket', Resource: arn };
        PolicyDocument.Statement = [deny, anybody];
      }
    });
    const { code, report } = await diagnose(patient);
    const expected = ['BUCKET_PUBLIC', 'PUBLIC_ACCESS_NOT_BLOCKED', 'BUCKET_CLOSED_TO_DISTRIBUTION', 'LINK_REFUSED'];
    expect([code, codesOf(report)]).toEqual([1, expect.arrayContaining(expected)]);
    expect(JSON.stringify(report)).toContain('by the bucket');
  });

  it('finds a cache policy that drops a download’s name, and a listing at the root', async () => {
    const patient = await boot((template) => {
      for (const { CachePolicyConfig } of propertiesOf(template, 'AWS::CloudFront::CachePolicy'))
        CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin.QueryStringsConfig = { QueryStringBehavior: 'none' };
      for (const { PolicyDocument, Bucket } of propertiesOf(template, 'AWS::S3::BucketPolicy')) {
        const arn = { 'Fn::GetAtt': [Bucket.Ref, 'Arn'] };
        const [, read] = PolicyDocument.Statement;
        PolicyDocument.Statement.push({ ...read, Action: 's3:ListBucket', Resource: arn });
      }
    });
    const { code, report } = await diagnose(patient);
    const expected = ['DOWNLOAD_NAME_NOT_PASSED_ON', 'LISTING_AT_ROOT'];
    expect([code, codesOf(report)]).toEqual([1, expect.arrayContaining(expected)]);
  });

  it('says why it could not look: an empty bucket', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    const local = await startLocal({ dataDir, assembly, ports: { aws: 0, api: 0, distribution: 0 } });
    onTestFinished(() => local.close());
    const { code, report } = await diagnose({ local, dataDir });
    expect([code, report.healthy]).toEqual([2, false]);
    expect(report.notChecked.map(({ reason }) => reason)).toEqual([
      'there is no file to make a test link of: put one into the bucket, and run this again',
    ]);
  });

  it('says no link, signature or key, whatever is wrong', async () => {
    const patient = await boot();
    await tellKeys(patient, []);
    const { code, stdout } = await edgepass('doctor', '--data-dir', patient.dataDir);
    expect(code).toBe(1);
    const { environment } = patient.local;
    for (const secret of [environment.EDGEPASS_API_KEY ?? '', environment.AWS_SECRET_ACCESS_KEY ?? '', 'Signature='])
      expect(stdout).not.toContain(secret);
  });
});

/** A local runtime of `PrivateContent` with these properties, and a file. */
async function bootWith(props: PrivateContentProps, Key = 'a.txt'): Promise<Patient> {
  const folder = temporaryFolder();
  const api = await bootApi(folder, synthesizeApi(folder, props));
  onTestFinished(() => api.close());
  const s3 = s3Client(api.environment);
  const Bucket = api.environment.EDGEPASS_BUCKET;
  for (const key of [Key, 'z.txt']) await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: 'hello' }));
  s3.destroy();
  return api;
}

describe('the doctor command', () => {
  it('edgepass doctor is told which paths are meant to be open', async () => {
    const patient = await bootWith({ publicPaths: ['open/?.txt'] }, 'open/1.txt');
    const first = await diagnose(patient);
    expect([first.code, codesOf(first.report)]).toEqual([
      1,
      ['NO_TRUSTED_KEY_GROUP', 'OPENED_WITHOUT_RIGHT', 'OPENED_WITHOUT_RIGHT'],
    ]);
    expect(first.report.findings[0]?.fix).toContain("edgepass doctor --public-path 'open/?.txt'");
    const second = await diagnose(patient, '--public-path', 'open/?.txt');
    expect([second.code, codesOf(second.report), second.report.notChecked]).toEqual([0, [], []]);
  });

  describe('edgepass doctor, of a local runtime whose API is closed in another way', () => {
    const reasonsOf = ({ notChecked }: Report): string[] => notChecked.map(({ reason }) => reason);

    it('takes a token to one with JSON Web Tokens, and asks for it', async () => {
      const patient = await bootWith({
        auth: ApiAuth.jwt({ issuer: 'https://issuer.example.com', audience: 'files' }),
      });
      const { code, report } = await diagnose(patient);
      expect([code, reasonsOf(report)]).toEqual([
        2,
        [expect.stringMatching(/does not let the doctor in: 401 .*EDGEPASS_TOKEN/)],
      ]);
      const token = await edgepass('token', '--data-dir', patient.dataDir, '--scope', 'list sign');
      const second = await diagnose(patient, '--token', token.stdout.trim());
      expect([second.code, reasonsOf(second.report)]).toEqual([0, []]);
    });

    it('needs nothing for an open one, and cannot ask one that IAM closes', async () => {
      expect((await diagnose(await bootWith({ auth: ApiAuth.none() }))).code).toBe(0);
      const { code, report } = await diagnose(await bootWith({ auth: ApiAuth.iam() }));
      expect([code, reasonsOf(report)]).toEqual([2, [expect.stringContaining('where IAM decides')]]);
    });
  });

  it('edgepass doctor ends with 2 where no local runtime runs, and where nobody is known to AWS', async () => {
    const folder = temporaryFolder();
    const local = await edgepass('doctor', '--data-dir', folder);
    expect([local.code, local.stdout, local.stderr]).toEqual([
      2,
      '',
      expect.stringContaining('could not look: no local runtime runs'),
    ]);
    const env = bareEnvironment({ AWS_REGION: 'eu-central-1' });
    const aws = await run(
      process.execPath,
      [join(__dirname, '..', '..', 'bin', 'edgepass.js'), 'doctor', '--json'],
      env,
    );
    expect([aws.code, aws.stdout, aws.stderr]).toEqual([
      2,
      '',
      expect.stringContaining('no AWS credentials were found'),
    ]);
  });
});
