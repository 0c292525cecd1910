import type { CorsConfig } from './cors-config';
import type { ResponseHeadersPolicy } from './response-headers-policy';
import type { AddedHeader } from './security-headers';

const SIMPLE_CORS: CorsConfig = {
  allowCredentials: false,
  allowHeaders: [],
  allowMethods: [],
  allowOrigins: ['*'],
  exposeHeaders: [],
  override: false,
};

/** [UNV] Copies of this policy also have `*` in Access-Control-Allow-Headers; AWS's page names three headers, and that is none of them. */
const CORS_WITH_PREFLIGHT: CorsConfig = {
  ...SIMPLE_CORS,
  allowMethods: ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'],
  exposeHeaders: ['*'],
};

const SECURITY: readonly AddedHeader[] = [
  { name: 'Referrer-Policy', value: 'strict-origin-when-cross-origin', override: false },
  { name: 'Strict-Transport-Security', value: 'max-age=31536000', override: false },
  { name: 'X-Content-Type-Options', value: 'nosniff', override: true },
  { name: 'X-Frame-Options', value: 'SAMEORIGIN', override: false },
  { name: 'X-XSS-Protection', value: '1; mode=block', override: false },
];

/**
 * AWS's own, by their ids. Source: CloudFront Developer Guide, "Use managed response headers policies"; the ids are those of
 * aws-cdk-lib too.
 */
export const MANAGED_RESPONSE_HEADERS_POLICIES: Readonly<Record<string, ResponseHeadersPolicy>> = {
  // SimpleCORS
  '60669652-455b-4ae9-85a4-c4c02393f86c': { cors: SIMPLE_CORS, removed: [], added: [] },
  // CORS-With-Preflight
  '5cc3b908-e619-4b99-88e5-2cf7f45965bd': { cors: CORS_WITH_PREFLIGHT, removed: [], added: [] },
  // SecurityHeadersPolicy
  '67f7725c-6f97-4210-82d7-5512b31e9d03': { removed: [], added: SECURITY },
  // CORS-and-SecurityHeadersPolicy
  'e61eb60c-9c35-4d20-a928-2b84e02af89c': { cors: SIMPLE_CORS, removed: [], added: SECURITY },
  // CORS-with-preflight-and-SecurityHeadersPolicy
  'eaab4381-ed33-4a86-88ca-d9558dc6cd63': { cors: CORS_WITH_PREFLIGHT, removed: [], added: SECURITY },
};
