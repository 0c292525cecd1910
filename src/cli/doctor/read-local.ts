import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudFrontClientConfig } from '@aws-sdk/client-cloudfront';
import type { AppliedResource } from '../../local/cloudformation/resource-type';
import { openStackState } from '../../local/cloudformation/stack-state';
import { MANAGED_CACHE_POLICIES } from '../../local/cloudfront/policies/cache-policy';
import { readLocalConfig } from '../../local/data-dir/local-config';
import { requireRunningLocal } from '../../local/data-dir/running-local';
import { isPublicPolicy } from '../../local/iam/is-public-policy';
import type { PolicyDocument } from '../../local/iam/policy-document';
import { awsSdk } from '../aws-sdk';
import type {
  Bucket,
  DeployedSystem,
  Distribution,
  Encryption,
  PublicAccessBlock,
  QueryStrings,
} from './deployed-system';
import { observe } from './observation';
import { readBlock } from './read-bucket';
import {
  type DistributionConfigShape,
  type QueryStringsConfigShape,
  readDistribution,
  readQueryStrings,
} from './read-distribution';
import { publicKeysParameter, readKeyGroups, readKeys } from './read-keys';
import { readClock, tryLink } from './read-links';

export interface LocalToRead {
  readonly dataDir: string;
  readonly token: string | undefined;
  readonly publicPaths: readonly string[];
  readonly now: () => Date;
}

type Resources = ReadonlyMap<string, AppliedResource>;

/**
 * Looks at a local runtime: at what its stack was applied with, which is what its services go by, at Parameter Store and CloudFront
 * over its AWS endpoint, and at its API and distribution. @throws Error where no local runtime runs.
 */
export async function readLocal({ dataDir, token, publicPaths, now }: LocalToRead): Promise<DeployedSystem> {
  const { environment } = await requireRunningLocal(dataDir);
  const { resources } = openStackState(join(dataDir, 'stack.json'));
  const distribution = await observe(() => readOnlyDistribution(resources, readLocalConfig(dataDir)?.accountId ?? ''));
  const found = 'value' in distribution ? distribution.value : undefined;
  const groups = [...new Set(found?.behaviors.flatMap(({ trustedKeyGroups }) => trustedKeyGroups))];
  const buckets = [...new Set(found?.origins.flatMap(({ bucket }) => bucket ?? []))];
  const ca = environment.EDGEPASS_CERTIFICATE && readFileSync(environment.EDGEPASS_CERTIFICATE, 'utf8');
  return {
    where: `the local runtime in ${dataDir}`,
    now: now(),
    distribution,
    buckets: await observe(() => buckets.map((name) => readBucket(name, resources))),
    keyGroups: await observe(async () => {
      const { CloudFrontClient } = await awsSdk('cloudfront');
      const cloudFront = new CloudFrontClient(clientConfig(environment));
      return await readKeyGroups(cloudFront, groups).finally(() => cloudFront.destroy());
    }),
    keys: await observe(async () => {
      const functions = ofType(resources, 'AWS::Lambda::Function').map(({ properties }) => properties);
      const name = publicKeysParameter(functions);
      const { SSMClient } = await awsSdk('ssm');
      const ssm = new SSMClient(clientConfig(environment));
      return await readKeys(ssm, name).finally(() => ssm.destroy());
    }),
    clockAhead: await observe(() => readClock(`${environment.EDGEPASS_DISTRIBUTION_URL}/`, now, ca)),
    testLink: await observe(() => {
      const { EDGEPASS_API_URL: apiUrl, EDGEPASS_API_KEY: apiKey } = environment;
      if (!apiUrl) throw new Error('the stack has no API to sign a test link');
      return tryLink({ apiUrl, apiKey, token, publicPaths, ca });
    }),
  };
}

type Environment = Readonly<Record<string, string>>;

const clientConfig = (environment: Environment) =>
  ({
    region: environment.AWS_REGION ?? '',
    endpoint: environment.AWS_ENDPOINT_URL ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
  }) satisfies CloudFrontClientConfig;

const ofType = (resources: Resources, type: string): AppliedResource[] =>
  [...resources.values()].filter((resource) => resource.type === type);

function readOnlyDistribution(resources: Resources, accountId: string): Promise<Distribution> {
  const [applied] = ofType(resources, 'AWS::CloudFront::Distribution');
  if (!applied) throw new Error('the stack has no distribution');
  const { physicalId: id, properties } = applied;
  const arn = `arn:aws:cloudfront::${accountId}:distribution/${id}`;
  const config = properties.DistributionConfig as DistributionConfigShape;
  return readDistribution({ id, arn }, config, async (policyId) => readCachePolicy(policyId, resources));
}

interface CachePolicyProperties {
  readonly CachePolicyConfig?: {
    readonly ParametersInCacheKeyAndForwardedToOrigin?: { readonly QueryStringsConfig?: QueryStringsConfigShape };
  };
}

function readCachePolicy(id: string, resources: Resources): QueryStrings {
  const policy = ofType(resources, 'AWS::CloudFront::CachePolicy').find(({ physicalId }) => physicalId === id);
  if (policy) {
    const { CachePolicyConfig } = policy.properties as CachePolicyProperties;
    return readQueryStrings(CachePolicyConfig?.ParametersInCacheKeyAndForwardedToOrigin?.QueryStringsConfig ?? {});
  }
  const managed = MANAGED_CACHE_POLICIES[id];
  if (!managed) throw new Error(`the stack has no cache policy ${id}`);
  const { behavior, names } = managed.queryStrings;
  return { behavior, names: [...names] };
}

interface BucketProperties {
  readonly PublicAccessBlockConfiguration?: Partial<PublicAccessBlock>;
  readonly BucketEncryption?: {
    readonly ServerSideEncryptionConfiguration?: readonly {
      readonly ServerSideEncryptionByDefault?: { readonly SSEAlgorithm?: string; readonly KMSMasterKeyID?: string };
    }[];
  };
}

/** New buckets block public access unless they are told not to. Source: Amazon S3 User Guide, "Blocking public access". */
const BLOCKED: PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

function readBucket(name: string, resources: Resources): Bucket {
  const bucket = ofType(resources, 'AWS::S3::Bucket').find(({ physicalId }) => physicalId === name);
  if (!bucket) throw new Error(`the bucket ${name} is of another stack`);
  const properties = bucket.properties as BucketProperties;
  const policy = ofType(resources, 'AWS::S3::BucketPolicy').find(({ properties: { Bucket } }) => Bucket === name);
  const document = policy?.properties.PolicyDocument as PolicyDocument | undefined;
  return {
    name,
    policy: { value: document },
    isPublic: { value: document !== undefined && isPublicPolicy(document) },
    publicAccessBlock: { value: readBlock(properties.PublicAccessBlockConfiguration ?? BLOCKED) },
    encryption: { value: readEncryption(properties, resources) },
  };
}

/** The local runtime does not encrypt objects: this is what the template asks of S3. */
function readEncryption({ BucketEncryption }: BucketProperties, resources: Resources): Encryption {
  const [rule] = BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
  const { SSEAlgorithm = 'AES256', KMSMasterKeyID: keyId } = rule?.ServerSideEncryptionByDefault ?? {};
  if (SSEAlgorithm === 'AES256') return { by: 'S3' };
  if (!keyId) return { by: 'AWS managed key' };
  const key = ofType(resources, 'AWS::KMS::Key').find(({ physicalId, attributes }) =>
    [physicalId, attributes.Arn].includes(keyId),
  );
  const policy = key?.properties.KeyPolicy as PolicyDocument | undefined;
  return {
    by: 'customer key',
    keyId,
    policy: policy ? { value: policy } : { notObserved: `the key ${keyId} is of another stack` },
  };
}
