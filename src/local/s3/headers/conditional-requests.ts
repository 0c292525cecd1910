import type { IncomingHttpHeaders } from 'node:http';
import { failedPrecondition, isNotModified } from '../../http/preconditions';
import { S3Error } from '../s3-error';
import type { ObjectRecord } from '../store/object-record';

/** Checks the conditions of a read. @throws S3Error PreconditionFailed or NotModified */
export function checkReadConditions(headers: IncomingHttpHeaders, record: ObjectRecord): void {
  const validators = {
    lastModified: record.lastModified,
    isNamedBy: (header: string): boolean => matches(header, record),
  };
  const Condition = failedPrecondition(headers, validators);
  if (Condition) throw new S3Error('PreconditionFailed', undefined, { Condition });
  if (isNotModified(headers, validators)) throw notModified(record);
}

/** A 304 tells what has not been modified. */
const notModified = ({ etag, lastModified }: ObjectRecord): S3Error =>
  new S3Error(
    'NotModified',
    undefined,
    {},
    { etag: `"${etag}"`, 'last-modified': new Date(lastModified).toUTCString() },
  );

/** Conditional writes. Source: Amazon S3 User Guide, "Conditional writes". */
export function checkWriteConditions(headers: IncomingHttpHeaders, previous: ObjectRecord | undefined): void {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*') throw new S3Error('NotImplemented', 'If-None-Match of a write has to be *');
    if (previous) throw new S3Error('PreconditionFailed', undefined, { Condition: 'If-None-Match' });
  }
  if (ifMatch !== undefined) {
    if (!previous) throw new S3Error('NoSuchKey');
    if (!matches(ifMatch, previous)) throw new S3Error('PreconditionFailed', undefined, { Condition: 'If-Match' });
  }
}

/** Conditional deletes: `If-Match`, or the ETag of an entry of DeleteObjects. */
export function checkDeleteConditions(etag: string | undefined, previous: ObjectRecord | undefined): void {
  if (etag === undefined) return;
  if (!previous) throw new S3Error('NoSuchKey');
  if (!matches(etag, previous)) throw new S3Error('PreconditionFailed', undefined, { Condition: 'If-Match' });
}

function matches(header: string, { etag }: ObjectRecord): boolean {
  const stated = header.split(',').map((item) => item.trim().replace(/^W\//, '').replaceAll('"', ''));
  return stated.includes('*') || stated.includes(etag);
}
