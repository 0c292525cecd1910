import type { ErrorResponse, Origin, ViewerProtocolPolicy } from './config/distribution-config';
import type { GeoRestriction } from './config/geo-restriction';
import type { CachePolicy } from './policies/cache-policy';
import type { OriginRequestPolicy } from './policies/origin-request-policy';
import type { ResponseHeadersPolicy } from './policies/response-headers-policy';

/** A distribution as an edge serves it: every reference resolved, and plain data, so that it can be sent to another process. */
export interface DeployedDistribution {
  readonly id: string;
  readonly arn: string;
  readonly enabled: boolean;
  readonly defaultRootObject: string | undefined;
  readonly geoRestriction: GeoRestriction;
  /** In the order they are tried; the last matches everything. */
  readonly behaviors: readonly DeployedBehavior[];
  /** By the status they stand for. */
  readonly errorResponses: Readonly<Record<number, ErrorResponse>>;
}

export interface DeployedBehavior {
  readonly pathPattern: string;
  readonly origin: Origin;
  readonly allowedMethods: readonly string[];
  readonly viewerProtocolPolicy: ViewerProtocolPolicy;
  readonly compress: boolean;
  readonly cachePolicy: CachePolicy;
  readonly originRequestPolicy: OriginRequestPolicy | undefined;
  readonly responseHeadersPolicy: ResponseHeadersPolicy | undefined;
  /** PEM by key pair id: the keys that may sign. Undefined: no signature is asked for. */
  readonly publicKeys: Readonly<Record<string, string>> | undefined;
}
