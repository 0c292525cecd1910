import type { PolicyDocument } from './policy-document';

/** The signer of a request: its name as IAM prints it in a denial, and its identity policies. */
export interface Principal {
  readonly kind: 'user' | 'assumed-role' | 'service';
  /** As AWS prints it: `arn:aws:iam::…:user/…`, `arn:aws:sts::…:assumed-role/ROLE/SESSION`, or `cloudfront.amazonaws.com`. */
  readonly arn: string;
  /** The role behind an assumed role: resource policies may name it. */
  readonly roleArn?: string;
  readonly accountId: string;
  /** `aws:userid`: a user's unique id, or `ROLE_ID:SESSION`. A service has none. */
  readonly userId?: string;
  /** For a service that acts for one of its resources: that resource, `aws:SourceArn` in conditions. */
  readonly sourceArn?: string;
  readonly identityPolicies: readonly PolicyDocument[];
}

/** An access key as the endpoint knows it. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Temporary credentials carry one; a request signed with them must send it. */
  readonly sessionToken?: string;
  /** Called at each request, so that a changed policy counts. */
  readonly principal: () => Principal;
}

export type FindAccessKey = (accessKeyId: string) => AccessKey | undefined;
