/**
 * CloudFront's base64: MIME base64 with its padding, then `+` `=` `/` written `-` `_` `~`. It is not RFC 4648's base64url.
 * Source: CloudFront Developer Guide, "Create a signature for a signed URL".
 */
export function toSafeBase64(bytes: Buffer): string {
  return bytes.toString('base64url').replaceAll('_', '~') + PADDING[bytes.length % 3];
}

const PADDING = ['', '__', '_'] as const;

/** Undefined unless the text is the one encoding of its bytes: two texts never mean the same signature. */
export function fromSafeBase64(text: string): Buffer | undefined {
  if (text.length === 0 || text.length % 4 !== 0) return undefined;
  const end = text.endsWith('__') ? -2 : text.endsWith('_') ? -1 : text.length;
  const body = text.slice(0, end);
  if (body.includes('_')) return undefined;
  const bytes = Buffer.from(body.replaceAll('~', '_'), 'base64url');
  return toSafeBase64(bytes) === text ? bytes : undefined;
}
