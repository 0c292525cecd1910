import { Properties, type PropertyTable } from '../cloudformation/properties';
import type { ResourceRequest } from '../cloudformation/resource-type';

/** What the edge removes from an answer and adds to it. Plain data. */
export interface ResponseHeadersPolicy {
  readonly cors: CorsHeaders | undefined;
  /** Security headers and custom ones. */
  readonly added: readonly AddedHeader[];
  /** Lower case. */
  readonly removed: readonly string[];
}

export interface CorsHeaders {
  readonly allowCredentials: boolean;
  readonly allowHeaders: readonly string[];
  readonly allowMethods: readonly string[];
  /** With wildcards: `https://*.example.com`, `*`. */
  readonly allowOrigins: readonly string[];
  readonly exposeHeaders: readonly string[];
  /** Seconds. */
  readonly maxAge: number | undefined;
  readonly originOverride: boolean;
}

export interface AddedHeader {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
  readonly override: boolean;
}

const SIMPLE_CORS: CorsHeaders = {
  allowCredentials: false,
  allowHeaders: [],
  allowMethods: [],
  allowOrigins: ['*'],
  exposeHeaders: [],
  maxAge: undefined,
  originOverride: false,
};
const PREFLIGHT_CORS: CorsHeaders = {
  ...SIMPLE_CORS,
  allowMethods: ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'],
  exposeHeaders: ['*'],
};
const SECURITY: readonly AddedHeader[] = [
  { name: 'referrer-policy', value: 'strict-origin-when-cross-origin', override: false },
  { name: 'strict-transport-security', value: 'max-age=31536000', override: false },
  { name: 'x-content-type-options', value: 'nosniff', override: true },
  { name: 'x-frame-options', value: 'SAMEORIGIN', override: false },
  { name: 'x-xss-protection', value: '1; mode=block', override: false },
];

const managed = (cors: CorsHeaders | undefined, added: readonly AddedHeader[]): ResponseHeadersPolicy => ({
  cors,
  added,
  removed: [],
});

/** AWS's own, by their ids. Source: CloudFront Developer Guide, "Use managed response headers policies". */
export const MANAGED_RESPONSE_HEADERS_POLICIES: Readonly<Record<string, ResponseHeadersPolicy>> = {
  // SimpleCORS
  '60669652-455b-4ae9-85a4-c4c02393f86c': managed(SIMPLE_CORS, []),
  // CORS-With-Preflight
  '5cc3b908-e619-4b99-88e5-2cf7f45965bd': managed(PREFLIGHT_CORS, []),
  // SecurityHeadersPolicy
  '67f7725c-6f97-4210-82d7-5512b31e9d03': managed(undefined, SECURITY),
  // CORS-and-SecurityHeadersPolicy
  'e61eb60c-9c35-4d20-a928-2b84e02af89c': managed(SIMPLE_CORS, SECURITY),
  // CORS-with-preflight-and-SecurityHeadersPolicy
  'eaab4381-ed33-4a86-88ca-d9558dc6cd63': managed(PREFLIGHT_CORS, SECURITY),
};

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
const CORS: PropertyTable = {
  AccessControlAllowCredentials: 'used',
  AccessControlAllowHeaders: 'used',
  AccessControlAllowMethods: 'used',
  AccessControlAllowOrigins: 'used',
  AccessControlExposeHeaders: 'used',
  AccessControlMaxAgeSec: 'used',
  OriginOverride: 'used',
};
const ITEMS: PropertyTable = { Items: 'used' };
const CUSTOM: PropertyTable = { Header: 'used', Override: 'used', Value: 'used' };
const REMOVED: PropertyTable = { Header: 'used' };
const SERVER_TIMING: PropertyTable = {
  Enabled: { notImplemented: 'the edge writes no Server-Timing' },
  SamplingRate: { noEffect: 'without Enabled' },
};

/** Reads `AWS::CloudFront::ResponseHeadersPolicy`. @throws ResourcePropertyError naming the first thing in it that home does not do. */
export function readResponseHeadersPolicy({ logicalId, properties }: ResourceRequest): ResponseHeadersPolicy {
  const resource = new Properties(`${logicalId} (AWS::CloudFront::ResponseHeadersPolicy)`, properties, POLICY);
  const config = resource.group('ResponseHeadersPolicyConfig', CONFIG);
  config.group('ServerTimingHeadersConfig', SERVER_TIMING);
  const custom = config.group('CustomHeadersConfig', ITEMS).groups('Items', CUSTOM);
  const removed = config.group('RemoveHeadersConfig', ITEMS).groups('Items', REMOVED);
  return {
    cors: config.has('CorsConfig') ? readCors(config.group('CorsConfig', CORS)) : undefined,
    added: [
      ...readSecurityHeaders(config),
      ...custom.map((header) => ({
        name: header.text('Header').toLowerCase(),
        value: header.text('Value'),
        override: header.flag('Override', false),
      })),
    ],
    removed: removed.map((header) => header.text('Header').toLowerCase()),
  };
}

function readCors(cors: Properties): CorsHeaders {
  const items = (name: string): readonly string[] => cors.group(name, ITEMS).textList('Items');
  const allowCredentials = cors.flag('AccessControlAllowCredentials', false);
  const lists = {
    allowHeaders: items('AccessControlAllowHeaders'),
    allowMethods: items('AccessControlAllowMethods').flatMap((method) => (method === 'ALL' ? ALL_METHODS : method)),
    allowOrigins: items('AccessControlAllowOrigins'),
    exposeHeaders: items('AccessControlExposeHeaders'),
  };
  // Browsers refuse the two together, and CloudFront refuses such a policy.
  if (allowCredentials && Object.values(lists).some((list) => list.includes('*')))
    cors.refuse('AccessControlAllowCredentials', 'cannot be true beside a list that has "*"');
  return {
    allowCredentials,
    ...lists,
    maxAge: cors.optionalNumber('AccessControlMaxAgeSec', { min: 0, max: 86_400 * 365 }),
    originOverride: cors.flag('OriginOverride', false),
  };
}

const ALL_METHODS = PREFLIGHT_CORS.allowMethods;

const SECURITY_HEADERS: PropertyTable = {
  ContentSecurityPolicy: 'used',
  ContentTypeOptions: 'used',
  FrameOptions: 'used',
  ReferrerPolicy: 'used',
  StrictTransportSecurity: 'used',
  XSSProtection: 'used',
};

/** A row a header: how its group is read. */
const SECURITY_GROUPS: readonly (readonly [
  group: string,
  name: string,
  table: PropertyTable,
  value: (group: Properties) => string,
])[] = [
  [
    'ContentSecurityPolicy',
    'content-security-policy',
    { ContentSecurityPolicy: 'used' },
    (group) => group.text('ContentSecurityPolicy'),
  ],
  ['ContentTypeOptions', 'x-content-type-options', {}, () => 'nosniff'],
  [
    'FrameOptions',
    'x-frame-options',
    { FrameOption: 'used' },
    (group) => group.oneOf('FrameOption', ['DENY', 'SAMEORIGIN'], 'SAMEORIGIN'),
  ],
  ['ReferrerPolicy', 'referrer-policy', { ReferrerPolicy: 'used' }, (group) => group.text('ReferrerPolicy')],
  [
    'StrictTransportSecurity',
    'strict-transport-security',
    { AccessControlMaxAgeSec: 'used', IncludeSubdomains: 'used', Preload: 'used' },
    strictTransportSecurity,
  ],
  ['XSSProtection', 'x-xss-protection', { ModeBlock: 'used', Protection: 'used', ReportUri: 'used' }, xssProtection],
];

function readSecurityHeaders(config: Properties): AddedHeader[] {
  const security = config.group('SecurityHeadersConfig', SECURITY_HEADERS);
  return SECURITY_GROUPS.filter(([group]) => security.has(group)).map(([name, header, table, value]) => {
    const group = security.group(name, { ...table, Override: 'used' });
    return { name: header, value: value(group), override: group.flag('Override', false) };
  });
}

function strictTransportSecurity(group: Properties): string {
  const maxAge = group.optionalNumber('AccessControlMaxAgeSec', { min: 0, max: 2 ** 31 - 1 });
  if (maxAge === undefined) return group.refuse('AccessControlMaxAgeSec', 'is missing');
  const flags = [
    group.flag('IncludeSubdomains', false) && 'includeSubDomains',
    group.flag('Preload', false) && 'preload',
  ];
  return [`max-age=${maxAge}`, ...flags.filter((flag) => flag !== false)].join('; ');
}

function xssProtection(group: Properties): string {
  if (!group.flag('Protection', false)) return '0';
  const report = group.optionalText('ReportUri');
  if (group.flag('ModeBlock', false)) return '1; mode=block';
  return report === undefined ? '1' : `1; report=${report}`;
}
