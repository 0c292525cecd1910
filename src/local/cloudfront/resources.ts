import { randomInt, randomUUID } from 'node:crypto';
import { importPublicKey, type PublicKey, type PublicKeys } from '../../signing';
import { Properties, type PropertyTable } from '../cloudformation/properties';
import type { ResourceRequest, ResourceTypes } from '../cloudformation/resource-type';
import { type CachePolicy, MANAGED_CACHE_POLICIES, readCachePolicy } from './cache-policy';
import { type CacheBehavior, type DistributionConfig, readDistributionConfig } from './distribution-config';

/** The stack's CloudFront resources as the edge reads them. */
export interface CloudFrontResources {
  readonly publicKeys: Map<string, PublicKey>;
  /** Key group id to public key ids. */
  readonly keyGroups: Map<string, readonly string[]>;
  readonly originAccessControls: Set<string>;
  readonly cachePolicies: Map<string, CachePolicy>;
  distribution: Distribution | undefined;
}

export interface Distribution {
  readonly id: string;
  readonly arn: string;
  readonly config: DistributionConfig;
  /** The public keys that may sign for a behavior; absent where no signature is asked for. */
  readonly trustedKeys: ReadonlyMap<CacheBehavior, PublicKeys>;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** An id as CloudFront makes them: a letter for the kind, 13 capitals and digits. */
const newId = (kind: string): string => kind + Array.from({ length: 13 }, () => ALPHABET[randomInt(36)]).join('');

export function cloudFrontResourceTypes(
  resources: CloudFrontResources,
  options: { accountId: string; domainName: () => string },
): ResourceTypes {
  return {
    'AWS::CloudFront::PublicKey': {
      apply(request) {
        const encodedKey = readEncodedKey(request);
        const physicalId = request.previous?.physicalId ?? newId('K');
        resources.publicKeys.set(physicalId, importPublicKey(encodedKey));
        return { physicalId, attributes: { Id: physicalId } };
      },
    },
    'AWS::CloudFront::KeyGroup': {
      apply(request) {
        const config = configOf(request, 'KeyGroup', KEY_GROUP_CONFIG);
        const items = config.textList('Items');
        const missing = items.find((id) => !resources.publicKeys.has(id));
        if (missing) config.refuse('Items', `NoSuchPublicKey: there is no public key ${missing}`);
        const physicalId = request.previous?.physicalId ?? randomUUID();
        resources.keyGroups.set(physicalId, items);
        return { physicalId, attributes: { Id: physicalId } };
      },
    },
    'AWS::CloudFront::CachePolicy': {
      apply(request) {
        const physicalId = request.previous?.physicalId ?? randomUUID();
        resources.cachePolicies.set(physicalId, readCachePolicy(request));
        return { physicalId, attributes: { Id: physicalId } };
      },
    },
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
          throw new Error(`${request.logicalId}: home serves one distribution a stack (NotImplemented)`);
        const config = readDistributionConfig(request);
        checkReferences(request, config, resources);
        const id = request.previous?.physicalId ?? newId('E');
        const arn = `arn:aws:cloudfront::${options.accountId}:distribution/${id}`;
        resources.distribution = { id, arn, config, trustedKeys: trustedKeysOf(config, resources) };
        return { physicalId: id, attributes: { Id: id, DomainName: options.domainName() } };
      },
    },
  };
}

const PUBLIC_KEY_CONFIG: PropertyTable = {
  CallerReference: { noEffect: 'a name' },
  Comment: { noEffect: 'text' },
  EncodedKey: 'used',
  Name: { noEffect: 'a name' },
};

const KEY_GROUP_CONFIG: PropertyTable = {
  Comment: { noEffect: 'text' },
  Items: 'used',
  Name: { noEffect: 'a name' },
};

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

/** A public key cannot change: CloudFormation fails with these words (aws-cdk #15301), so home does too. */
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

function checkReferences(request: ResourceRequest, config: DistributionConfig, resources: CloudFrontResources): void {
  for (const { originAccessControlId } of config.origins.values()) {
    if (!resources.originAccessControls.has(originAccessControlId))
      throw new Error(`${request.logicalId}: NoSuchOriginAccessControl: ${originAccessControlId}`);
  }
  for (const { originId, trustedKeyGroups, cachePolicyId } of config.behaviors) {
    if (!findCachePolicy(cachePolicyId, resources))
      throw new Error(`${request.logicalId}: home does not know the cache policy ${cachePolicyId} (NotImplemented)`);
    if (!config.origins.has(originId)) throw new Error(`${request.logicalId}: there is no origin ${originId}`);
    const missing = trustedKeyGroups.find((id) => !resources.keyGroups.has(id));
    if (missing) throw new Error(`${request.logicalId}: TrustedKeyGroupDoesNotExist: ${missing}`);
  }
}

export const findCachePolicy = (id: string, { cachePolicies }: CloudFrontResources): CachePolicy | undefined =>
  cachePolicies.get(id) ?? (Object.hasOwn(MANAGED_CACHE_POLICIES, id) ? MANAGED_CACHE_POLICIES[id] : undefined);

function trustedKeysOf(
  { behaviors }: DistributionConfig,
  resources: CloudFrontResources,
): Map<CacheBehavior, PublicKeys> {
  const restricted = behaviors.filter(({ trustedKeyGroups }) => trustedKeyGroups.length > 0);
  return new Map(
    restricted.map((behavior) => {
      const ids = new Set(behavior.trustedKeyGroups.flatMap((group) => resources.keyGroups.get(group) ?? []));
      return [behavior, Object.fromEntries([...resources.publicKeys].filter(([id]) => ids.has(id)))];
    }),
  );
}
