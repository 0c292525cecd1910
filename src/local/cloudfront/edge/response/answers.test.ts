import { describe, expect, it } from 'vitest';
import { newRequestId, type ViewerAccessCode, viewerAccessBody } from './answers';

// Content-Length of answers captured from CloudFront.
describe('the page of a refusal', () => {
  it.each<[ViewerAccessCode, number]>([
    ['MissingKey', 146],
    ['InvalidKey', 106],
    ['MalformedSignature', 131],
    ['MalformedPolicy', 116],
    ['AccessDenied', 110],
  ])('%s has as many bytes as CloudFront’s own body', (code, bytes) => {
    expect(Buffer.byteLength(viewerAccessBody(code))).toBe(bytes);
  });

  it('makes request ids as CloudFront’s look, each a new one', () => {
    const ids = Array.from({ length: 50 }, newRequestId);
    for (const id of ids) expect(id).toMatch(/^[\w-]{54}==$/);
    expect(new Set(ids).size).toBe(50);
  });
});
