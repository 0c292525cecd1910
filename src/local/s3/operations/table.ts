import { listConditions, versionConditions } from '../headers/policy-conditions';
import type { BucketRequest, ObjectRequest } from '../request-context';
import type { S3Request } from '../s3-request';
import { abortMultipartUpload } from './abort-multipart-upload';
import { byVersion } from './action';
import { completeMultipartUpload } from './complete-multipart-upload';
import { copyObject } from './copy-object';
import { createBucket } from './create-bucket';
import { createMultipartUpload } from './create-multipart-upload';
import { deleteBucket } from './delete-bucket';
import { deleteBucketCors } from './delete-bucket-cors';
import { deleteObject } from './delete-object';
import { deleteObjectTagging } from './delete-object-tagging';
import { deleteObjects } from './delete-objects';
import { getBucketAcl } from './get-bucket-acl';
import { getBucketCors } from './get-bucket-cors';
import { getBucketLocation } from './get-bucket-location';
import { getBucketPolicy } from './get-bucket-policy';
import { getBucketVersioning } from './get-bucket-versioning';
import { getObject } from './get-object';
import { getObjectAcl } from './get-object-acl';
import { getObjectAttributes } from './get-object-attributes';
import { getObjectTagging } from './get-object-tagging';
import { headBucket } from './head-bucket';
import { headObject } from './head-object';
import { listBuckets } from './list-buckets';
import { listMultipartUploads } from './list-multipart-uploads';
import { listObjectVersions } from './list-object-versions';
import { listObjects } from './list-objects';
import { listObjectsV2 } from './list-objects-v2';
import { listParts } from './list-parts';
import type { BucketOperation, ObjectOperation, Row, ServiceOperation } from './operation';
import { putBucketCors } from './put-bucket-cors';
import { putBucketVersioning } from './put-bucket-versioning';
import { putObject } from './put-object';
import { putObjectTagging } from './put-object-tagging';
import { uploadPart } from './upload-part';
import { uploadPartCopy } from './upload-part-copy';

/** The first row that matches wins, so the more particular stand first. */
export const SERVICE: Readonly<Record<ServiceOperation, Row<S3Request>>> = {
  ListBuckets: { method: 'GET', action: 's3:ListAllMyBuckets', handle: listBuckets },
};

export const BUCKET: Readonly<Record<BucketOperation, Row<BucketRequest>>> = {
  GetBucketAcl: { method: 'GET', query: ['acl'], action: 's3:GetBucketAcl', handle: getBucketAcl },
  GetBucketCors: { method: 'GET', query: ['cors'], action: 's3:GetBucketCORS', handle: getBucketCors },
  PutBucketCors: { method: 'PUT', query: ['cors'], action: 's3:PutBucketCORS', handle: putBucketCors },
  DeleteBucketCors: { method: 'DELETE', query: ['cors'], action: 's3:PutBucketCORS', handle: deleteBucketCors },
  GetBucketLocation: { method: 'GET', query: ['location'], action: 's3:GetBucketLocation', handle: getBucketLocation },
  GetBucketPolicy: { method: 'GET', query: ['policy'], action: 's3:GetBucketPolicy', handle: getBucketPolicy },
  GetBucketVersioning: {
    method: 'GET',
    query: ['versioning'],
    action: 's3:GetBucketVersioning',
    handle: getBucketVersioning,
  },
  PutBucketVersioning: {
    method: 'PUT',
    query: ['versioning'],
    action: 's3:PutBucketVersioning',
    handle: putBucketVersioning,
  },
  ListMultipartUploads: {
    method: 'GET',
    query: ['uploads'],
    action: 's3:ListBucketMultipartUploads',
    handle: listMultipartUploads,
  },
  ListObjectVersions: {
    method: 'GET',
    query: ['versions'],
    action: 's3:ListBucketVersions',
    conditions: listConditions,
    handle: listObjectVersions,
  },
  ListObjectsV2: {
    method: 'GET',
    query: ['list-type'],
    action: 's3:ListBucket',
    conditions: listConditions,
    handle: listObjectsV2,
  },
  ListObjects: { method: 'GET', action: 's3:ListBucket', conditions: listConditions, handle: listObjects },
  HeadBucket: { method: 'HEAD', action: 's3:ListBucket', handle: headBucket },
  DeleteObjects: { method: 'POST', query: ['delete'], action: 's3:DeleteObject', requireAndHandle: deleteObjects },
  DeleteBucket: { method: 'DELETE', action: 's3:DeleteBucket', handle: deleteBucket },
  CreateBucket: { method: 'PUT', action: 's3:CreateBucket', handle: createBucket },
};

export const OBJECT: Readonly<Record<ObjectOperation, Row<ObjectRequest>>> = {
  GetObjectAcl: {
    method: 'GET',
    query: ['acl'],
    takes: ['versionId'],
    action: byVersion('s3:GetObjectAcl'),
    requireAndHandle: getObjectAcl,
  },
  GetObjectAttributes: {
    method: 'GET',
    query: ['attributes'],
    takes: ['versionId'],
    action: 's3:GetObjectAttributes',
    handle: getObjectAttributes,
  },
  GetObjectTagging: {
    method: 'GET',
    query: ['tagging'],
    takes: ['versionId'],
    action: byVersion('s3:GetObjectTagging'),
    requireAndHandle: getObjectTagging,
  },
  ListParts: { method: 'GET', query: ['uploadId'], action: 's3:ListMultipartUploadParts', handle: listParts },
  GetObject: {
    method: 'GET',
    takes: ['versionId', 'partNumber'],
    action: byVersion('s3:GetObject'),
    requireAndHandle: getObject,
  },
  HeadObject: {
    method: 'HEAD',
    takes: ['versionId', 'partNumber'],
    action: byVersion('s3:GetObject'),
    requireAndHandle: headObject,
  },
  UploadPartCopy: {
    method: 'PUT',
    query: ['partNumber', 'uploadId'],
    header: 'x-amz-copy-source',
    action: 's3:PutObject',
    handle: uploadPartCopy,
  },
  UploadPart: { method: 'PUT', query: ['partNumber', 'uploadId'], action: 's3:PutObject', handle: uploadPart },
  PutObjectTagging: {
    method: 'PUT',
    query: ['tagging'],
    takes: ['versionId'],
    action: byVersion('s3:PutObjectTagging'),
    requireAndHandle: putObjectTagging,
  },
  CopyObject: { method: 'PUT', header: 'x-amz-copy-source', action: 's3:PutObject', requireAndHandle: copyObject },
  PutObject: { method: 'PUT', action: 's3:PutObject', requireAndHandle: putObject },
  DeleteObjectTagging: {
    method: 'DELETE',
    query: ['tagging'],
    takes: ['versionId'],
    action: byVersion('s3:DeleteObjectTagging'),
    requireAndHandle: deleteObjectTagging,
  },
  AbortMultipartUpload: {
    method: 'DELETE',
    query: ['uploadId'],
    action: 's3:AbortMultipartUpload',
    handle: abortMultipartUpload,
  },
  DeleteObject: {
    method: 'DELETE',
    takes: ['versionId'],
    action: byVersion('s3:DeleteObject'),
    conditions: versionConditions,
    handle: deleteObject,
  },
  CreateMultipartUpload: {
    method: 'POST',
    query: ['uploads'],
    action: 's3:PutObject',
    requireAndHandle: createMultipartUpload,
  },
  CompleteMultipartUpload: {
    method: 'POST',
    query: ['uploadId'],
    action: 's3:PutObject',
    handle: completeMultipartUpload,
  },
};
