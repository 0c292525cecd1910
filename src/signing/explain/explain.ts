import { duration } from '../encoding/duration';
import { redactUrl } from '../encoding/redact-url';
import type { Terms } from '../policy/policy';
import { epochTime, isFarPast } from '../policy/validity';
import { checkAddress, checkEnd, checkResource, checkStart } from '../verify/check-terms';
import { findPublicKey } from '../verify/find-public-key';
import { readCredentials } from '../verify/read-credentials';
import { checkSignature, readHashAlgorithm, readSignature } from '../verify/read-signature';
import { readTerms, type SignedTerms } from '../verify/read-terms';
import type { VerifyContext } from '../verify/verify-request';
import { toRequest, type UrlWithCookies } from '../verify/verify-url';
import { explainNotSigned } from './explain-not-signed';
import { explainResource } from './explain-resource';
import { explainSignature } from './explain-signature';
import { type Explanation, ExplanationWriter } from './explanation';

/**
 * Tells why a signed URL or signed cookies are allowed or refused: every check with its outcome, not just the first failure, and
 * what was signed in place of what was requested, where another spelling of the URL verifies. Decides as `verifyRequest` does. It
 * may verify hundreds of spellings: for people, not for the path of a request.
 *
 * @example explain(url, { publicKeys, now: new Date(), ipAddress: '203.0.113.7' }).checks
 */
export function explain(input: string | UrlWithCookies, context: VerifyContext): Explanation {
  const { publicKeys, ipAddress } = context;
  const now = epochTime(context.now);
  const writer = new ExplanationWriter();
  const credentials = writer.attempt('Request', {
    run: () => readCredentials(toRequest(input, context)),
    passed: ({ source }) => (source === 'url' ? 'The URL is signed' : 'The URL is not signed: cookies count'),
  });
  if (!credentials) return writer.end();

  const key = writer.attempt('Key-Pair-Id', {
    run: () => findPublicKey(credentials, publicKeys),
    passed: ({ keyPairId, publicKey }) => `${keyPairId} is trusted (${publicKey.keyType})`,
    hint: ({ cloudFrontCode }) => (cloudFrontCode === 'MissingKey' ? explainNotSigned(input) : undefined),
  });
  if (Object.keys(credentials.parameters).length === 0) return writer.end();

  const hashAlgorithm = writer.attempt('Hash-Algorithm', {
    run: () => readHashAlgorithm(credentials),
    passed: (name) => (credentials.parameters['Hash-Algorithm'] === undefined ? `${name}, the default` : name),
  });
  const signature = writer.attempt('Signature encoding', {
    run: () => readSignature(credentials),
    passed: (bytes) => `${bytes.length} bytes`,
  });
  const signed = writer.attempt('Policy', { run: () => readTerms(credentials), passed: describePolicy });
  if (!signed) return writer.end();

  if (key && hashAlgorithm && signature) {
    const { publicKey } = key;
    const { signedBytes } = signed;
    writer.attempt('Signature', {
      run: () => checkSignature(signedBytes, signature, publicKey, hashAlgorithm),
      passed: () => 'Verifies',
      hint: () => explainSignature({ credentials, signature, signedBytes, publicKey, hashAlgorithm, publicKeys }),
    });
  }
  attemptTerms(writer, signed.terms, { now, ipAddress, requested: credentials.resource });
  return writer.end();
}

interface RequestFacts {
  /** Unix seconds. */
  readonly now: number;
  readonly ipAddress: string | undefined;
  readonly requested: string;
}

function attemptTerms(writer: ExplanationWriter, terms: Terms, { now, ipAddress, requested }: RequestFacts): void {
  const { policy, dateLessThan, dateGreaterThan } = terms;
  writer.attempt('DateGreaterThan', {
    run: () => checkStart(terms, now),
    passed: () => (dateGreaterThan === undefined ? 'No start is set' : `Began ${duration(now - dateGreaterThan)} ago`),
  });
  writer.attempt('DateLessThan', {
    run: () => checkEnd(terms, now),
    passed: () => `Ends in ${duration(dateLessThan - now)}, at ${policy.dateLessThan.toISOString()}`,
    hint: () => (isFarPast(dateLessThan) ? 'It looks as if seconds were passed; a Date takes milliseconds' : undefined),
  });
  writer.attempt('IpAddress', {
    run: () => checkAddress(terms, ipAddress),
    passed: () =>
      policy.ipAddress === undefined ? 'Any address is allowed' : `${ipAddress} is in ${policy.ipAddress}`,
  });
  writer.attempt('Resource', {
    run: () => checkResource(terms, requested),
    passed: () => (policy.resource === undefined ? 'Covers every URL' : `Covers ${redactUrl(requested)}`),
    hint: () => explainResource(policy.resource ?? '*', requested),
  });
}

function describePolicy({ terms: { policy } }: SignedTerms): string {
  if (policy.type === 'canned') return 'Canned, rebuilt from the URL and Expires';
  return `Custom, for ${redactUrl(policy.resource ?? 'every URL')}`;
}
