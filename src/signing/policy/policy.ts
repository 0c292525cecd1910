import type { IpRange } from './ip-range';

/** A policy statement as it was signed. */
export interface Policy {
  /** Canned: rebuilt from the request. Custom: sent along with it. */
  readonly type: 'canned' | 'custom';
  /** Undefined when a custom policy leaves it out: it then covers every URL of every distribution that trusts the key. */
  readonly resource: string | undefined;
  readonly dateLessThan: Date;
  readonly dateGreaterThan?: Date;
  /** One IPv4 address or CIDR block. */
  readonly ipAddress?: string;
}

/** What is written into a policy; times in Unix seconds. */
export interface Statement {
  readonly resource: string;
  readonly dateLessThan: number;
  readonly dateGreaterThan: number | undefined;
  readonly ipAddress: string | undefined;
}

/** A policy in the form that requests are checked against; times in Unix seconds. */
export interface Terms {
  readonly policy: Policy;
  readonly dateLessThan: number;
  readonly dateGreaterThan: number | undefined;
  readonly ipRange: IpRange | undefined;
}

/**
 * The string that CloudFront rebuilds and checks the signature of: this order, no whitespace, nothing escaped.
 * Source: CloudFront Developer Guide, "Create a signed URL using a canned policy".
 */
export function cannedPolicy(resource: string, dateLessThan: number | string): string {
  return `{"Statement":[{"Resource":"${resource}","Condition":{"DateLessThan":{"AWS:EpochTime":${dateLessThan}}}}]}`;
}

/** Conditions may come in any order; this one is that of `@aws-sdk/cloudfront-signer`, so that RSA signatures are equal. */
export function customPolicy({ resource, dateLessThan, dateGreaterThan, ipAddress }: Statement): string {
  return JSON.stringify({
    Statement: [
      {
        Resource: resource,
        Condition: {
          DateLessThan: { 'AWS:EpochTime': dateLessThan },
          ...(dateGreaterThan !== undefined && { DateGreaterThan: { 'AWS:EpochTime': dateGreaterThan } }),
          ...(ipAddress !== undefined && { IpAddress: { 'AWS:SourceIp': ipAddress } }),
        },
      },
    ],
  });
}
