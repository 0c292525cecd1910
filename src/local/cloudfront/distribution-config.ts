import { Properties, type PropertyTable } from '../cloudformation/properties';
import type { ResourceRequest } from '../cloudformation/resource-type';

/** What home acts on of a distribution's configuration, checked once, when the stack is applied. */
export interface DistributionConfig {
  readonly enabled: boolean;
  readonly defaultRootObject: string | undefined;
  readonly origins: ReadonlyMap<string, Origin>;
  /** In the order they are tried; the default behavior is the last and matches everything. */
  readonly behaviors: readonly CacheBehavior[];
  /** By the status they stand for. */
  readonly errorResponses: ReadonlyMap<number, ErrorResponse>;
}

/** What a viewer gets in place of an error. */
export interface ErrorResponse {
  /** Seconds for which the error is kept at least. */
  readonly minTtl: number;
  readonly page?: { readonly path: string; readonly status: number } | undefined;
}

export interface Origin {
  readonly id: string;
  readonly bucket: string;
  readonly originAccessControlId: string;
  /** Put before the viewer's path; without a slash at its end. */
  readonly path: string;
}

export interface CacheBehavior {
  readonly pathPattern: string;
  readonly originId: string;
  readonly allowedMethods: ReadonlySet<string>;
  /** Empty: no signature is asked for. */
  readonly trustedKeyGroups: readonly string[];
  readonly cachePolicyId: string;
  readonly compress: boolean;
}

const DISTRIBUTION: PropertyTable = { DistributionConfig: 'used', Tags: { noEffect: 'labels' } };

const CONFIG: PropertyTable = {
  Aliases: { notImplemented: 'home has one name for its distribution' },
  CacheBehaviors: 'used',
  CallerReference: { noEffect: 'a name' },
  Comment: { noEffect: 'text' },
  CustomErrorResponses: 'used',
  DefaultCacheBehavior: 'used',
  DefaultRootObject: 'used',
  Enabled: 'used',
  HttpVersion: { noEffect: 'home speaks HTTP/1.1' },
  IPV6Enabled: { noEffect: 'home listens on 127.0.0.1 alone' },
  Logging: { notImplemented: 'the edge writes no access log' },
  OriginGroups: { notImplemented: 'an origin has no second' },
  Origins: 'used',
  PriceClass: { noEffect: 'there is one edge' },
  Restrictions: { notImplemented: 'home does not know countries' },
  ViewerCertificate: { noEffect: 'home speaks plain HTTP' },
  WebACLId: { notImplemented: 'home has no web ACLs' },
};

const BEHAVIOR: PropertyTable = {
  AllowedMethods: 'used',
  CachedMethods: { noEffect: 'GET and HEAD are always cached; no other method is allowed yet' },
  CachePolicyId: 'used',
  Compress: 'used',
  FunctionAssociations: { notImplemented: 'the edge runs no functions' },
  LambdaFunctionAssociations: { notImplemented: 'the edge runs no functions' },
  PathPattern: 'used',
  ResponseHeadersPolicyId: { notImplemented: 'the edge adds no headers' },
  TargetOriginId: 'used',
  TrustedKeyGroups: 'used',
  TrustedSigners: { notImplemented: 'key groups replace them' },
  ViewerProtocolPolicy: { noEffect: 'home takes its plain HTTP for the viewer’s HTTPS' },
};

const ERROR_RESPONSE: PropertyTable = {
  ErrorCachingMinTTL: 'used',
  ErrorCode: 'used',
  ResponseCode: 'used',
  ResponsePagePath: 'used',
};

const ORIGIN: PropertyTable = {
  CustomOriginConfig: { notImplemented: 'origins are buckets of the stack' },
  DomainName: 'used',
  Id: 'used',
  OriginAccessControlId: 'used',
  OriginCustomHeaders: { notImplemented: 'the bucket has no use for them' },
  OriginPath: 'used',
  OriginShield: { notImplemented: 'there is one edge' },
  S3OriginConfig: { noEffect: 'origin access control replaces it' },
};

/** Reads `AWS::CloudFront::Distribution`. @throws ResourcePropertyError naming the first thing in it that home does not do. */
export function readDistributionConfig({ logicalId, properties }: ResourceRequest): DistributionConfig {
  const distribution = new Properties(`${logicalId} (AWS::CloudFront::Distribution)`, properties, DISTRIBUTION);
  const config = distribution.group('DistributionConfig', CONFIG);
  const origins = config.groups('Origins', ORIGIN).map(readOrigin);
  const behaviors = [...config.groups('CacheBehaviors', BEHAVIOR), config.group('DefaultCacheBehavior', BEHAVIOR)];
  return {
    enabled: config.flag('Enabled', false),
    defaultRootObject: config.optionalText('DefaultRootObject'),
    origins: new Map(origins.map((origin) => [origin.id, origin])),
    behaviors: behaviors.map(readBehavior),
    errorResponses: new Map(config.groups('CustomErrorResponses', ERROR_RESPONSE).map(readErrorResponse)),
  };
}

/** Source: CloudFront API Reference, CustomErrorResponse. */
const ERROR_CODES = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];
const DEFAULT_ERROR_TTL = 10;

function readErrorResponse(response: Properties): [number, ErrorResponse] {
  const code =
    response.optionalNumber('ErrorCode', { min: 400, max: 599 }) ?? response.refuse('ErrorCode', 'is missing');
  if (!ERROR_CODES.includes(code)) response.refuse('ErrorCode', `has to be one of ${ERROR_CODES.join(', ')}`);
  const minTtl = response.optionalNumber('ErrorCachingMinTTL', { min: 0, max: 31_536_000 }) ?? DEFAULT_ERROR_TTL;
  const path = response.optionalText('ResponsePagePath');
  const status = response.optionalNumber('ResponseCode', { min: 200, max: 599 });
  if ((path === undefined) !== (status === undefined))
    response.refuse('ResponsePagePath', 'and ResponseCode have to be given together');
  if (path === undefined || status === undefined) return [code, { minTtl }];
  if (!path.startsWith('/')) response.refuse('ResponsePagePath', 'begins with a slash');
  return [code, { minTtl, page: { path, status } }];
}

function readBehavior(behavior: Properties): CacheBehavior {
  const allowedMethods = behavior.has('AllowedMethods') ? behavior.textList('AllowedMethods') : ['GET', 'HEAD'];
  const beyondReading = allowedMethods.find((method) => method !== 'GET' && method !== 'HEAD');
  if (beyondReading) behavior.notImplemented(`the method ${beyondReading}`);
  return {
    pathPattern: behavior.optionalText('PathPattern') ?? '*',
    originId: behavior.text('TargetOriginId'),
    allowedMethods: new Set(allowedMethods),
    trustedKeyGroups: behavior.textList('TrustedKeyGroups'),
    cachePolicyId: behavior.text('CachePolicyId'),
    compress: behavior.flag('Compress', false),
  };
}

function readOrigin(origin: Properties): Origin {
  const domainName = origin.text('DomainName');
  const bucket = domainName.match(/^(.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/)?.[1];
  if (!bucket) return origin.notImplemented(`the origin ${domainName}, which is no S3 bucket,`);
  if (!origin.has('OriginAccessControlId'))
    origin.refuse('OriginAccessControlId', 'is missing, so S3 would refuse every request');
  const path = (origin.has('OriginPath') && origin.optionalText('OriginPath')) || '';
  if (path !== '' && !/^\/.*[^/]$/s.test(path))
    origin.refuse('OriginPath', 'begins with a slash and does not end with one');
  return { id: origin.text('Id'), bucket, originAccessControlId: origin.text('OriginAccessControlId'), path };
}
