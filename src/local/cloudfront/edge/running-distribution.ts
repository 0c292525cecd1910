import { importPublicKey, type PublicKeys } from '../../../signing';
import { matchesWildcard } from '../../wildcard';
import type { DeployedBehavior, DeployedDistribution } from '../deployed-distribution';
import { type OriginRequestPolicy, selectionsForOrigin } from '../policies/origin-request-policy';

/** A distribution made ready to serve: nothing per request that can be known before. */
export interface RunningDistribution extends Omit<DeployedDistribution, 'behaviors'> {
  /** The first whose pattern matches decides. */
  behaviorFor(path: string): Behavior | undefined;
}

export interface Behavior extends Omit<DeployedBehavior, 'publicKeys' | 'allowedMethods'> {
  readonly allowedMethods: ReadonlySet<string>;
  readonly publicKeys: PublicKeys | undefined;
  /** What the two policies together send to the origin. */
  readonly forOrigin: OriginRequestPolicy;
}

export function runDistribution(deployed: DeployedDistribution): RunningDistribution {
  // A leading slash in a pattern is optional.
  const candidates = deployed.behaviors.map((behavior) => ({
    pattern: `/${behavior.pathPattern.replace(/^\//, '')}`,
    behavior: {
      ...behavior,
      allowedMethods: new Set(behavior.allowedMethods),
      publicKeys: behavior.publicKeys && parse(behavior.publicKeys),
      forOrigin: selectionsForOrigin(behavior.cachePolicy, behavior.originRequestPolicy),
    },
  }));
  return {
    ...deployed,
    behaviorFor: (path) => candidates.find(({ pattern }) => matchesWildcard(pattern, path))?.behavior,
  };
}

const parse = (keys: Readonly<Record<string, string>>): PublicKeys =>
  Object.fromEntries(Object.entries(keys).map(([id, pem]) => [id, importPublicKey(pem)]));
