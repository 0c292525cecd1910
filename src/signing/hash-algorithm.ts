/** Absent from a URL or a cookie means SHA1. Source: CloudFront Developer Guide, `Hash-Algorithm` (April 2026). */
export type HashAlgorithm = 'SHA1' | 'SHA256';

/** The digest's name in node:crypto. */
export const DIGESTS: Readonly<Record<HashAlgorithm, string>> = { SHA1: 'sha1', SHA256: 'sha256' };

export const isHashAlgorithm = (value: unknown): value is HashAlgorithm =>
  typeof value === 'string' && Object.hasOwn(DIGESTS, value);
