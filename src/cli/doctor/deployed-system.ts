import type { PolicyDocument } from '../../local/iam/policy-document';
import type { Observation } from './observation';

/** A deployed stack as the doctor sees it: plain data, from AWS or from a local runtime. */
export interface DeployedSystem {
  /** For people: `the stack Edgepass, account 111122223333, region eu-central-1`. */
  readonly where: string;
  /** When it was looked at, by this machine's clock. */
  readonly now: Date;
  readonly distribution: Observation<Distribution>;
  /** Every bucket that the distribution has as an origin. */
  readonly buckets: Observation<readonly Bucket[]>;
  /** Public key ids by key group id, of the groups that behaviors trust. */
  readonly keyGroups: Observation<Readonly<Record<string, readonly string[]>>>;
  readonly keys: Observation<readonly KeyGeneration[]>;
  /** How far this machine's clock is ahead of the distribution's, in milliseconds. */
  readonly clockAhead: Observation<number>;
  readonly testLink: Observation<TestLink>;
}

export interface Distribution {
  readonly id: string;
  readonly arn: string;
  readonly enabled: boolean;
  readonly ipv6Enabled: boolean;
  readonly defaultRootObject: string | undefined;
  readonly origins: readonly Origin[];
  /** The default behavior is the last, and its pattern is `*`. */
  readonly behaviors: readonly Behavior[];
}

export interface Origin {
  readonly id: string;
  readonly domainName: string;
  /** The bucket's name, where it is one. */
  readonly bucket: string | undefined;
  readonly originAccessControlId: string | undefined;
  readonly originAccessIdentity: string | undefined;
}

export interface Behavior {
  readonly pathPattern: string;
  readonly originId: string;
  readonly viewerProtocolPolicy: string;
  readonly trustedKeyGroups: readonly string[];
  readonly queryStrings: Observation<QueryStrings>;
}

/** What reaches the origin of a query. Source: CloudFront API Reference, CachePolicyQueryStringsConfig. */
export interface QueryStrings {
  readonly behavior: 'none' | 'whitelist' | 'allExcept' | 'all';
  readonly names: readonly string[];
}

export interface Bucket {
  readonly name: string;
  readonly policy: Observation<PolicyDocument | undefined>;
  readonly isPublic: Observation<boolean>;
  readonly publicAccessBlock: Observation<PublicAccessBlock>;
  readonly encryption: Observation<Encryption>;
}

/** Source: Amazon S3 API Reference, PublicAccessBlockConfiguration. */
export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
}

export type Encryption =
  | { readonly by: 'S3' }
  /** `aws/s3`, whose policy nobody can change. */
  | { readonly by: 'AWS managed key' }
  | { readonly by: 'customer key'; readonly keyId: string; readonly policy: Observation<PolicyDocument> };

/** One of the key pairs that the stack has, as its public parameter tells. */
export interface KeyGeneration {
  readonly keyPairId: string;
  readonly createdAt: Date;
  readonly signsFrom: Date;
  readonly retiresAt: Date | undefined;
}

/** Statuses by which the distribution answered for one object. */
export interface TestLink {
  readonly signed: { readonly status: number; readonly server: string | null };
  /** Its signature altered. */
  readonly tampered: { readonly status: number };
  readonly unsigned: { readonly status: number };
}
