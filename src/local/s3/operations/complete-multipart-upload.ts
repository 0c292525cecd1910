import { createHash } from 'node:crypto';
import { encodeSegment } from '../../../object-key/encode-object-key';
import { elementsOf, textOf } from '../../xml';
import { readXmlBody } from '../body/read-xml-body';
import { CHECKSUMS, type ChecksumAlgorithm, checksumHeader } from '../checksum/checksum';
import { COMBINABLE, combineCrc } from '../checksum/crc-combine';
import { checkWriteConditions } from '../headers/conditional-requests';
import { ENCRYPTION_HEADER, versionHeader } from '../headers/object-headers';
import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';
import { xmlDocument } from '../s3-xml';
import { deleteUpload, findUpload, type NumberedPart, partsOf } from '../store/multipart-uploads';
import type { MultipartUpload } from '../store/object-record';
import { type ObjectDraft, type ObjectRecord, type StoredChecksum, wholeSecond } from '../store/object-record';
import { removePieces } from '../store/object-store';
import { checksumElements } from './checksum-elements';

const SMALLEST_PART_BYTES = 5 * 1024 * 1024;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export async function completeMultipartUpload(request: ObjectRequest, context: S3Context): Promise<S3Response> {
  const { bucket, key, headers } = request;
  const { store } = context;
  const completed = findCompleted(request, context);
  if (completed) return answer(request, completed);
  const { id, upload } = findUpload(request, store);
  const parts = chooseParts(await readXmlBody(request), partsOf(bucket, id, store), upload);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  checkSize(request, size);
  const checksum = checksumOf(parts, upload);
  checkChecksum(request, checksum);
  const { headers: described, metadata, tags, storageClass } = upload;
  const draft: ObjectDraft = {
    headers: described,
    metadata,
    tags,
    storageClass,
    pieces: parts.map(({ blob, size, number, checksum: own }) => ({ blob, size, number, checksum: own?.value })),
    size,
    etag: `${md5OfDigests(parts)}-${parts.length}`,
    lastModified: wholeSecond(context.now()),
    checksum,
    uploadId: id,
  };
  const { record, unused } = await store.completeUpload(bucket, key, draft, (previous) => {
    checkWriteConditions(headers, previous);
    return deleteUpload(bucket, id, store);
  });
  removePieces(store.blobs, unused);
  return answer(request, record);
}

/** A client that has not seen the first answer asks again. Source: API_CompleteMultipartUpload, "Processing ... is idempotent". */
function findCompleted({ bucket, key, query }: ObjectRequest, { store }: S3Context): ObjectRecord | undefined {
  const record = store.find(bucket, key);
  return record?.uploadId !== undefined && record.uploadId === query.get('uploadId') ? record : undefined;
}

function answer({ bucket, key, headers }: ObjectRequest, record: ObjectRecord): S3Response {
  return {
    status: 200,
    headers: { ...ENCRYPTION_HEADER, ...versionHeader(record) },
    body: xmlDocument('CompleteMultipartUploadResult', {
      Location: `http://${headers.host ?? 'localhost'}/${bucket}/${encodeSegment(key)}`,
      Bucket: bucket,
      Key: key,
      ETag: `"${record.etag}"`,
      ...checksumElements(record.checksum),
    }),
  };
}

interface StatedPart {
  readonly number: number;
  readonly etag: string | undefined;
  readonly checksum: string | undefined;
}

function readParts(xml: string, { checksum }: MultipartUpload): StatedPart[] {
  return elementsOf(xml, 'Part').map((part) => ({
    number: Number(textOf(part, 'PartNumber')),
    etag: textOf(part, 'ETag')?.replaceAll('"', ''),
    checksum: checksum && textOf(part, `Checksum${checksum.algorithm}`),
  }));
}

function chooseParts(xml: string, uploaded: readonly NumberedPart[], upload: MultipartUpload): NumberedPart[] {
  const stated = readParts(xml, upload);
  if (stated.length === 0) throw new S3Error('MalformedXML');
  if (stated.some(({ number }, index) => index > 0 && number <= (stated[index - 1]?.number ?? 0)))
    throw new S3Error('InvalidPartOrder');
  const byNumber = new Map(uploaded.map((part) => [part.number, part]));
  const chosen = stated.map(({ number, etag, checksum }) => {
    const part = byNumber.get(number);
    const isSame = checksum === undefined || checksum === part?.checksum?.value;
    if (!part || part.md5 !== etag || !isSame)
      throw new S3Error('InvalidPart', undefined, { PartNumber: String(number), ETag: etag ?? '' });
    return part;
  });
  const tooSmall = chosen.slice(0, -1).find(({ size }) => size < SMALLEST_PART_BYTES);
  if (tooSmall)
    throw new S3Error('EntityTooSmall', undefined, {
      PartNumber: String(tooSmall.number),
      ProposedSize: String(tooSmall.size),
      MinSizeAllowed: String(SMALLEST_PART_BYTES),
    });
  return chosen;
}

const md5OfDigests = (parts: readonly NumberedPart[]): string =>
  createHash('md5')
    .update(Buffer.concat(parts.map(({ md5 }) => Buffer.from(md5, 'hex'))))
    .digest('hex');

/** Composite: the checksum of the parts' checksums. Full object: as if the bytes had come in one piece. */
function checksumOf(parts: readonly NumberedPart[], upload: MultipartUpload): StoredChecksum | undefined {
  if (!upload.checksum) return undefined;
  const { algorithm, type } = upload.checksum;
  const values = parts.map(({ checksum }) => checksum?.value ?? '');
  if (type === 'FULL_OBJECT') return { algorithm, type, value: combineAll(algorithm, values, parts) };
  const running = CHECKSUMS[algorithm]();
  for (const value of values) running.update(Buffer.from(value, 'base64'));
  return { algorithm, type, value: `${running.digest()}-${parts.length}` };
}

function combineAll(algorithm: ChecksumAlgorithm, values: readonly string[], parts: readonly NumberedPart[]): string {
  const crc = COMBINABLE[algorithm as keyof typeof COMBINABLE];
  return values.reduce((whole, value, at) => combineCrc(crc, whole, value, parts[at]?.size ?? 0));
}

function checkSize({ headers }: ObjectRequest, size: number): void {
  const stated = headers['x-amz-mp-object-size'];
  if (stated === undefined || Number(stated) === size) return;
  throw new S3Error('InvalidRequest', 'The provided x-amz-mp-object-size does not match the size of the object.');
}

function checkChecksum({ headers }: ObjectRequest, checksum: StoredChecksum | undefined): void {
  if (!checksum) return;
  const stated = headers[checksumHeader(checksum.algorithm)];
  if (stated === undefined || stated === checksum.value || stated === checksum.value.replace(/-\d+$/, '')) return;
  throw new S3Error('BadDigest', `The ${checksum.algorithm} you specified did not match the calculated checksum.`);
}
