import { encodeSegment } from '../../object-key/encode-object-key';

/**
 * The query that makes S3 answer `Content-Disposition: attachment` with this name, fit for a signed URL: a plain name for old clients, the
 * exact one for all others. Sources: RFC 6266; S3 API Reference, "GetObject".
 *
 * @param name Well-formed, without control characters.
 */
export function downloadQuery(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["%\\]/gu, '_');
  const disposition = `attachment; filename="${plain}"; filename*=UTF-8''${encodeSegment(name)}`;
  return `response-content-disposition=${encodeSegment(disposition)}`;
}
