/**
 * Which headers a policy may name, and which of a viewer's headers never reach the bucket.
 *
 * [D] CloudFront Developer Guide, "HTTP request headers and CloudFront behavior": the table's column of headers that cannot be in
 * a cache key. There and in "Cache content based on request headers": not `Host`, for a bucket. In "Configure CloudFront to
 * forward the Authorization header": not by name in an origin request policy. In "Restrict access to an Amazon S3 origin":
 * CloudFront signs every request, so `Authorization` is its own.
 *
 * Gaps: headers that CloudFront makes up (`CloudFront-Viewer-Country`, …) are refused by name. `X-Forwarded-For` goes on as the
 * viewer sent it: a bucket reads none, so the viewer's address is not added.
 *
 * [UNV] What CloudFront does with a viewer's `X-Amz-*` when it signs for the bucket: none reach it here, and a policy that names
 * one is refused. Whether an origin request policy is refused the same names as a cache policy: it is here.
 */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Properties } from '../../cloudformation/properties';

type Rule = { readonly invalid: string } | { readonly notImplemented: string };

const HOP: Rule = { invalid: 'is for one connection and cannot be named in a policy' };
const OWN: Rule = { invalid: 'is set by CloudFront and cannot be named in a policy' };
const UNKEYED: Rule = { invalid: 'cannot be named in a policy' };

const RULES: Readonly<Record<string, Rule>> = {
  'cache-control': UNKEYED,
  connection: HOP,
  'content-length': UNKEYED,
  cookie: { invalid: 'cannot be named in a policy; CookiesConfig says which cookies count' },
  host: { notImplemented: 'is the viewer’s name for the distribution, and a bucket answers to its own alone' },
  'max-forwards': UNKEYED,
  pragma: UNKEYED,
  'proxy-authenticate': HOP,
  'proxy-authorization': HOP,
  'proxy-connection': HOP,
  'request-range': UNKEYED,
  te: HOP,
  trailer: HOP,
  'transfer-encoding': HOP,
  upgrade: HOP,
  'x-amz-cf-id': OWN,
  'x-forwarded-proto': OWN,
  'x-real-ip': OWN,
};

const PREFIX_RULES: readonly (readonly [prefix: string, rule: Rule])[] = [
  [
    'cloudfront-',
    { notImplemented: 'is made by CloudFront from what it knows of the viewer; the local runtime knows nothing of it' },
  ],
  ['x-amz-', { notImplemented: 'would be a header of CloudFront’s own signed request to the bucket' }],
  ['x-edge-', OWN],
];

const ruleOf = (name: string): Rule | undefined =>
  Object.hasOwn(RULES, name) ? RULES[name] : PREFIX_RULES.find(([prefix]) => name.startsWith(prefix))?.[1];

/** Refuses a policy's list that names a header which CloudFront, or the local runtime, cannot take there. */
export function checkHeaderNames(config: Properties, field: string, names: readonly string[]): void {
  for (const name of names) {
    const rule = ruleOf(name);
    checkHeaderName(config, field, name);
    if (rule && 'invalid' in rule) config.refuse(field, `has ${name}, which ${rule.invalid}`);
    if (rule) config.notImplemented(`${field}: ${name}, which ${rule.notImplemented},`);
  }
}

/** Conditions and ranges travel on their own: the cache asks for whole objects, and passes them on when the bucket has to refuse. */
export const CONDITIONS: readonly string[] = [
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
];

/** Beyond those no policy can name. `Accept-Encoding` is what `Compress` and the cache policy make of it. */
const KEPT_FROM_EVERY_ORIGIN: readonly string[] = ['accept-encoding', 'expect', 'keep-alive', ...CONDITIONS];

/** `Authorization` is CloudFront's own signature. */
export const mayReachBucket = (name: string): boolean =>
  ruleOf(name) === undefined && name !== 'authorization' && !KEPT_FROM_EVERY_ORIGIN.includes(name);

/** An HTTP server, such as a REST API, gets all that is neither for one connection nor CloudFront's own to say. */
export function mayReachServer(name: string): boolean {
  const rule = ruleOf(name);
  const isOwn = rule === HOP || rule === OWN || name === 'cookie' || name === 'content-length' || name.startsWith(':');
  return !isOwn && !KEPT_FROM_EVERY_ORIGIN.includes(name);
}

export function checkHeaderName(config: Properties, field: string, name: string): void {
  try {
    validateHeaderName(name);
  } catch {
    config.refuse(field, `has ${JSON.stringify(name)}, which is no header’s name`);
  }
}

/** Source: CloudFront Developer Guide, "Quotas on headers". */
const LONGEST_VALUE = 1783;

export function checkHeaderValue(config: Properties, field: string, value: string): void {
  if (value.length > LONGEST_VALUE) config.refuse(field, `is longer than ${LONGEST_VALUE} characters`);
  try {
    validateHeaderValue(field, value);
  } catch {
    config.refuse(field, 'has characters that no header can have');
  }
}
