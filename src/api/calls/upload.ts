import type { FunctionRow } from './function-row';
import { BODY, UPLOAD } from './problem-sets';

export const upload: FunctionRow<'createUpload' | 'signParts' | 'completeUpload' | 'abortUpload'> = {
  bundle: 'upload',
  id: 'Uploader',
  description: 'The calls below /uploads: presigns requests that upload to the private bucket',
  feature: 'uploads',
  environment: ['BUCKET_NAME', 'BUCKET_REGION', 'UPLOAD_MAX_SIZE', 'UPLOAD_CONTENT_TYPES', 'UPLOAD_PREFIX'],
  permissions: [
    { allow: ['s3:PutObject', 's3:AbortMultipartUpload'], on: 'bucket/UPLOAD_PREFIX*' },
    { allow: ['s3:GetObject', 's3:PutObject'], on: 'bucket/_s/idempotency/*' },
    { allow: ['kms:Decrypt', 'kms:GenerateDataKey'], on: "the bucket's KMS key" },
  ],
  calls: {
    createUpload: {
      method: 'POST',
      path: '/uploads',
      action: 'upload',
      summary: 'Lets the caller upload one file to S3 directly: by one presigned request, or in parts.',
      takesIdempotencyKey: true,
      status: 201,
      problems: [...UPLOAD, ...BODY, 'ERR_MISSING_FILE', 'ERR_MISSING_FIELD', 'ERR_IDEMPOTENCY_KEY_REUSED'],
    },
    signParts: {
      method: 'POST',
      path: '/uploads/{id}/parts',
      action: 'upload',
      summary: 'Presigns requests for parts of an upload.',
      status: 200,
      problems: [...UPLOAD, ...BODY, 'ERR_MISSING_FIELD'],
    },
    completeUpload: {
      method: 'POST',
      path: '/uploads/{id}/complete',
      action: 'upload',
      summary: 'Makes the parts of an upload an object.',
      status: 200,
      problems: [
        ...UPLOAD,
        ...BODY,
        'ERR_MISSING_FIELD',
        'ERR_INVALID_PART',
        'ERR_NO_SUCH_UPLOAD',
        'ERR_OBJECT_EXISTS',
        'ERR_UPLOAD_CONFLICT',
      ],
    },
    abortUpload: {
      method: 'DELETE',
      path: '/uploads/{id}',
      action: 'upload',
      summary: 'Gives up an upload in parts, and what was sent of it.',
      status: 204,
      problems: [...UPLOAD, 'ERR_NO_SUCH_UPLOAD'],
    },
  },
};
