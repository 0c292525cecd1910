/**
 * The security headers of a response headers policy. [D] CloudFront Developer Guide, "Understand response headers policies". [UNV]
 * The order of the directives of Strict-Transport-Security.
 */
import type { Properties, PropertyTable } from '../../cloudformation/properties';
import { checkHeaderValue } from './header-rules';

/** A header that a policy adds to responses: a security header or a custom one. */
export interface AddedHeader {
  readonly name: string;
  readonly value: string;
  /** Whether it replaces the origin's. */
  readonly override: boolean;
}

const FRAME_OPTIONS = ['DENY', 'SAMEORIGIN'] as const;
const REFERRER_POLICIES = [
  'no-referrer',
  'no-referrer-when-downgrade',
  'origin',
  'origin-when-cross-origin',
  'same-origin',
  'strict-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
] as const;

interface SecurityHeader {
  readonly name: string;
  /** Beside `Override`. */
  readonly properties: readonly string[];
  readonly read: (config: Properties) => string;
}

/** By the property of `SecurityHeadersConfig`. */
const SECURITY_HEADERS: Readonly<Record<string, SecurityHeader>> = {
  ContentSecurityPolicy: {
    name: 'Content-Security-Policy',
    properties: ['ContentSecurityPolicy'],
    read(config) {
      const value = config.text('ContentSecurityPolicy');
      checkHeaderValue(config, 'ContentSecurityPolicy', value);
      return value;
    },
  },
  ContentTypeOptions: { name: 'X-Content-Type-Options', properties: [], read: () => 'nosniff' },
  FrameOptions: {
    name: 'X-Frame-Options',
    properties: ['FrameOption'],
    read: (config) => requiredWord(config, 'FrameOption', FRAME_OPTIONS),
  },
  ReferrerPolicy: {
    name: 'Referrer-Policy',
    properties: ['ReferrerPolicy'],
    read: (config) => requiredWord(config, 'ReferrerPolicy', REFERRER_POLICIES),
  },
  StrictTransportSecurity: {
    name: 'Strict-Transport-Security',
    properties: ['AccessControlMaxAgeSec', 'IncludeSubdomains', 'Preload'],
    read: strictTransportSecurity,
  },
  XSSProtection: {
    name: 'X-XSS-Protection',
    properties: ['ModeBlock', 'Protection', 'ReportUri'],
    read: xssProtection,
  },
};

const tableOf = (names: readonly string[]): PropertyTable => Object.fromEntries(names.map((name) => [name, 'used']));

export function readSecurityHeaders(parent: Properties): readonly AddedHeader[] {
  const config = parent.group('SecurityHeadersConfig', tableOf(Object.keys(SECURITY_HEADERS)));
  return Object.entries(SECURITY_HEADERS)
    .filter(([property]) => config.has(property))
    .map(([property, { name, properties, read }]) => {
      const header = config.group(property, tableOf(['Override', ...properties]));
      return { name, value: read(header), override: header.flag('Override') };
    });
}

export const isSecurityHeader = (name: string): boolean =>
  Object.values(SECURITY_HEADERS).some((header) => header.name.toLowerCase() === name.toLowerCase());

function requiredWord<T extends string>(config: Properties, field: string, words: readonly [T, ...T[]]): T {
  if (!config.has(field)) config.refuse(field, 'is missing');
  return config.oneOf(field, words, words[0]);
}

function strictTransportSecurity(config: Properties): string {
  const maxAge =
    config.optionalNumber('AccessControlMaxAgeSec', { min: 0, max: 2 ** 31 - 1 }) ??
    config.refuse('AccessControlMaxAgeSec', 'is missing');
  const directives = [
    `max-age=${maxAge}`,
    config.flag('IncludeSubdomains', false) && 'includeSubDomains',
    config.flag('Preload', false) && 'preload',
  ];
  return directives.filter((directive) => directive !== false).join('; ');
}

function xssProtection(config: Properties): string {
  const isOn = config.flag('Protection');
  const isBlocking = config.flag('ModeBlock', false);
  const report = config.optionalText('ReportUri');
  if (report !== undefined && isBlocking) config.refuse('ReportUri', 'cannot be given together with ModeBlock');
  if (!isOn && (isBlocking || report !== undefined))
    config.refuse('Protection', 'has to be true with ModeBlock or ReportUri');
  if (report !== undefined) checkHeaderValue(config, 'ReportUri', report);
  if (!isOn) return '0';
  return ['1', isBlocking && 'mode=block', report !== undefined && `report=${report}`].filter(Boolean).join('; ');
}
