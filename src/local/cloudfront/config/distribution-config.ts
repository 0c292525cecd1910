import { Properties, type PropertyTable } from '../../cloudformation/properties';
import type { ResourceRequest } from '../../cloudformation/resource-type';
import { type GeoRestriction, readGeoRestriction } from './geo-restriction';

/** What the local runtime acts on of a distribution's configuration, checked once, when the stack is applied. */
export interface DistributionConfig {
  readonly enabled: boolean;
  readonly defaultRootObject: string | undefined;
  readonly geoRestriction: GeoRestriction;
  readonly origins: ReadonlyMap<string, Origin>;
  /** In the order they are tried; the default behavior is the last and matches everything. */
  readonly behaviors: readonly CacheBehavior[];
  /** By the status they stand for. */
  readonly errorResponses: Readonly<Record<number, ErrorResponse>>;
  /** It could only refuse more than the local runtime does. */
  readonly hasWebAcl: boolean;
}

/** What a viewer gets in place of an error. */
export interface ErrorResponse {
  /** Seconds for which the error is kept at least. */
  readonly minTtl: number;
  readonly page?: { readonly path: string; readonly status: number } | undefined;
}

export type Origin = BucketOrigin | CustomOrigin;

interface AnyOrigin {
  readonly id: string;
  /** Put before the viewer's path; without a slash at its end. */
  readonly path: string;
  /** `OriginCustomHeaders`: sent along with every request. */
  readonly customHeaders: Readonly<Record<string, string>>;
}

export interface BucketOrigin extends AnyOrigin {
  readonly kind: 'bucket';
  readonly bucket: string;
  readonly originAccessControlId: string;
}

/** An HTTP server; locally, a REST API of the stack. */
export interface CustomOrigin extends AnyOrigin {
  readonly kind: 'custom';
  readonly domainName: string;
}

export type ViewerProtocolPolicy = 'allow-all' | 'https-only' | 'redirect-to-https';

export interface CacheBehavior {
  readonly pathPattern: string;
  readonly originId: string;
  readonly allowedMethods: readonly string[];
  readonly viewerProtocolPolicy: ViewerProtocolPolicy;
  /** Empty: no signature is asked for. */
  readonly trustedKeyGroups: readonly string[];
  readonly cachePolicyId: string;
  readonly originRequestPolicyId: string | undefined;
  readonly responseHeadersPolicyId: string | undefined;
  readonly compress: boolean;
}

const DISTRIBUTION: PropertyTable = { DistributionConfig: 'used', Tags: { noEffect: 'labels' } };

const CONFIG: PropertyTable = {
  Aliases: { noEffect: 'the local runtime serves whoever reaches it, by any name; its links carry its own' },
  CacheBehaviors: 'used',
  CallerReference: { noEffect: 'a name' },
  Comment: { noEffect: 'text' },
  CustomErrorResponses: 'used',
  DefaultCacheBehavior: 'used',
  DefaultRootObject: 'used',
  Enabled: 'used',
  HttpVersion: { noEffect: 'the local runtime speaks HTTP/1.1, and with --https HTTP/2' },
  IPV6Enabled: { noEffect: 'the local runtime listens on 127.0.0.1 alone' },
  Logging: { noEffect: 'the edge writes no access log' },
  OriginGroups: { notImplemented: 'an origin has no second' },
  Origins: 'used',
  PriceClass: { noEffect: 'there is one edge' },
  Restrictions: 'used',
  ViewerCertificate: {
    noEffect: 'the local runtime speaks plain HTTP, and with --https shows a certificate of its own',
  },
  WebACLId: 'used',
};

const BEHAVIOR: PropertyTable = {
  AllowedMethods: 'used',
  CachedMethods: { noEffect: 'GET and HEAD are always cached, OPTIONS never' },
  CachePolicyId: 'used',
  Compress: 'used',
  FunctionAssociations: { notImplemented: 'the edge runs no functions' },
  LambdaFunctionAssociations: { notImplemented: 'the edge runs no functions' },
  OriginRequestPolicyId: 'used',
  PathPattern: 'used',
  ResponseHeadersPolicyId: 'used',
  TargetOriginId: 'used',
  TrustedKeyGroups: 'used',
  TrustedSigners: { notImplemented: 'key groups replace them' },
  ViewerProtocolPolicy: 'used',
};

const ERROR_RESPONSE: PropertyTable = {
  ErrorCachingMinTTL: 'used',
  ErrorCode: 'used',
  ResponseCode: 'used',
  ResponsePagePath: 'used',
};

const ORIGIN: PropertyTable = {
  ConnectionAttempts: { noEffect: 'the local runtime’s services are on this machine' },
  ConnectionTimeout: { noEffect: 'the local runtime’s services are on this machine' },
  CustomOriginConfig: { noEffect: 'the local runtime reaches its REST APIs over plain HTTP' },
  DomainName: 'used',
  Id: 'used',
  OriginAccessControlId: 'used',
  OriginCustomHeaders: 'used',
  OriginPath: 'used',
  OriginShield: { notImplemented: 'there is one edge' },
  S3OriginConfig: { noEffect: 'origin access control replaces it' },
};

const CUSTOM_HEADER: PropertyTable = { HeaderName: 'used', HeaderValue: 'used' };

/** Reads `AWS::CloudFront::Distribution`. @throws ResourcePropertyError naming the first thing in it that is not simulated. */
export function readDistributionConfig({ logicalId, properties }: ResourceRequest): DistributionConfig {
  const distribution = new Properties(`${logicalId} (AWS::CloudFront::Distribution)`, properties, DISTRIBUTION);
  const config = distribution.group('DistributionConfig', CONFIG);
  const origins = config.groups('Origins', ORIGIN).map(readOrigin);
  const behaviors = [...config.groups('CacheBehaviors', BEHAVIOR), config.group('DefaultCacheBehavior', BEHAVIOR)];
  return {
    enabled: config.flag('Enabled', false),
    defaultRootObject: config.optionalText('DefaultRootObject'),
    geoRestriction: readGeoRestriction(config),
    origins: new Map(origins.map((origin) => [origin.id, origin])),
    behaviors: behaviors.map(readBehavior),
    hasWebAcl: config.has('WebACLId'),
    errorResponses: Object.fromEntries(config.groups('CustomErrorResponses', ERROR_RESPONSE).map(readErrorResponse)),
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

/** Source: CloudFront API Reference, AllowedMethods: there are these three sets. */
const METHOD_SETS = [
  ['GET', 'HEAD'],
  ['GET', 'HEAD', 'OPTIONS'],
  ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
];

function readBehavior(behavior: Properties): CacheBehavior {
  const methods = behavior.has('AllowedMethods') ? behavior.textList('AllowedMethods') : ['GET', 'HEAD'];
  const allowedMethods = METHOD_SETS.find(
    (set) => set.length === methods.length && set.every((one) => methods.includes(one)),
  );
  return {
    pathPattern: behavior.optionalText('PathPattern') ?? '*',
    originId: behavior.text('TargetOriginId'),
    allowedMethods:
      allowedMethods ??
      behavior.refuse('AllowedMethods', `has to be one of ${METHOD_SETS.map((set) => set.join(' ')).join('; ')}`),
    viewerProtocolPolicy: behavior.oneOf(
      'ViewerProtocolPolicy',
      ['allow-all', 'https-only', 'redirect-to-https'],
      'allow-all',
    ),
    trustedKeyGroups: behavior.textList('TrustedKeyGroups'),
    cachePolicyId: behavior.text('CachePolicyId'),
    originRequestPolicyId: behavior.optionalText('OriginRequestPolicyId'),
    responseHeadersPolicyId: behavior.optionalText('ResponseHeadersPolicyId'),
    compress: behavior.flag('Compress', false),
  };
}

function readOrigin(origin: Properties): Origin {
  const domainName = origin.text('DomainName');
  const path = (origin.has('OriginPath') && origin.optionalText('OriginPath')) || '';
  if (path !== '' && !/^\/.*[^/]$/s.test(path))
    origin.refuse('OriginPath', 'begins with a slash and does not end with one');
  const headers = origin.groups('OriginCustomHeaders', CUSTOM_HEADER);
  const common = {
    id: origin.text('Id'),
    path,
    customHeaders: Object.fromEntries(
      headers.map((header) => [header.text('HeaderName').toLowerCase(), header.text('HeaderValue')]),
    ),
  };
  const bucket = domainName.match(/^(.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/)?.[1];
  if (bucket) {
    if (!origin.has('OriginAccessControlId'))
      origin.refuse('OriginAccessControlId', 'is missing, so S3 would refuse every request');
    return { kind: 'bucket', ...common, bucket, originAccessControlId: origin.text('OriginAccessControlId') };
  }
  if (!/^[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com$/.test(domainName))
    origin.notImplemented(`the origin ${domainName}, which is neither an S3 bucket nor a REST API,`);
  if (origin.has('OriginAccessControlId')) origin.notImplemented('an origin access control for a REST API');
  return { kind: 'custom', ...common, domainName };
}
