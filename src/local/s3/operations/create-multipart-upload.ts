import { randomBytes } from 'node:crypto';
import { readChecksumAlgorithm } from '../checksum/checksum';
import { COMBINABLE } from '../checksum/crc-combine';
import { describeObject, ENCRYPTION_HEADER } from '../headers/object-headers';
import { requireWritePermission } from '../headers/policy-conditions';
import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';
import { xmlDocument } from '../s3-xml';
import { indexKey } from '../store/object-index';
import type { MultipartUpload } from '../store/object-record';
import type { Action } from './action';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export async function createMultipartUpload(
  request: ObjectRequest,
  action: Action,
  context: S3Context,
): Promise<S3Response> {
  const { bucket, key, headers } = request;
  const { store } = context;
  const described = describeObject(headers);
  requireWritePermission(request, action, described.tags, context);
  const checksum = readChecksum(request);
  const UploadId = randomBytes(24).toString('base64url');
  const upload: MultipartUpload = { bucket, key, startedAt: context.now().getTime(), ...described, checksum };
  await store.commit(() => store.uploads.putSync(indexKey(bucket, UploadId), upload));
  return {
    status: 200,
    headers: {
      ...ENCRYPTION_HEADER,
      ...(checksum && { 'x-amz-checksum-algorithm': checksum.algorithm, 'x-amz-checksum-type': checksum.type }),
    },
    body: xmlDocument('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId }),
  };
}

/** The type may be left out: CRC64NVME is always over the full object, the others are composite then. */
function readChecksum({ headers }: ObjectRequest): MultipartUpload['checksum'] {
  const name = headers['x-amz-checksum-algorithm'];
  const type = headers['x-amz-checksum-type'];
  if (name === undefined) {
    if (type === undefined) return undefined;
    throw new S3Error(
      'InvalidRequest',
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  const algorithm = readChecksumAlgorithm(String(name));
  const chosen = type ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  const isPossible =
    chosen === 'COMPOSITE'
      ? algorithm !== 'CRC64NVME'
      : chosen === 'FULL_OBJECT' && Object.hasOwn(COMBINABLE, algorithm);
  if (isPossible) return { algorithm, type: chosen as 'COMPOSITE' | 'FULL_OBJECT' };
  throw new S3Error(
    'InvalidRequest',
    `The ${chosen} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  );
}
