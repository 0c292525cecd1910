import { AccessDeniedError } from '../../iam/authorize';
import { readRange } from '../byte-range';
import { checkReadConditions } from '../conditions';
import { OVERRIDES, objectHeaders } from '../object-headers';
import type { ObjectRecord } from '../object-store';
import { bucketArn, type ObjectRequest, objectArn, type S3Answer, type S3Context } from '../operation';
import { S3Error } from '../s3-error';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function getObject(request: ObjectRequest, context: S3Context): S3Answer {
  const { record, headers, range, status } = read(request, context);
  return { status, headers, body: context.store.read(record, record.size === 0 ? undefined : range) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export function headObject(request: ObjectRequest, context: S3Context): S3Answer {
  const { headers, status } = read(request, context);
  return { status, headers };
}

function read(request: ObjectRequest, context: S3Context) {
  const record = findReadable(request, context);
  const { headers, query } = request;
  checkReadConditions(headers, record);
  // If-Range with another version: the range is of something that is no more, so all of it is answered.
  const ifRange = headers['if-range'];
  const isSameVersion =
    ifRange === undefined || ifRange === `"${record.etag}"` || Date.parse(String(ifRange)) >= record.lastModified;
  const range = isSameVersion ? readRange(headers.range, record.size) : undefined;
  const answered: Record<string, string | number> = {
    ...objectHeaders(record, headers['x-amz-checksum-mode'] === 'ENABLED' && range === undefined),
    'content-length': range ? range.end - range.start + 1 : record.size,
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${record.size}` }),
  };
  for (const [parameter, header] of OVERRIDES) {
    const value = query.get(parameter);
    if (value !== undefined) answered[header] = value;
  }
  return { record, headers: answered, range, status: range ? 206 : 200 };
}

/** Only who may list the bucket learns that there is no such key; all others are told that access is denied. */
export function findReadable(request: ObjectRequest, context: S3Context): ObjectRecord {
  const { bucket, key } = request;
  context.mayOrThrow(request, 's3:GetObject', objectArn(bucket, key));
  const record = context.store.find(bucket, key);
  if (record) return record;
  try {
    context.mayOrThrow(request, 's3:ListBucket', bucketArn(bucket));
  } catch (error) {
    if (error instanceof AccessDeniedError) throw new S3Error('AccessDenied');
    throw error;
  }
  throw new S3Error('NoSuchKey', undefined, { Key: key });
}
