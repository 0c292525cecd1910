import { request } from 'node:http';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { awsConfig } from '../clients';
import type { LocalKeys } from '../keys/local-keys';

/** The present text of `reports/a.txt`. */
export const TEXT = 'the second version';

/** The content of the upload that is begun before the upgrade and completed after it. */
export const UPLOAD = Buffer.alloc(5 * 1024 * 1024 + 7, 'u');
const UPLOAD_KEY = 'unfinished.bin';
const PART_BYTES = 5 * 1024 * 1024;

export interface StoredVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
}

/** Puts two versions of an object, deletes another and begins an upload. @returns The upload's id */
export async function storeObjects(local: LocalKeys): Promise<string> {
  const { s3, Bucket } = open(local);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'reports/a.txt', Body: 'the first version' }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'reports/a.txt', Body: TEXT, ContentType: 'text/plain' }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'gone.txt', Body: 'deleted before the upgrade' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone.txt' }));
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: UPLOAD_KEY }));
  if (UploadId === undefined) throw new Error('S3 answered without an UploadId');
  await s3.send(new UploadPartCommand({ ...part(Bucket, UploadId, 1), Body: UPLOAD.subarray(0, PART_BYTES) }));
  s3.destroy();
  return UploadId;
}

/** Sends the second part of the upload and completes it. @returns The bytes of the object */
export async function completeUpload(local: LocalKeys, UploadId: string): Promise<number> {
  const { s3, Bucket } = open(local);
  const [first] = (await s3.send(new ListPartsCommand({ Bucket, Key: UPLOAD_KEY, UploadId }))).Parts ?? [];
  const { ETag } = await s3.send(
    new UploadPartCommand({ ...part(Bucket, UploadId, 2), Body: UPLOAD.subarray(PART_BYTES) }),
  );
  const Parts = [
    { PartNumber: 1, ETag: first?.ETag },
    { PartNumber: 2, ETag },
  ];
  await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: UPLOAD_KEY, UploadId, MultipartUpload: { Parts } }));
  const { ContentLength = 0 } = await s3.send(new HeadObjectCommand({ Bucket, Key: UPLOAD_KEY }));
  s3.destroy();
  return ContentLength;
}

/** Returns every version of every object of the bucket, as S3 lists them. */
export async function listVersions(local: LocalKeys): Promise<StoredVersion[]> {
  const { s3, Bucket } = open(local);
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  s3.destroy();
  const rows = [
    ...Versions.map((version) => ({ ...version, isDeleteMarker: false })),
    ...DeleteMarkers.map((marker) => ({ ...marker, isDeleteMarker: true })),
  ];
  return rows.map(({ Key = '', VersionId = '', IsLatest = false, isDeleteMarker }) => ({
    key: Key,
    versionId: VersionId,
    isLatest: IsLatest,
    isDeleteMarker,
  }));
}

/** Opens a link at the distribution of today, with the host that the link was signed for. */
export function getAs(
  link: string,
  { EDGEPASS_DISTRIBUTION_URL }: { readonly EDGEPASS_DISTRIBUTION_URL: string },
): Promise<{ status: number | undefined; text: string }> {
  const { host, pathname, search } = new URL(link);
  return new Promise((resolve, reject) => {
    const call = request(new URL(pathname + search, EDGEPASS_DISTRIBUTION_URL), { headers: { host } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    });
    call.on('error', reject).end();
  });
}

const part = (Bucket: string, UploadId: string, PartNumber: number) => ({
  Bucket,
  Key: UPLOAD_KEY,
  UploadId,
  PartNumber,
});

/** Returns a client that goes by the local runtime's clock. The SDK would set its own clock by the dates of the answers. */
function open({ environment, now }: LocalKeys): { s3: S3Client; Bucket: string } {
  const s3 = new S3Client(awsConfig(environment));
  Object.defineProperty(s3.config, 'systemClockOffset', { get: () => now().getTime() - Date.now(), set: () => {} });
  return { s3, Bucket: environment.EDGEPASS_BUCKET };
}
