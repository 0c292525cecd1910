import { fromSafeBase64 } from '../encoding/safe-base64';
import { EdgepassError } from '../errors';
import { cannedPolicy, type Terms } from '../policy/policy';
import type { Credentials } from './read-credentials';
import { readCannedPolicy, readCustomPolicy } from './read-policy';

export interface SignedTerms {
  readonly terms: Terms;
  /** Exactly what was signed. */
  readonly signedBytes: Buffer;
}

/**
 * With both `Policy` and `Expires` the policy decides and the other is ignored: every URL of the `aws-cloudfront-sign` package
 * carries both. [UNV] by a capture.
 */
export function readTerms({ parameters: { Policy, Expires }, resource }: Credentials): SignedTerms {
  if (Policy !== undefined) {
    const signedBytes = fromSafeBase64(Policy);
    if (!signedBytes) throw undecodable();
    return { terms: readCustomPolicy(signedBytes), signedBytes };
  }
  if (Expires === undefined) throw new EdgepassError('ERR_POLICY_MISSING', 'Neither Expires nor Policy');
  return { terms: readCannedPolicy(resource, Expires), signedBytes: Buffer.from(cannedPolicy(resource, Expires)) };
}

const undecodable = (): EdgepassError =>
  new EdgepassError('ERR_POLICY_MALFORMED', "Policy is not CloudFront's base64: padded, with - _ ~ for + = /");
