import { refuseUnknown } from '../cloudformation/properties';
import type { ResourceRequest } from '../cloudformation/resource-type';

/** What home acts on of a distribution's configuration, checked once, when the stack is applied. */
export interface DistributionConfig {
  readonly enabled: boolean;
  readonly defaultRootObject: string | undefined;
  readonly origins: ReadonlyMap<string, Origin>;
  /** In the order they are tried; the default behavior is the last and matches everything. */
  readonly behaviors: readonly CacheBehavior[];
}

export interface Origin {
  readonly id: string;
  readonly bucket: string;
}

export interface CacheBehavior {
  readonly pathPattern: string;
  readonly originId: string;
  readonly allowedMethods: ReadonlySet<string>;
  /** Empty: no signature is asked for. */
  readonly trustedKeyGroups: readonly string[];
}

const INERT_CONFIG = {
  CallerReference: 'a name',
  Comment: 'text',
  HttpVersion: 'home speaks HTTP/1.1',
  IPV6Enabled: 'home listens on 127.0.0.1 alone',
  PriceClass: 'there is one edge',
  ViewerCertificate: 'home speaks plain HTTP',
};

const INERT_BEHAVIOR = {
  CachedMethods: 'home asks the origin every time',
  CachePolicyId: 'home asks the origin every time',
  Compress: 'home answers the bytes as they are stored',
  PathPattern: 'read apart',
  ViewerProtocolPolicy: 'home takes its plain HTTP for the viewer’s HTTPS',
};

interface BehaviorProperties {
  readonly PathPattern?: string;
  readonly TargetOriginId: string;
  readonly AllowedMethods?: string[];
  readonly TrustedKeyGroups?: string[];
}

interface OriginProperties {
  readonly Id: string;
  readonly DomainName: string;
  readonly OriginAccessControlId?: string;
}

/** Reads `AWS::CloudFront::Distribution`. @throws Error naming the first thing in it that home does not do. */
export function readDistributionConfig(request: ResourceRequest): DistributionConfig {
  refuseUnknown(request, ['DistributionConfig'], { Tags: 'labels' });
  const config = request.properties.DistributionConfig as Readonly<Record<string, unknown>>;
  const inConfig = { ...request, properties: config };
  refuseUnknown(
    inConfig,
    ['Enabled', 'DefaultRootObject', 'Origins', 'DefaultCacheBehavior', 'CacheBehaviors'],
    INERT_CONFIG,
  );
  const origins = (config.Origins as OriginProperties[]).map((origin) => readOrigin(request, origin));
  const behaviors = [...((config.CacheBehaviors as BehaviorProperties[]) ?? []), config.DefaultCacheBehavior];
  return {
    enabled: config.Enabled === true,
    defaultRootObject: config.DefaultRootObject as string | undefined,
    origins: new Map(origins.map((origin) => [origin.id, origin])),
    behaviors: behaviors.map((behavior) => readBehavior(request, behavior as BehaviorProperties)),
  };
}

function readBehavior(request: ResourceRequest, behavior: BehaviorProperties): CacheBehavior {
  const inBehavior = { ...request, properties: behavior as unknown as Record<string, unknown> };
  refuseUnknown(inBehavior, ['TargetOriginId', 'AllowedMethods', 'TrustedKeyGroups'], INERT_BEHAVIOR);
  const allowedMethods = behavior.AllowedMethods ?? ['GET', 'HEAD'];
  const beyondReading = allowedMethods.find((method) => method !== 'GET' && method !== 'HEAD');
  if (beyondReading)
    throw new Error(`${request.logicalId}: home's distribution takes GET and HEAD, not ${beyondReading}`);
  return {
    pathPattern: behavior.PathPattern ?? '*',
    originId: behavior.TargetOriginId,
    allowedMethods: new Set(allowedMethods),
    trustedKeyGroups: behavior.TrustedKeyGroups ?? [],
  };
}

function readOrigin(request: ResourceRequest, origin: OriginProperties): Origin {
  const properties = origin as unknown as Record<string, unknown>;
  refuseUnknown({ ...request, properties }, ['Id', 'DomainName', 'OriginAccessControlId'], {
    S3OriginConfig: 'origin access control replaces it',
  });
  const bucket = origin.DomainName.match(/^(.+)\.s3[.-][a-z0-9-]+\.amazonaws\.com$/)?.[1];
  if (!bucket) throw new Error(`${request.logicalId}: home's distribution reads S3 buckets, not ${origin.DomainName}`);
  if (!origin.OriginAccessControlId) {
    throw new Error(
      `${request.logicalId}: the origin ${origin.Id} has no origin access control, so S3 would refuse it`,
    );
  }
  return { id: origin.Id, bucket };
}
