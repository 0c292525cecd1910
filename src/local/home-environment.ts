import type { StackOutputs } from './cloudformation/apply-stack';
import type { AppliedResource, StackIdentity } from './cloudformation/resource-type';
import type { HomeConfig } from './home-config';
import type { HomeServices } from './home-services';
import type { Roles } from './running-home';

export interface HomeDescription {
  readonly outputs: StackOutputs;
  readonly environment: Readonly<Record<string, string>>;
}

/** What the outside needs to know of a booted home: the stack's outputs, and a shell's environment. */
export function describeHome(
  applied: StackOutputs,
  services: Pick<HomeServices, 'urls' | 'apiKeyValue' | 'certificateFile'>,
  config: HomeConfig,
  stack: StackIdentity,
  resources: ReadonlyMap<string, AppliedResource>,
): HomeDescription {
  const find = (type: string): string | undefined =>
    [...resources.values()].find((resource) => resource.type === type)?.physicalId;
  const { urls } = services;
  const stage = findStage(resources);
  const apiKeyId = find('AWS::ApiGateway::ApiKey');
  const entries = {
    AWS_ACCESS_KEY_ID: config.developer.accessKeyId,
    AWS_SECRET_ACCESS_KEY: config.developer.secretAccessKey,
    AWS_REGION: config.region,
    // The aws CLI version 1 and boto3 read this one only.
    AWS_DEFAULT_REGION: config.region,
    AWS_ENDPOINT_URL: urls.aws,
    EDGEPASS_BUCKET: applied.BucketName ?? findBucket(resources),
    EDGEPASS_API_URL: stage && `${urls.api}/${stage}/`,
    EDGEPASS_API_KEY: apiKeyId && services.apiKeyValue(apiKeyId),
    EDGEPASS_DISTRIBUTION_URL: urls.distribution,
    EDGEPASS_CERTIFICATE: services.certificateFile,
  };
  const environment = Object.entries(entries).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { outputs: reachableOutputs(applied, urls, stack), environment: Object.fromEntries(environment) };
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

/** Credentials for every role of the stack, so that anybody can try what it may do. They end with the home. */
export function roleCredentials(
  resources: ReadonlyMap<string, AppliedResource>,
  issue: HomeServices['issueCredentials'],
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

/** An API's address on AWS leads nowhere from here, and the distribution's has HTTPS only where asked for, so outputs name those at home. */
function reachableOutputs(
  outputs: StackOutputs,
  { api, distribution }: HomeServices['urls'],
  { region, urlSuffix }: StackIdentity,
): StackOutputs {
  const onAws = new RegExp(`https://[a-z0-9]+\\.execute-api\\.${region}\\.${urlSuffix.replaceAll('.', '\\.')}`, 'g');
  const reachable = (value: string): string =>
    value.replace(onAws, api).replaceAll(`https://${new URL(distribution).host}/`, `${distribution}/`);
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, reachable(value)]));
}
