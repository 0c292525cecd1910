/** Absent from a URL or a cookie means SHA1. Source: CloudFront Developer Guide, `Hash-Algorithm` (April 2026). */
export type HashAlgorithm = 'SHA1' | 'SHA256';

export const isHashAlgorithm = (value: unknown): value is HashAlgorithm => value === 'SHA1' || value === 'SHA256';

/** Returns the algorithm's name in node:crypto, which finds lower case names faster. */
export const digestName = (name: HashAlgorithm): string => (name === 'SHA1' ? 'sha1' : 'sha256');
