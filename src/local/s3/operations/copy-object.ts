import type { IncomingHttpHeaders } from 'node:http';
import { CHECKSUMS, type ChecksumAlgorithm, readChecksumAlgorithm } from '../checksum/checksum';
import { checkWriteConditions } from '../headers/conditional-requests';
import { describeObject, ENCRYPTION_HEADER, readStorageClass, versionHeader } from '../headers/object-headers';
import { requireWritePermission } from '../headers/policy-conditions';
import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';
import { xmlDocument } from '../s3-xml';
import { type ObjectDescription, type ObjectRecord, type Piece, wholeSecond } from '../store/object-record';
import type { Action } from './action';
import { checksumElements } from './checksum-elements';
import { type CopySource, readCopySource } from './copy-source';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export async function copyObject(request: ObjectRequest, action: Action, context: S3Context): Promise<S3Response> {
  const { bucket, key, headers } = request;
  const source = readCopySource(request, context);
  const described = describeCopy(request, source);
  requireWritePermission(request, action, described.tags, context);
  const copied = await copyBytes(source.record, checksumAlgorithm(headers), context);
  const draft = { ...described, ...copied, lastModified: wholeSecond(context.now()) };
  const record = await context.store.put(bucket, key, draft, (previous) => checkWriteConditions(headers, previous));
  return {
    status: 200,
    headers: { ...ENCRYPTION_HEADER, ...versionHeader(record), ...source.headers },
    body: xmlDocument('CopyObjectResult', {
      LastModified: new Date(record.lastModified).toISOString(),
      ETag: `"${record.etag}"`,
      ...checksumElements(record.checksum),
    }),
  };
}

function describeCopy({ bucket, key, headers, query }: ObjectRequest, source: CopySource): ObjectDescription {
  const [metadata, tagging] = [directive(headers, 'metadata'), directive(headers, 'tagging')];
  const stated = describeObject(headers);
  const changesNothing =
    metadata === 'COPY' &&
    tagging === 'COPY' &&
    headers['x-amz-storage-class'] === undefined &&
    !query.has('versionId');
  const isSelf = bucket === source.bucket && key === source.key;
  const isLatest = !String(headers['x-amz-copy-source']).includes('?versionId=');
  if (changesNothing && isSelf && isLatest) {
    throw new S3Error(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const described = metadata === 'COPY' ? source.record : stated;
  return {
    headers: described.headers,
    metadata: described.metadata,
    tags: tagging === 'COPY' ? source.record.tags : stated.tags,
    storageClass: readStorageClass(headers['x-amz-storage-class']?.toString()),
  };
}

function directive(headers: IncomingHttpHeaders, name: 'metadata' | 'tagging'): 'COPY' | 'REPLACE' {
  const value = headers[`x-amz-${name}-directive`] ?? 'COPY';
  if (value === 'COPY' || value === 'REPLACE') return value;
  throw new S3Error('InvalidArgument', `Unknown ${name} directive.`);
}

const checksumAlgorithm = (headers: IncomingHttpHeaders): ChecksumAlgorithm | undefined => {
  const name = headers['x-amz-checksum-algorithm'];
  return name === undefined ? undefined : readChecksumAlgorithm(String(name));
};

/** Keeps the parts of a multipart upload as they are, unless a checksum over the whole is asked for. */
async function copyBytes(
  record: ObjectRecord,
  algorithm: ChecksumAlgorithm | undefined,
  { store }: S3Context,
): Promise<Pick<ObjectRecord, 'pieces' | 'size' | 'etag' | 'checksum'>> {
  const running = algorithm && CHECKSUMS[algorithm]();
  const pieces: Piece[] = [];
  try {
    for (const piece of record.pieces) {
      const writer = await store.blobs.create();
      try {
        for await (const bytes of store.blobs.read(piece.blob)) {
          running?.update(bytes as Buffer);
          await writer.write(bytes as Buffer);
        }
        pieces.push({ ...piece, blob: await writer.finish() });
      } catch (error) {
        await writer.abandon();
        throw error;
      }
    }
  } catch (error) {
    for (const { blob } of pieces) store.blobs.remove(blob);
    throw error;
  }
  const checksum =
    algorithm && running ? { algorithm, value: running.digest(), type: 'FULL_OBJECT' as const } : record.checksum;
  return { pieces, size: record.size, etag: record.etag, checksum };
}
