/**
 * Absent from a URL or a cookie means SHA1. The digests have the same names in node:crypto. Source: CloudFront Developer Guide,
 * `Hash-Algorithm` (April 2026).
 */
export type HashAlgorithm = 'SHA1' | 'SHA256';

export const isHashAlgorithm = (value: unknown): value is HashAlgorithm => value === 'SHA1' || value === 'SHA256';
