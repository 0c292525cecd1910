import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { awsSdk } from '../aws-sdk';
import { type AwsTarget, clientConfig } from '../aws-target';
import { findStack, listResources, readTemplate, type TemplateResources } from '../cloudformation-stack';
import type { DeployedSystem, Distribution, QueryStrings, TestLink } from './deployed-system';
import { observe } from './observation';
import { readBucket } from './read-bucket';
import { readDistribution, readQueryStrings } from './read-distribution';
import { publicKeysParameter, readKeyGroups, readKeys } from './read-keys';
import { readClock, tryLink } from './read-links';

export interface AwsStack {
  readonly stackName: string;
  readonly target: AwsTarget;
  readonly token: string | undefined;
  readonly publicPaths: readonly string[];
  readonly now: () => Date;
}

/** Looks at a stack that is deployed to AWS; reads, and writes nothing. @throws Error where there is no such stack. */
export async function readAws(stack: AwsStack): Promise<DeployedSystem> {
  const { stackName, target, now } = stack;
  const config = clientConfig(target);
  const { CloudFormationClient } = await awsSdk('cloudformation');
  const { CloudFrontClient } = await awsSdk('cloudfront');
  const { SSMClient } = await awsSdk('ssm');
  const cloudFormation = new CloudFormationClient(config);
  const cloudFront = new CloudFrontClient(config);
  const ssm = new SSMClient(config);
  try {
    const stackId = await findStack(cloudFormation, stackName, target.region);
    const resources = await listResources(cloudFormation, stackId);
    const found = await findDistribution(cloudFront, onlyDistribution(resources, stackName));
    const groups = [...new Set(found.distribution.behaviors.flatMap((one) => one.trustedKeyGroups))];
    const buckets = found.distribution.origins.flatMap(({ bucket }) => bucket ?? []);
    return {
      where: `the stack ${stackName}, account ${target.accountId}, region ${target.region}`,
      now: now(),
      distribution: { value: found.distribution },
      buckets: await observe(() => Promise.all([...new Set(buckets)].map((name) => readBucket(name, config)))),
      keyGroups: await observe(() => readKeyGroups(cloudFront, groups)),
      keys: await observe(async () => {
        const { Resources } = await readTemplate(cloudFormation, stackId);
        return readKeys(ssm, publicKeysParameter(functionsOf(Resources)));
      }),
      clockAhead: await observe(() => readClock(`https://${found.domainName}/`, now)),
      testLink: await observe(() => tryApi(resources, stack)),
    };
  } finally {
    for (const client of [cloudFormation, cloudFront, ssm]) client.destroy();
  }
}

const ofType = (resources: readonly StackResourceSummary[], type: string): string[] =>
  resources.flatMap(({ ResourceType, PhysicalResourceId }) =>
    ResourceType === type && PhysicalResourceId ? [PhysicalResourceId] : [],
  );

const functionsOf = (resources: TemplateResources): object[] =>
  Object.values(resources).flatMap(({ Type, Properties = {} }) =>
    Type === 'AWS::Lambda::Function' ? [Properties] : [],
  );

function onlyDistribution(resources: readonly StackResourceSummary[], stackName: string): string {
  const [id, ...others] = ofType(resources, 'AWS::CloudFront::Distribution');
  if (id && others.length === 0) return id;
  throw new Error(`the stack ${stackName} has ${id ? others.length + 1 : 'no'} distributions; the doctor looks at one`);
}

async function findDistribution(
  cloudFront: CloudFrontClient,
  Id: string,
): Promise<{ readonly distribution: Distribution; readonly domainName: string }> {
  const { GetDistributionCommand, GetCachePolicyCommand } = await awsSdk('cloudfront');
  const { Distribution: described } = await cloudFront.send(new GetDistributionCommand({ Id }));
  const config = described?.DistributionConfig;
  if (!described?.ARN || !described.DomainName || !config) throw new Error(`CloudFront does not describe ${Id}`);
  const readCachePolicy = async (policyId: string): Promise<QueryStrings> => {
    const { CachePolicy } = await cloudFront.send(new GetCachePolicyCommand({ Id: policyId }));
    const parameters = CachePolicy?.CachePolicyConfig?.ParametersInCacheKeyAndForwardedToOrigin;
    return readQueryStrings(parameters?.QueryStringsConfig ?? {});
  };
  const distribution = await readDistribution({ id: Id, arn: described.ARN }, config, readCachePolicy);
  return { distribution, domainName: described.DomainName };
}

/** The stage that is called directly: `_api` is behind the distribution. */
async function tryApi(
  resources: readonly StackResourceSummary[],
  { target, token, publicPaths }: AwsStack,
): Promise<TestLink> {
  const [api] = ofType(resources, 'AWS::ApiGateway::RestApi');
  const stage = ofType(resources, 'AWS::ApiGateway::Stage').find((name) => !name.startsWith('_'));
  if (!api || !stage) throw new Error('the stack has no API to sign a test link');
  const [apiKeyId] = ofType(resources, 'AWS::ApiGateway::ApiKey');
  const apiKey = apiKeyId === undefined ? undefined : await readApiKey(apiKeyId, target);
  const apiUrl = `https://${api}.execute-api.${target.region}.amazonaws.com/${stage}/`;
  return tryLink({ apiUrl, apiKey, token, publicPaths });
}

async function readApiKey(apiKey: string, target: AwsTarget): Promise<string> {
  const { APIGatewayClient, GetApiKeyCommand } = await awsSdk('api-gateway');
  const client = new APIGatewayClient(clientConfig(target));
  const sent = client.send(new GetApiKeyCommand({ apiKey, includeValue: true }));
  const { value } = await sent.finally(() => client.destroy());
  if (value === undefined) throw new Error('API Gateway does not tell the API key');
  return value;
}
