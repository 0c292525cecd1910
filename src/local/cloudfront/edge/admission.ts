import { EdgepassError, type VerificationCache, type VerifiedRequest, verifyRequest } from '../../../signing';
import type { Clock } from '../../clock';
import { isCountryAllowed } from '../config/geo-restriction';
import type { HtmlReason, ViewerAccessCode } from './response/answers';
import type { Behavior, RunningDistribution } from './running-distribution';
import { hasBody, type Viewer } from './viewer';

/** A request that passed every check, and from when to when the same link passes them. */
export interface AdmittedRequest {
  readonly behavior: Behavior;
  /** Path and query without CloudFront's parameters: what the cache and the origin see. */
  readonly target: string;
  /** Exclusive. Unix seconds. */
  readonly validFrom: number;
  /** Exclusive. Unix seconds. */
  readonly validUntil: number;
  /** The URL alone decides: no cookie and no IP address. */
  readonly isUrlSigned: boolean;
}

export type Refusal =
  | { readonly kind: 'page'; readonly reason: HtmlReason }
  | { readonly kind: 'redirect'; readonly status: 301 | 307 }
  | { readonly kind: 'viewer-access'; readonly code: ViewerAccessCode; readonly reason: string };

export interface AdmissionOptions {
  readonly now: Clock;
  readonly verified: VerificationCache;
  /** Whether viewers can come by HTTPS. Where they cannot, plain HTTP stands for it. */
  readonly hasHttps: boolean;
  /** The two letters of the country that viewers come from. */
  readonly viewerCountry: string | undefined;
}

/** Source: CloudFront Developer Guide, "Quotas": bytes of a URL. */
const LONGEST_URL = 8192;

const page = (reason: HtmlReason): Refusal => ({ kind: 'page', reason });

/**
 * A request at all → its length → behavior by path → method → body → protocol → country → viewer access.
 * [UNV] The order of those checks; each answer is known. Where no signature is asked for, CloudFront's parameters are the
 * application's own.
 */
export function admit(
  viewer: Viewer,
  distribution: RunningDistribution | undefined,
  options: AdmissionOptions,
): AdmittedRequest | Refusal {
  const { host, target, path, method, scheme } = viewer;
  if (!distribution?.enabled || !path.startsWith('/') || host === '') return page('bad-request');
  if (scheme.length + '://'.length + host.length + target.length > LONGEST_URL) return page('too-large');
  const behavior = distribution.behaviorFor(path);
  if (!behavior?.allowedMethods.has(method)) return page('method');
  if (isReadMethod(method) && hasBody(viewer)) return page('body');
  const misplaced = options.hasHttps ? checkProtocol(viewer, behavior) : undefined;
  if (misplaced) return misplaced;
  if (!isCountryAllowed(distribution.geoRestriction, options.viewerCountry)) return page('country');
  if (!behavior.publicKeys) return { behavior, target, ...ALWAYS };
  return checkSignature(viewer, behavior, options);
}

const ALWAYS = { validFrom: 0, validUntil: Number.POSITIVE_INFINITY, isUrlSigned: true };

export const isReadMethod = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** Source: CloudFront Developer Guide, "Require HTTPS for communication between viewers and CloudFront". */
function checkProtocol(
  { scheme, method, httpVersion }: Viewer,
  { viewerProtocolPolicy }: Behavior,
): Refusal | undefined {
  if (scheme === 'https' || viewerProtocolPolicy === 'allow-all') return undefined;
  if (viewerProtocolPolicy === 'https-only') return page('https-only');
  if (isReadMethod(method)) return { kind: 'redirect', status: 301 };
  return httpVersion === '1.0' ? page('https-only') : { kind: 'redirect', status: 307 };
}

function checkSignature(
  viewer: Viewer,
  behavior: Behavior,
  { now, verified }: AdmissionOptions,
): AdmittedRequest | Refusal {
  const { scheme, host, target, headers, ipAddress } = viewer;
  const { publicKeys = {} } = behavior;
  try {
    const granted = verifyRequest({
      scheme,
      host,
      target,
      cookieHeader: headers.cookie,
      publicKeys,
      now: now(),
      ipAddress,
      cache: verified,
    });
    return { behavior, target: granted.targetWithoutSigning, ...termsOf(granted) };
  } catch (error) {
    if (!(error instanceof EdgepassError)) throw error;
    return { kind: 'viewer-access', code: error.cloudFrontCode ?? 'AccessDenied', reason: error.code };
  }
}

function termsOf({ policy, signedBy }: VerifiedRequest): Omit<AdmittedRequest, 'behavior' | 'target'> {
  const { dateGreaterThan, dateLessThan, ipAddress } = policy;
  return {
    validFrom: dateGreaterThan === undefined ? 0 : dateGreaterThan.getTime() / 1000,
    validUntil: dateLessThan.getTime() / 1000,
    isUrlSigned: signedBy === 'url' && ipAddress === undefined,
  };
}
