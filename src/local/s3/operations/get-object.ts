import type { ByteRange } from '../../http/byte-range';
import { AccessDeniedError } from '../../iam/authorize';
import { checkReadConditions } from '../headers/conditional-requests';
import { checksumHeaders, OVERRIDES, objectHeaders, versionHeader } from '../headers/object-headers';
import { readRange } from '../headers/range';
import {
  bucketArn,
  type ConditionValues,
  type ObjectRequest,
  objectArn,
  type S3Answer,
  type S3Context,
  type StoredObject,
} from '../request-context';
import { S3Error } from '../s3-error';
import { numberParameter } from '../s3-request';
import { isDeleteMarker, type ObjectRecord, type StoredChecksum } from '../store/object-record';
import { ownerAcl } from './buckets';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function getObject(request: ObjectRequest, context: S3Context): S3Answer {
  const { record, headers, range, status } = read(request, context);
  const { store } = context;
  const object: StoredObject = {
    size: record.size,
    range,
    pieces: record.pieces.map(({ blob, size }) => ({ path: store.blobs.pathOf(blob), size })),
    retain: () => store.blobs.retain(record.pieces.map(({ blob }) => blob)),
  };
  return { status, headers, body: store.read(record, range), object };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export function headObject(request: ObjectRequest, context: S3Context): S3Answer {
  const { headers, status } = read(request, context);
  return { status, headers };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html */
export function getObjectAcl(request: ObjectRequest, context: S3Context): S3Answer {
  const record = findReadable(request, 's3:GetObjectAcl', context);
  return { status: 200, headers: versionHeader(record), body: ownerAcl(context.accountId) };
}

function read(request: ObjectRequest, context: S3Context) {
  const record = findReadable(request, 's3:GetObject', context);
  const { headers, query } = request;
  checkReadConditions(headers, record);
  const part = rangeOfPart(request, record);
  const range = part ?? rangeOf(request, record);
  const isWhole = range === undefined || (range.start === 0 && range.end === record.size - 1);
  const answered: Record<string, string | number> = {
    ...objectHeaders(record),
    ...(query.has('versionId') && { 'x-amz-version-id': record.versionId }),
    ...(headers['x-amz-checksum-mode'] === 'ENABLED' && checksumHeaders(isWhole ? record.checksum : part?.checksum)),
    'content-length': range ? range.end - range.start + 1 : record.size,
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${record.size}` }),
    ...(part && record.etag.includes('-') && { 'x-amz-mp-parts-count': record.pieces.length }),
  };
  for (const [parameter, header] of OVERRIDES) {
    const value = query.get(parameter);
    if (value !== undefined) answered[header] = value;
  }
  return { record, headers: answered, range, status: range ? 206 : 200 };
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

/**
 * The version that the request names, or the latest. Only who may list the bucket learns that there is no such key; all others are
 * told that access is denied.
 */
export function findReadable(
  request: ObjectRequest,
  action: string,
  context: S3Context,
  conditions: ConditionValues = {},
): ObjectRecord {
  const { bucket, key, query } = request;
  const { store } = context;
  const versionId = query.get('versionId');
  const record = versionId === undefined ? store.find(bucket, key) : store.findVersion(bucket, key, versionId);
  context.mayOrThrow(
    request,
    versionId === undefined ? action : action.replace('Object', 'ObjectVersion'),
    objectArn(bucket, key),
    {
      ...conditions,
      's3:VersionId': versionId,
      ...(record && !isDeleteMarker(record) && existingTags(record)),
    },
  );
  if (record && !isDeleteMarker(record)) return record;
  if (record) {
    throw new S3Error(
      'MethodNotAllowed',
      undefined,
      {},
      {
        'x-amz-delete-marker': 'true',
        'x-amz-version-id': record.versionId,
        'last-modified': new Date(record.lastModified).toUTCString(),
      },
    );
  }
  try {
    context.mayOrThrow(request, 's3:ListBucket', bucketArn(bucket));
  } catch (error) {
    if (error instanceof AccessDeniedError) throw new S3Error('AccessDenied');
    throw error;
  }
  if (versionId !== undefined) throw new S3Error('NoSuchVersion', undefined, { Key: key, VersionId: versionId });
  throw new S3Error('NoSuchKey', undefined, { Key: key }, hiddenBy(request, context));
}

/** The latest version may be a delete marker: the 404 says so. */
function hiddenBy({ bucket, key }: ObjectRequest, { store }: S3Context): Record<string, string> {
  for (const { key: found, record } of store.listVersions(bucket, Buffer.from(key))) {
    if (found.toString() !== key || !isDeleteMarker(record)) return {};
    return { 'x-amz-delete-marker': 'true', ...versionHeader(record) };
  }
  return {};
}

const existingTags = ({ tags }: ObjectRecord): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).map(([name, value]) => [`s3:ExistingObjectTag/${name}`, value]));
