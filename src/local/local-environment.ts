import type { StackOutputs } from './cloudformation/apply-stack';
import type { AppliedResource, StackIdentity } from './cloudformation/resource-type';
import type { LocalConfig } from './data-dir/local-config';
import type { Roles } from './data-dir/running-local';
import type { LocalRuntime } from './local-runtime';
import type { LocalServices } from './local-services';

/** What the outside needs to know of a stack that runs: its outputs, its addresses, and a shell's environment. */
export function describeStack(
  applied: StackOutputs,
  services: Pick<LocalServices, 'urls' | 'apiKeyValue' | 'certificateFile'>,
  { region, developer }: LocalConfig,
  stack: StackIdentity,
  resources: ReadonlyMap<string, AppliedResource>,
): Omit<LocalRuntime, 'close' | typeof Symbol.asyncDispose> {
  const find = (type: string): string | undefined =>
    [...resources.values()].find((resource) => resource.type === type)?.physicalId;
  const { urls } = services;
  const stage = findStage(resources);
  const apiKeyId = find('AWS::ApiGateway::ApiKey');
  const bucketName = applied.BucketName ?? findBucket(resources);
  const apiUrl = stage && `${urls.api}/${stage}/`;
  const apiKey = apiKeyId && services.apiKeyValue(apiKeyId);
  const distributionUrl = find('AWS::CloudFront::Distribution') && urls.distribution;
  const entries = {
    AWS_ACCESS_KEY_ID: developer.accessKeyId,
    AWS_SECRET_ACCESS_KEY: developer.secretAccessKey,
    AWS_REGION: region,
    // The aws CLI version 1 and boto3 read this one only.
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: urls.aws,
    EDGEPASS_BUCKET: bucketName,
    EDGEPASS_API_URL: apiUrl,
    EDGEPASS_API_KEY: apiKey,
    EDGEPASS_DISTRIBUTION_URL: distributionUrl,
    EDGEPASS_CERTIFICATE: services.certificateFile,
  };
  const environment = Object.entries(entries).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    stackName: stack.stackName,
    outputs: reachableOutputs(applied, urls, stack),
    environment: Object.fromEntries(environment),
    region,
    endpoint: urls.aws,
    credentials: { accessKeyId: developer.accessKeyId, secretAccessKey: developer.secretAccessKey },
    bucketName,
    apiUrl,
    apiKey,
    distributionUrl,
  };
}

/** The bucket whose objects the distribution serves by default: a stack has others, for logs and for a site. */
function findBucket(resources: ReadonlyMap<string, AppliedResource>): string | undefined {
  const all = [...resources.values()];
  const buckets = all.filter(({ type }) => type === 'AWS::S3::Bucket');
  const distribution = all.find(({ type }) => type === 'AWS::CloudFront::Distribution');
  const { DefaultCacheBehavior, Origins = [] } = (distribution?.properties.DistributionConfig ?? {}) as {
    readonly DefaultCacheBehavior?: { readonly TargetOriginId: string };
    readonly Origins?: readonly { readonly Id: string; readonly DomainName: string }[];
  };
  const origin = Origins.find(({ Id }) => Id === DefaultCacheBehavior?.TargetOriginId);
  const served = buckets.find(({ physicalId }) => origin?.DomainName.startsWith(`${physicalId}.s3.`));
  return (served ?? buckets[0])?.physicalId;
}

/** The stage that is called directly: a name such as `_api` is for a distribution's path. */
function findStage(resources: ReadonlyMap<string, AppliedResource>): string | undefined {
  const stages = [...resources.values()].filter(({ type }) => type === 'AWS::ApiGateway::Stage');
  const names = stages.map(({ physicalId }) => physicalId);
  return names.find((name) => !name.startsWith('_')) ?? names[0];
}

/** `PrivateContentApiListerRole07E093DE` is `lister`. */
const ROLE_NAME = /([A-Z][a-z]+)Role[0-9A-F]{8}$/;

/** Credentials for every role of the stack, so that anybody can try what it may do. They end with the local runtime. */
export function roleCredentials(
  resources: ReadonlyMap<string, AppliedResource>,
  issue: LocalServices['issueCredentials'],
): Roles {
  const roles = [...resources].filter(([, { type }]) => type === 'AWS::IAM::Role');
  return Object.fromEntries(
    roles.map(([logicalId, { attributes }]) => {
      const name = (ROLE_NAME.exec(logicalId)?.[1] ?? logicalId).toLowerCase();
      const credentials = issue(String(attributes.Arn), 'edgepass-env');
      const variables = {
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
      };
      return [name, variables];
    }),
  );
}

/**
 * An API's address on AWS leads nowhere from here, and the distribution's has HTTPS only where asked for, so outputs name the local
 * runtime's own addresses.
 */
function reachableOutputs(
  outputs: StackOutputs,
  { api, distribution }: LocalServices['urls'],
  { region, urlSuffix }: StackIdentity,
): StackOutputs {
  const onAws = new RegExp(`https://[a-z0-9]+\\.execute-api\\.${region}\\.${urlSuffix.replaceAll('.', '\\.')}`, 'g');
  const reachable = (value: string): string =>
    value.replace(onAws, api).replaceAll(`https://${new URL(distribution).host}/`, `${distribution}/`);
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, reachable(value)]));
}
