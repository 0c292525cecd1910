/**
 * What a response headers policy says. How it is applied: `apply-response-headers.ts`; AWS's own: `managed-response-headers.ts`.
 *
 * [D] CloudFront Developer Guide, "Understand response headers policies": the settings, their values and limits, the headers that
 * cannot be removed, where an origin may have a wildcard. API Reference, ResponseHeadersPolicyConfig: what has to be there.
 * Refused as CloudFront does: a `*` in Access-Control-Allow-Headers with credentials (captured, aws-cdk #35308).
 *
 * Gaps: `Server-Timing` (with a SamplingRate of 0 too: a viewer gets it then by `Pragma: server-timing`), and wildcards inside the
 * names of allowed headers.
 *
 * [UNV] Whether `*` with credentials is refused for origins and exposed headers as it is for allowed headers: here it is. Which
 * names a custom header cannot have: those that cannot be removed, and those of security headers. The order of the directives of
 * Strict-Transport-Security.
 */
import { Properties, type PropertyTable } from '../../cloudformation/properties';
import type { ResourceRequest } from '../../cloudformation/resource-type';
import { CORS_HEADERS, type CorsConfig, readCorsConfig } from './cors-config';
import { checkHeaderName, checkHeaderValue } from './header-rules';
import { type AddedHeader, isSecurityHeader, readSecurityHeaders } from './security-headers';

/** Plain data. */
export interface ResponseHeadersPolicy {
  readonly cors?: CorsConfig;
  /** In lower case. */
  readonly removed: readonly string[];
  /** Security and custom headers. */
  readonly added: readonly AddedHeader[];
}

const POLICY: PropertyTable = { ResponseHeadersPolicyConfig: 'used' };
const CONFIG: PropertyTable = {
  Comment: { noEffect: 'text' },
  CorsConfig: 'used',
  CustomHeadersConfig: 'used',
  Name: { noEffect: 'a name' },
  RemoveHeadersConfig: 'used',
  SecurityHeadersConfig: 'used',
  ServerTimingHeadersConfig: 'used',
};
const ITEMS: PropertyTable = { Items: 'used' };
const CUSTOM_HEADER: PropertyTable = { Header: 'used', Override: 'used', Value: 'used' };
const REMOVED_HEADER: PropertyTable = { Header: 'used' };
const SERVER_TIMING: PropertyTable = { Enabled: 'used', SamplingRate: { noEffect: 'refused when enabled' } };

/** Reads `AWS::CloudFront::ResponseHeadersPolicy`. @throws ResourcePropertyError naming the first thing in it that is not simulated. */
export function readResponseHeadersPolicy({ logicalId, properties }: ResourceRequest): ResponseHeadersPolicy {
  const config = new Properties(`${logicalId} (AWS::CloudFront::ResponseHeadersPolicy)`, properties, POLICY).group(
    'ResponseHeadersPolicyConfig',
    CONFIG,
  );
  if (config.group('ServerTimingHeadersConfig', SERVER_TIMING).flag('Enabled', false))
    config.notImplemented('ServerTimingHeadersConfig');
  const added = [...readSecurityHeaders(config), ...readCustomHeaders(config)];
  return {
    ...(config.has('CorsConfig') && { cors: readCorsConfig(config) }),
    removed: readRemovedHeaders(config),
    added,
  };
}

/** Source: "Headers that you can't remove". */
const FIXED = new Set(
  (
    'connection content-encoding content-length expect host keep-alive proxy-authenticate proxy-authorization ' +
    'proxy-connection trailer transfer-encoding upgrade via warning x-accel-buffering x-accel-charset x-accel-limit-rate ' +
    'x-accel-redirect x-amzn-auth x-amzn-cf-billing x-amzn-cf-id x-amzn-cf-xff x-amzn-errortype x-amzn-fle-profile ' +
    'x-amzn-header-count x-amzn-header-order x-amzn-lambda-integration-tag x-amzn-requestid x-cache x-forwarded-proto x-real-ip'
  ).split(' '),
);
const isFixed = (name: string): boolean =>
  FIXED.has(name) || name.startsWith('x-amz-cf-') || name.startsWith('x-edge-');

function readRemovedHeaders(parent: Properties): readonly string[] {
  const config = parent.group('RemoveHeadersConfig', ITEMS);
  return config.groups('Items', REMOVED_HEADER).map((item) => {
    const name = item.text('Header').toLowerCase();
    checkHeaderName(item, 'Header', name);
    return isFixed(name) ? item.refuse('Header', `is ${name}, which cannot be removed`) : name;
  });
}

function readCustomHeaders(parent: Properties): readonly AddedHeader[] {
  const config = parent.group('CustomHeadersConfig', ITEMS);
  const seen = new Set(parent.has('CorsConfig') ? CORS_HEADERS : []);
  return config.groups('Items', CUSTOM_HEADER).map((item) => {
    const name = item.text('Header');
    checkHeaderName(item, 'Header', name);
    if (isFixed(name.toLowerCase())) item.refuse('Header', `is ${name}, which CloudFront sets itself`);
    if (isSecurityHeader(name))
      item.refuse('Header', `is ${name}, which is a security header and cannot be set as custom header`);
    if (seen.has(name.toLowerCase())) item.refuse('Header', `is ${name}, which the policy sets already`);
    seen.add(name.toLowerCase());
    const value = item.anyText('Value');
    checkHeaderValue(item, 'Value', value);
    return { name, value, override: item.flag('Override') };
  });
}
