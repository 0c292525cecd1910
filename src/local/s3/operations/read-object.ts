import type { ByteRange } from '../../http/byte-range';
import { checkReadConditions } from '../headers/conditional-requests';
import { checksumHeaders, OVERRIDES, objectHeaders } from '../headers/object-headers';
import { readRange } from '../headers/range';
import type { ObjectRequest, S3Context } from '../request-context';
import { S3Error } from '../s3-error';
import { numberParameter } from '../s3-request';
import type { ObjectRecord, StoredChecksum } from '../store/object-record';
import type { Action } from './action';
import { findReadable } from './find-readable';

/** The part of a response that GetObject and HeadObject share. */
export interface ReadObject {
  readonly record: ObjectRecord;
  readonly headers: Record<string, string | number>;
  /** Undefined for the whole object. */
  readonly range: ByteRange | undefined;
  readonly status: 200 | 206;
}

/** Finds the version, or the part or range of it, that a request asks for. */
export function readObject(request: ObjectRequest, action: Action, context: S3Context): ReadObject {
  const record = findReadable(request, action, context);
  const { headers, query } = request;
  checkReadConditions(headers, record);
  const part = rangeOfPart(request, record);
  const range = part ?? rangeOf(request, record);
  const isWhole = range === undefined || (range.start === 0 && range.end === record.size - 1);
  const responseHeaders: Record<string, string | number> = {
    ...objectHeaders(record),
    ...(query.has('versionId') && { 'x-amz-version-id': record.versionId }),
    ...(headers['x-amz-checksum-mode'] === 'ENABLED' && checksumHeaders(isWhole ? record.checksum : part?.checksum)),
    'content-length': range ? range.end - range.start + 1 : record.size,
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${record.size}` }),
    ...(part && record.etag.includes('-') && { 'x-amz-mp-parts-count': record.pieces.length }),
  };
  for (const [parameter, header] of OVERRIDES) {
    const value = query.get(parameter);
    if (value !== undefined) responseHeaders[header] = value;
  }
  return { record, headers: responseHeaders, range, status: range ? 206 : 200 };
}

/** If-Range with another version: the range is of something that is no more, so all of it is answered. */
function rangeOf({ headers }: ObjectRequest, record: ObjectRecord): ByteRange | undefined {
  const ifRange = headers['if-range'];
  const isSame =
    ifRange === undefined || ifRange === `"${record.etag}"` || Date.parse(String(ifRange)) >= record.lastModified;
  return isSame ? readRange(headers.range, record.size) : undefined;
}

/** `partNumber`: the bytes of one part of a multipart upload. */
function rangeOfPart(
  { query, headers }: ObjectRequest,
  { pieces, checksum }: ObjectRecord,
): (ByteRange & { readonly checksum: StoredChecksum | undefined }) | undefined {
  if (!query.has('partNumber')) return undefined;
  if (headers.range !== undefined)
    throw new S3Error('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter');
  const number = numberParameter(query, 'partNumber', 0);
  const at = pieces.findIndex((piece, index) => (pieces.length === 1 ? index + 1 : piece.number) === number);
  const piece = pieces[at];
  if (!piece)
    throw number < 1
      ? new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive')
      : new S3Error('InvalidPartNumber', undefined, {
          PartNumberRequested: String(number),
          ActualPartCount: String(pieces.length),
        });
  const start = pieces.slice(0, at).reduce((sum, { size }) => sum + size, 0);
  if (piece.size === 0) return undefined;
  const own = checksum && piece.checksum !== undefined ? { ...checksum, value: piece.checksum } : undefined;
  return { start, end: start + piece.size - 1, checksum: own };
}
