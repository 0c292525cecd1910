import { randomUUID } from 'node:crypto';
import { importPublicKey } from '../../signing';
import type { Clock } from '../clock';
import { Properties, type PropertyTable } from '../cloudformation/properties';
import type { ResourceRequest, ResourceType, ResourceTypes } from '../cloudformation/resource-type';
import { type CacheBehavior, type DistributionConfig, readDistributionConfig } from './config/distribution-config';
import type { DeployedBehavior, DeployedDistribution } from './deployed-distribution';
import { type KeyStore, openKeyStore } from './key-store';
import { newId } from './new-id';
import {
  type CachePolicy,
  MANAGED_CACHE_POLICIES,
  REFUSED_CACHE_POLICIES,
  readCachePolicy,
} from './policies/cache-policy';
import { MANAGED_RESPONSE_HEADERS_POLICIES } from './policies/managed-response-headers';
import {
  MANAGED_ORIGIN_REQUEST_POLICIES,
  type OriginRequestPolicy,
  REFUSED_ORIGIN_REQUEST_POLICIES,
  readOriginRequestPolicy,
} from './policies/origin-request-policy';
import { type ResponseHeadersPolicy, readResponseHeadersPolicy } from './policies/response-headers-policy';
import { REFUSED_RESOURCE_TYPES } from './refused-types';

/** The stack's CloudFront resources, by their physical ids. */
export interface CloudFrontResources {
  /** Also those that no template made. */
  readonly keys: KeyStore;
  readonly originAccessControls: Set<string>;
  readonly cachePolicies: Map<string, CachePolicy>;
  readonly originRequestPolicies: Map<string, OriginRequestPolicy>;
  readonly responseHeadersPolicies: Map<string, ResponseHeadersPolicy>;
  distribution: StackDistribution | undefined;
}

/** The stack's distribution, and what it is at the moment: key groups change without it. */
export interface StackDistribution {
  readonly id: string;
  readonly arn: string;
  trusts(keyGroupId: string): boolean;
  resolve(): DeployedDistribution;
}

export const emptyResources = (keys: KeyStore = openKeyStore(undefined)): CloudFrontResources => ({
  keys,
  originAccessControls: new Set(),
  cachePolicies: new Map(Object.entries(MANAGED_CACHE_POLICIES)),
  originRequestPolicies: new Map(Object.entries(MANAGED_ORIGIN_REQUEST_POLICIES)),
  responseHeadersPolicies: new Map(Object.entries(MANAGED_RESPONSE_HEADERS_POLICIES)),
  distribution: undefined,
});

/** Told and not refused: a web ACL only turns requests away, so every answer that a viewer gets on AWS is also the answer here. */
const WEB_ACL_WARNING = 'the local runtime has no web ACLs, and serves what the one of WebACLId would block';

export function cloudFrontResourceTypes(
  resources: CloudFrontResources,
  options: { accountId: string; domainName: string; now: Clock },
): ResourceTypes {
  const { keys } = resources;
  const now = (): string => options.now().toISOString();
  return {
    ...REFUSED_RESOURCE_TYPES,
    'AWS::CloudFront::PublicKey': {
      apply(request) {
        const encodedKey = readEncodedKey(request);
        const physicalId = request.previous?.physicalId ?? newId('K');
        importPublicKey(encodedKey);
        keys.putPublicKey({ id: physicalId, encodedKey, createdTime: now(), etag: newId('E'), ...namesOf(request) });
        return { physicalId, attributes: { Id: physicalId } };
      },
      remove: ({ physicalId }) => keys.deletePublicKey(physicalId),
    },
    'AWS::CloudFront::KeyGroup': {
      apply(request) {
        const config = configOf(request, 'KeyGroup', KEY_GROUP_CONFIG);
        const items = config.textList('Items');
        const missing = items.find((id) => !keys.publicKeys.has(id));
        if (missing) config.refuse('Items', `NoSuchPublicKey: there is no public key ${missing}`);
        const physicalId = request.previous?.physicalId ?? randomUUID();
        const { name, comment } = namesOf(request);
        keys.putKeyGroup({ id: physicalId, name, comment, items, lastModifiedTime: now(), etag: newId('E') });
        return { physicalId, attributes: { Id: physicalId } };
      },
      remove: ({ physicalId }) => keys.deleteKeyGroup(physicalId),
    },
    'AWS::CloudFront::CachePolicy': policyType(resources.cachePolicies, readCachePolicy),
    'AWS::CloudFront::OriginRequestPolicy': policyType(resources.originRequestPolicies, readOriginRequestPolicy),
    'AWS::CloudFront::ResponseHeadersPolicy': policyType(resources.responseHeadersPolicies, readResponseHeadersPolicy),
    'AWS::CloudFront::OriginAccessControl': {
      apply(request) {
        checkOriginAccessControl(request);
        const physicalId = request.previous?.physicalId ?? newId('E');
        resources.originAccessControls.add(physicalId);
        return { physicalId, attributes: { Id: physicalId } };
      },
    },
    'AWS::CloudFront::Distribution': {
      apply(request) {
        if (resources.distribution)
          throw new Error(`${request.logicalId}: the local runtime serves one distribution a stack (NotImplemented)`);
        const config = readDistributionConfig(request);
        const id = request.previous?.physicalId ?? newId('E');
        const arn = `arn:aws:cloudfront::${options.accountId}:distribution/${id}`;
        const groups = new Set(config.behaviors.flatMap(({ trustedKeyGroups }) => trustedKeyGroups));
        const distribution = {
          id,
          arn,
          trusts: (keyGroupId: string) => groups.has(keyGroupId),
          resolve: () => resolve(request.logicalId, { id, arn, config }, resources),
        };
        // What it names has to be there now.
        distribution.resolve();
        resources.distribution = distribution;
        const warning = config.hasWebAcl ? WEB_ACL_WARNING : undefined;
        return { physicalId: id, attributes: { Id: id, DomainName: options.domainName }, warning };
      },
      remove() {
        resources.distribution = undefined;
      },
    },
  };
}

/** A policy is read once; behaviors name it by its id. */
function policyType<T>(policies: Map<string, T>, read: (request: ResourceRequest) => T): ResourceType {
  return {
    apply(request) {
      const physicalId = request.previous?.physicalId ?? randomUUID();
      policies.set(physicalId, read(request));
      return { physicalId, attributes: { Id: physicalId } };
    },
  };
}

const PUBLIC_KEY_CONFIG: PropertyTable = { CallerReference: 'used', Comment: 'used', EncodedKey: 'used', Name: 'used' };

const KEY_GROUP_CONFIG: PropertyTable = { Comment: 'used', Items: 'used', Name: 'used' };

const ORIGIN_ACCESS_CONTROL_CONFIG: PropertyTable = {
  Description: { noEffect: 'text' },
  Name: { noEffect: 'a name' },
  OriginAccessControlOriginType: 'used',
  SigningBehavior: 'used',
  SigningProtocol: 'used',
};

/** These resources have one property each: `PublicKey` has `PublicKeyConfig`. */
function configOf({ logicalId, properties }: ResourceRequest, type: string, table: PropertyTable): Properties {
  const name = `${type}Config`;
  return new Properties(`${logicalId} (AWS::CloudFront::${type})`, properties, { [name]: 'used' }).group(name, table);
}

/** What CloudFront's API answers of them besides. */
function namesOf({ logicalId, properties }: ResourceRequest) {
  const [config = {}] = Object.values(properties) as Record<string, unknown>[];
  const { Name = logicalId, CallerReference = logicalId, Comment = '' } = config;
  return { name: String(Name), callerReference: String(CallerReference), comment: String(Comment) };
}

/** A public key cannot change: CloudFormation fails with these words (aws-cdk #15301), so the local runtime does too. */
function readEncodedKey(request: ResourceRequest): string {
  const encodedKey = configOf(request, 'PublicKey', PUBLIC_KEY_CONFIG).text('EncodedKey');
  const before = request.previous?.properties.PublicKeyConfig as { EncodedKey?: unknown } | undefined;
  if (before && before.EncodedKey !== encodedKey) {
    throw new Error(
      `${request.logicalId}: Invalid request provided: AWS::CloudFront::PublicKey. A public key cannot be changed; give the new one another logical id`,
    );
  }
  return encodedKey;
}

function checkOriginAccessControl(request: ResourceRequest): void {
  const config = configOf(request, 'OriginAccessControl', ORIGIN_ACCESS_CONTROL_CONFIG);
  const [type, behavior] = [config.text('OriginAccessControlOriginType'), config.text('SigningBehavior')];
  config.oneOf('SigningProtocol', ['sigv4'], 'sigv4');
  if (type !== 's3') config.notImplemented(`an origin access control for ${type}`);
  if (behavior !== 'always') config.notImplemented(`the signing behavior ${behavior}`);
}

/** Every id that the configuration names, replaced by what it names. @throws Error in CloudFront's words for an id of nothing. */
function resolve(
  logicalId: string,
  { id, arn, config }: { id: string; arn: string; config: DistributionConfig },
  resources: CloudFrontResources,
): DeployedDistribution {
  const fail = (what: string): never => {
    throw new Error(`${logicalId}: ${what}`);
  };
  const { enabled, defaultRootObject, geoRestriction, errorResponses } = config;
  for (const origin of config.origins.values()) {
    if (origin.kind === 'bucket' && !resources.originAccessControls.has(origin.originAccessControlId))
      fail(`NoSuchOriginAccessControl: ${origin.originAccessControlId}`);
  }
  const behaviors = config.behaviors.map((behavior) => resolveBehavior(behavior, config, resources, fail));
  return { id, arn, enabled, defaultRootObject, geoRestriction, errorResponses, behaviors };
}

function resolveBehavior(
  behavior: CacheBehavior,
  { origins }: DistributionConfig,
  resources: CloudFrontResources,
  fail: (what: string) => never,
): DeployedBehavior {
  const { pathPattern, allowedMethods, viewerProtocolPolicy, compress, originId } = behavior;
  const { cachePolicyId, originRequestPolicyId, responseHeadersPolicyId } = behavior;
  /** A policy of the stack, or one of AWS's own. */
  const policy = <T>(policies: ReadonlyMap<string, T>, policyId: string, kind: string): T =>
    policies.get(policyId) ?? fail(whyNot(kind, policyId));
  const origin = origins.get(originId) ?? fail(`there is no origin ${originId}`);
  if (origin.kind === 'bucket' && allowedMethods.includes('PUT'))
    fail(`writing through the distribution (${pathPattern}) is not implemented by the local runtime (NotImplemented)`);
  return {
    pathPattern,
    origin,
    allowedMethods,
    viewerProtocolPolicy,
    compress,
    cachePolicy: policy(resources.cachePolicies, cachePolicyId, 'cache'),
    originRequestPolicy:
      originRequestPolicyId === undefined
        ? undefined
        : policy(resources.originRequestPolicies, originRequestPolicyId, 'origin request'),
    responseHeadersPolicy:
      responseHeadersPolicyId === undefined
        ? undefined
        : policy(resources.responseHeadersPolicies, responseHeadersPolicyId, 'response headers'),
    publicKeys: trustedKeys(behavior, resources, fail),
  };
}

function whyNot(kind: string, id: string): string {
  const reason = REFUSED_CACHE_POLICIES[id] ?? REFUSED_ORIGIN_REQUEST_POLICIES[id];
  return reason === undefined
    ? `the local runtime does not know the ${kind} policy ${id} (NotImplemented)`
    : `the ${kind} policy ${id} is not implemented by the local runtime: ${reason}`;
}

function trustedKeys(
  { trustedKeyGroups }: CacheBehavior,
  { keys: { keyGroups, publicKeys } }: CloudFrontResources,
  fail: (what: string) => never,
): DeployedBehavior['publicKeys'] {
  if (trustedKeyGroups.length === 0) return undefined;
  const ids = trustedKeyGroups.flatMap(
    (group) => keyGroups.get(group)?.items ?? fail(`TrustedKeyGroupDoesNotExist: ${group}`),
  );
  return Object.fromEntries(ids.map((id) => [id, publicKeys.get(id)?.encodedKey ?? fail(`NoSuchPublicKey: ${id}`)]));
}
