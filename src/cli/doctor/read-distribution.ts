import type { Behavior, Distribution, Origin, QueryStrings } from './deployed-system';
import { type Observation, observe } from './observation';

/**
 * A distribution's configuration, as the API answers it (`{ Quantity, Items }`) and as a template writes it (plain lists).
 * Source: CloudFront API Reference, DistributionConfig; CloudFormation, AWS::CloudFront::Distribution DistributionConfig.
 */
export interface DistributionConfigShape {
  readonly Enabled?: boolean | undefined;
  readonly IsIPV6Enabled?: boolean | undefined;
  readonly IPV6Enabled?: boolean | undefined;
  readonly DefaultRootObject?: string | undefined;
  readonly Origins?: Items<OriginShape>;
  readonly CacheBehaviors?: Items<BehaviorShape>;
  readonly DefaultCacheBehavior?: BehaviorShape | undefined;
}

type Items<T> = readonly T[] | { readonly Items?: readonly T[] | undefined } | undefined;

interface OriginShape {
  readonly Id?: string | undefined;
  readonly DomainName?: string | undefined;
  readonly OriginAccessControlId?: string | undefined;
  readonly S3OriginConfig?: { readonly OriginAccessIdentity?: string | undefined } | undefined;
}

interface BehaviorShape {
  readonly PathPattern?: string | undefined;
  readonly TargetOriginId?: string | undefined;
  readonly ViewerProtocolPolicy?: string | undefined;
  readonly TrustedKeyGroups?: Items<string>;
  readonly CachePolicyId?: string | undefined;
  readonly ForwardedValues?:
    | { readonly QueryString?: boolean | undefined; readonly QueryStringCacheKeys?: Items<string> }
    | undefined;
}

/** What a cache policy says of query strings, in both shapes. */
export interface QueryStringsConfigShape {
  readonly QueryStringBehavior?: string | undefined;
  readonly QueryStrings?: Items<string>;
}

export async function readDistribution(
  { id, arn }: Pick<Distribution, 'id' | 'arn'>,
  config: DistributionConfigShape,
  readCachePolicy: (id: string) => Promise<QueryStrings>,
): Promise<Distribution> {
  const behaviors = [...list(config.CacheBehaviors), config.DefaultCacheBehavior ?? {}];
  return {
    id,
    arn,
    enabled: config.Enabled ?? false,
    ipv6Enabled: config.IsIPV6Enabled ?? config.IPV6Enabled ?? false,
    defaultRootObject: config.DefaultRootObject || undefined,
    origins: list(config.Origins).map(readOrigin),
    behaviors: await Promise.all(behaviors.map((behavior) => readBehavior(behavior, readCachePolicy))),
  };
}

export function readQueryStrings({ QueryStringBehavior, QueryStrings: names }: QueryStringsConfigShape): QueryStrings {
  const behavior = (['none', 'whitelist', 'allExcept', 'all'] as const).find((one) => one === QueryStringBehavior);
  if (!behavior) throw new Error(`a cache policy has the QueryStringBehavior ${QueryStringBehavior}`);
  return { behavior, names: list(names) };
}

/** The API leaves `Items` out where there are none. */
const list = <T>(items: Items<T>): readonly T[] =>
  Array.isArray(items) ? items : ((items as { readonly Items?: readonly T[] } | undefined)?.Items ?? []);

function readOrigin({ Id = '', DomainName = '', OriginAccessControlId, S3OriginConfig }: OriginShape): Origin {
  return {
    id: Id,
    domainName: DomainName,
    bucket: DomainName.match(/^(.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/)?.[1],
    originAccessControlId: OriginAccessControlId || undefined,
    originAccessIdentity: S3OriginConfig?.OriginAccessIdentity || undefined,
  };
}

async function readBehavior(
  behavior: BehaviorShape,
  readCachePolicy: (id: string) => Promise<QueryStrings>,
): Promise<Behavior> {
  const { PathPattern = '*', TargetOriginId = '', ViewerProtocolPolicy = 'allow-all', TrustedKeyGroups } = behavior;
  const queryStrings: Observation<QueryStrings> = behavior.CachePolicyId
    ? await observe(() => readCachePolicy(behavior.CachePolicyId ?? ''))
    : { value: forwarded(behavior) };
  return {
    pathPattern: PathPattern,
    originId: TargetOriginId,
    viewerProtocolPolicy: ViewerProtocolPolicy,
    trustedKeyGroups: list(TrustedKeyGroups),
    queryStrings,
  };
}

/** Before there were cache policies. Source: CloudFront API Reference, ForwardedValues: all of the query goes to the origin, or nothing. */
const forwarded = ({ ForwardedValues }: BehaviorShape): QueryStrings => ({
  behavior: ForwardedValues?.QueryString ? 'all' : 'none',
  names: [],
});
